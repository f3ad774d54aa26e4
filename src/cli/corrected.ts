import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { correctedWay, type Shipped, wayWords } from '../drill/training/corrected-way.ts';
import { type Finding, findingsOf } from '../lint/finding.ts';
import { lint } from '../lint/lint.ts';
import { planned, plannedParts } from '../run/plan.ts';
import type { Session } from '../run/session.ts';
import { shippedRunbooks } from './library.ts';
import { type RunbookFile, readRunbook, runbookCopy } from './runbook-file.ts';

/**
 * What lint says about the runbook of a run. In a training with a runbook of one's own, an error or a warning also says
 * where a runbook that ships does the same thing rightly.
 */
export async function findingsFor(session: Session, file: RunbookFile): Promise<readonly Finding[]> {
  const found = lint(file.runbook, file.source, { today: new Date().toISOString().slice(0, 10) });
  const way = await wayOf(session);
  if (way === undefined) return found;
  return found.map((finding) => ({
    ...finding,
    instead: `${finding.instead} ${way(finding.range.line)}`.trim(),
  }));
}

/**
 * Why a training with a runbook of one's own stopped where it did, and the corrected way: what lint has against the
 * command that failed or was refused. Empty for other runs.
 */
export async function adviceOf(session: Session): Promise<readonly string[]> {
  const way = await wayOf(session);
  if (way === undefined) return [];
  const state = session.state();
  const last = session
    .events()
    .findLast(
      (event) =>
        event.type === 'guard-refused' ||
        (event.type === 'command-finished' && event.verdict !== 'succeeded'),
    );
  const id = last && 'command' in last ? last.command : undefined;
  const part = planned(state.started.procedure.items, state.options)
    .flatMap((item) => (item.kind === 'step' ? plannedParts(item.parts, state.options) : []))
    .find((one) => one.kind === 'command' && one.id === id);
  if (!part) return [way(state.started.procedure.range.line)];
  const file = await readRunbook(join(session.folder, runbookCopy));
  const found = findingsOf(lint(file.runbook, file.source, {}), part.range).filter(
    ({ severity }) => severity !== 'info',
  );
  return [
    ...found.map(
      ({ severity, message, instead }) => `line ${part.range.line}, lint ${severity}: ${message} ${instead}`,
    ),
    way(part.range.line),
  ].filter((line) => line !== '');
}

/** For a line of the procedure, the words of the corrected way; undefined where none is to be offered. */
async function wayOf(session: Session): Promise<((line: number) => string) | undefined> {
  const { mode, runbook, procedure } = session.state().started;
  const folder = shippedRunbooks();
  if (mode !== 'training' || dirname(resolve(runbook.path)) === resolve(folder)) return undefined;
  const shipped = await shippedIn(folder);
  return (line) => {
    const step = procedure.items.find(
      (item) => item.kind === 'step' && item.range.line <= line && item.range.endLine >= line,
    );
    const way = correctedWay(procedure, step?.kind === 'step' ? step : undefined, shipped);
    return way ? wayWords(way) : '';
  };
}

async function shippedIn(folder: string): Promise<readonly Shipped[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  return Promise.all(
    names.map(async (name) => ({ name, runbook: (await readRunbook(join(folder, name))).runbook })),
  );
}
