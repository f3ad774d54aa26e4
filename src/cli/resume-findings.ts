import { join } from 'node:path';
import { fateOf } from '../execution/command-fate.ts';
import { utc } from '../incident/format.ts';
import { unsettled } from '../run/background.ts';
import type { RunEvent } from '../run/event.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import { identityDifference } from '../run/target.ts';

/** What a resume knows for certain and what it does not, in sentences. */
export interface Found {
  readonly certain: boolean;
  readonly text: string;
}

/**
 * What is known of a run that was taken up, and what is not. `events` are those of before, as they stand in the journal,
 * secrets masked; `interruption` is what was found of a command whose end nobody saw.
 */
export async function findingsOf(
  folder: string,
  state: RunState,
  events: readonly RecordedEvent[],
  { tornBytes, interruption }: { readonly tornBytes: number; readonly interruption: readonly RunEvent[] },
): Promise<readonly Found[]> {
  return [
    ...ofState(state, tornBytes, events.length),
    ...takenOverFrom(events),
    ...handedTo(events),
    ...withheldIn(state, events),
    ...neverBegan(interruption, events),
    ...(await endOfInterrupted(folder, state)),
    ...stillRunning(state),
  ];
}

/** What a run that was taken over from a lost machine cannot know, until it is taken up for the first time. */
function takenOverFrom(events: readonly RecordedEvent[]): readonly Found[] {
  const at = events.findLastIndex(({ type }) => type === 'run-taken-over');
  const taken = events[at];
  if (taken?.type !== 'run-taken-over' || events.slice(at).some(({ type }) => type === 'run-resumed'))
    return [];
  return [
    {
      certain: false,
      text: `what ${taken.from} did on ${taken.lost} after ${utc(events[at - 1]?.time ?? taken.time)} is not known here: look before a command that changes something runs a second time`,
    },
    {
      certain: false,
      text: `files, variables that may be secret and background processes of ${taken.lost} are not here`,
    },
  ];
}

/** Somebody was asked to go on, and may be at it: until the run is taken up for the first time, that is said. */
function handedTo(events: readonly RecordedEvent[]): readonly Found[] {
  const at = events.findLastIndex(({ type }) => type === 'handed-over');
  const handed = events[at];
  if (handed?.type !== 'handed-over' || events.slice(at).some(({ type }) => type === 'run-resumed'))
    return [];
  return [
    {
      certain: true,
      text: `${handed.operator} handed it over to ${handed.to} at ${utc(handed.time)}: whoever else takes it up tells ${handed.to}`,
    },
  ];
}

/** Secrets that commands had put into variables. A command that names one asks; one that inherits it cannot be told. */
function withheldIn({ inputs }: RunState, events: readonly RecordedEvent[]): readonly Found[] {
  const names = Object.entries(inputs).flatMap(([name, { withheld, lost }]) =>
    withheld && lost ? [name] : [],
  );
  if (names.length === 0) return [];
  const setter = events.findLast(
    (event) => event.type === 'command-finished' && event.changed.some((name) => names.includes(name)),
  );
  const started =
    setter?.type === 'command-finished'
      ? events.findLast(
          ({ type, ...event }) =>
            type === 'command-started' && 'command' in event && event.command === setter.command,
        )
      : undefined;
  const by = started?.type === 'command-started' ? ` (last by: ${started.text.split('\n')[0]})` : '';
  return [
    {
      certain: false,
      text: `${names.join(', ')}: commands had set ${names.length === 1 ? 'it' : 'them'}${by}, and what is secret is not kept on disk. Run again what sets ${names.length === 1 ? 'it' : 'them'}, or give the value; a command that reads it from its environment does not ask`,
    },
  ];
}

/** `events` as they stand in the journal, secrets masked. */
function neverBegan(interruption: readonly RunEvent[], events: readonly RecordedEvent[]): readonly Found[] {
  if (!interruption.some(({ type }) => type === 'command-finished')) return [];
  const start = events.findLast(({ type }) => type === 'command-started');
  if (start?.type !== 'command-started') return [];
  return [{ certain: true, text: `nothing of this command ran yet: ${start.text}` }];
}

/** What the shell itself wrote down of the end that nobody saw. Whether it took effect stays for a person to say. */
async function endOfInterrupted(folder: string, { interrupted }: RunState): Promise<readonly Found[]> {
  if (interrupted?.pid === undefined) return [];
  const fate = await fateOf(join(folder, 'state'), interrupted.pid, interrupted.birth);
  if (fate.kind !== 'ended') return [];
  return [
    {
      certain: true,
      text: `it ended with exit code ${fate.code} after Drillbook was killed; say what came of it`,
    },
  ];
}

function ofState(state: RunState, tornBytes: number, events: number): readonly Found[] {
  const found: Found[] = [
    { certain: true, text: `${events} facts of the run are on disk and their chain is whole` },
  ];
  if (tornBytes > 0)
    found.push({
      certain: true,
      text: `the last line of the journal was torn: ${tornBytes} bytes were put aside; what they told was not yet certain`,
    });
  if (state.runbookChanged)
    found.push({
      certain: false,
      text: `${state.started.runbook.path} is not what the run began with: accept it with a reason, or start a new run`,
    });
  const { identity, lastIdentity } = state;
  if (lastIdentity?.failure)
    found.push({ certain: false, text: `the server did not say who it is: ${lastIdentity.failure}` });
  else if (identity && lastIdentity?.identity) {
    const difference = identityDifference(identity, lastIdentity.identity);
    found.push(
      difference
        ? { certain: false, text: `this is another server than at the start: ${difference}` }
        : {
            certain: true,
            text: `the server is the one that the run began with (${identity.address}, ${identity.database})`,
          },
    );
  }
  const { interrupted } = state;
  if (interrupted)
    found.push({
      certain: false,
      text: interrupted.alive
        ? `a command of before is still running (pid ${interrupted.pid}): ${interrupted.text}`
        : `interrupted, outcome unknown: ${interrupted.text}`,
    });
  return found;
}

/** What goes on without a word about it yet; it is asked for at the end of the run. */
function stillRunning(state: RunState): readonly Found[] {
  return unsettled(state).map(({ pid, command }) => ({
    certain: true,
    text: `still running in the background: ${command} (pid ${pid})`,
  }));
}
