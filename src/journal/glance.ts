import { join } from 'node:path';
import type { Outcome, Recorded, RunEvent } from '../run/event.ts';
import type { Mode } from '../run/mode.ts';
import { planned } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { Environment } from '../run/target.ts';
import { diskFault, errorCode } from './fault.ts';
import { journalName } from './line.ts';
import { type Holder, holderOfRun } from './lock.ts';
import { eventFault } from './schema.ts';
import { readSmallFile } from './small-file.ts';

/** A run as a list shows it. */
export interface RunSummary {
  readonly id: string;
  readonly folder: string;
  readonly status: RunState['status'] | 'unreadable';
  /** What is wrong, where it is unreadable. */
  readonly fault?: string;
  readonly title?: string;
  readonly runbook?: string;
  readonly mode?: Mode;
  readonly target?: string;
  readonly environment?: Environment;
  readonly outcome?: Outcome;
  readonly operator?: string;
  /** UTC, ISO 8601. */
  readonly startedAt?: string;
  readonly lastAt?: string;
  readonly progress?: Progress;
  /** A living process that runs it now. */
  readonly holder?: Holder;
}

export interface Progress {
  /** The step that was entered last, from 1; 0 where none was. */
  readonly step: number;
  /** Steps on the way that the operator chose. */
  readonly of: number;
  readonly title?: string;
}

/**
 * Looks at a run without proving its journal: a list of a thousand runs must come at once. Never throws: what cannot be read says so.
 */
export async function glance(folder: string, id: string): Promise<RunSummary> {
  const summary = await summaryOf(folder, id);
  const holder =
    summary.status === 'unreadable' ? undefined : await holderOfRun(folder).catch(() => undefined);
  return holder ? { ...summary, holder } : summary;
}

/** The same without asking who runs it now. Never throws. */
export async function summaryOf(folder: string, id: string): Promise<RunSummary> {
  try {
    const { first, rest } = await skim(join(folder, journalName));
    if (first === undefined)
      return {
        id,
        folder,
        status: 'unreadable',
        fault: 'its journal does not begin with the start of a run',
      };
    const fault = first.type === 'run-started' ? eventFault(first) : 'its first line does not start a run';
    if (fault !== undefined || first.type !== 'run-started')
      return { id, folder, status: 'unreadable', fault: `its journal cannot be read (${fault})` };
    return { id, folder, ...summary(first, rest) };
  } catch (error) {
    return { id, folder, status: 'unreadable', fault: faultOf(error, folder) };
  }
}

function faultOf(error: unknown, folder: string): string {
  if (errorCode(error) === 'ENOENT') return 'it has no journal';
  return diskFault(error, join(folder, journalName), 'read').message;
}

type Started = Recorded<Extract<RunEvent, { type: 'run-started' }>>;

function summary(started: Started, rest: readonly Recorded[]): Omit<RunSummary, 'id' | 'folder'> {
  const { target, runbook, procedure, mode, operator, time } = started;
  const progress = progressOf(started, rest);
  return {
    ...ending(rest),
    title: procedure.title,
    runbook: runbook.path,
    mode,
    ...(target ? { target: target.name, environment: target.environment } : {}),
    operator: rest.at(-1)?.operator ?? operator,
    startedAt: time,
    lastAt: rest.at(-1)?.time ?? time,
    progress,
  };
}

function ending(rest: readonly Recorded[]): {
  readonly status: RunState['status'];
  readonly outcome?: Outcome;
} {
  for (const event of rest.toReversed()) {
    switch (event.type) {
      case 'run-finished':
        return { status: 'finished', outcome: event.outcome };
      case 'run-stopped':
      case 'run-taken-over':
        return { status: 'stopped' };
      case 'handed-over':
        return { status: 'handed-over' };
      case 'run-resumed':
        return { status: 'running' };
      default:
    }
  }
  return { status: 'running' };
}

function progressOf(started: Started, rest: readonly Recorded[]): Progress {
  const options = Object.fromEntries(
    rest.flatMap((event) => (event.type === 'option-chosen' ? [[event.choice, event.option]] : [])),
  );
  const steps = planned(started.procedure.items, options).filter((item) => item.kind === 'step');
  const entered = rest.findLast((event) => event.type === 'step-entered');
  const at = steps.findIndex((step) => entered?.type === 'step-entered' && step.id === entered.step);
  const title = steps[at]?.title;
  return { step: at + 1, of: steps.length, ...(title === undefined ? {} : { title }) };
}

interface Ends {
  readonly first?: Recorded;
  /** The events after it that a summary is made of. */
  readonly rest: readonly Recorded[];
}

/** Most lines are commands and their output: only those that a summary needs are parsed, and the last one. */
const telling = /"type":"(run-|handed-over|option-chosen|step-entered)/;

async function skim(file: string): Promise<Ends> {
  const [first, ...lines] = (await readSmallFile(file)).toString('utf8').split('\n').slice(0, -1);
  if (first === undefined) return { rest: [] };
  const last = lines.findLastIndex((line) => parse(line).length > 0);
  const rest = lines
    .filter((line, index) => index === last || telling.test(line.slice(0, 400)))
    .flatMap(parse);
  const [started] = parse(first);
  return started ? { first: started, rest } : { rest };
}

function parse(line: string): readonly Recorded[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value && 'time' in value
      ? [value as Recorded]
      : [];
  } catch {
    return [];
  }
}
