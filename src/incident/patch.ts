import { mask } from '../execution/mask.ts';
import type { Recorded } from '../run/event.ts';
import { fold } from '../run/fold.ts';
import { planned, plannedParts } from '../run/plan.ts';
import type { Command } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { entryOf } from './entry.ts';
import { firstLine, spoken } from './format.ts';
import { inline } from './markdown-text.ts';
import type { EntryCommand, EntryStep } from './shape.ts';

/** What a run has to say about its runbook, as a new text of it. Nobody applies it but a person. */
export interface Patch {
  readonly text: string;
  /** What was changed and why, one sentence each. */
  readonly changes: readonly string[];
  /** What a person has to change: it cannot be found in the text again. */
  readonly remarks: readonly string[];
}

/** A step that took so many times its longest estimate has a wrong estimate, not a slow night. */
const farOver = 1.5;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly why: string;
}

/**
 * The changes that a run proposes to the runbook it followed: commands as they were edited and then succeeded, a word
 * beside those that were skipped, and estimates that a step went far beyond. `source` is the runbook as the run
 * began with it: the places in the journal are counted in it.
 */
export function patchOf(events: readonly Recorded[], source: string): Patch {
  const state = fold(events);
  const entry = entryOf(events, new Date(state.time));
  const day = entry.startedAt.slice(0, 10);
  const steps = planned(state.started.procedure.items, state.options).filter((item) => item.kind === 'step');
  const edits: Edit[] = [];
  const remarks: string[] = [];
  const take = (found: Edit | string | undefined): void => {
    if (typeof found === 'string') remarks.push(found);
    else if (found && edits.every((edit) => !meets(edit, found))) edits.push(found);
  };
  for (const step of steps) {
    const told = entry.steps.find(({ id }) => id === step.id);
    if (!told) continue;
    take(estimateEdit(step, told, source));
    for (const part of plannedParts(step.parts, state.options)) {
      if (part.kind !== 'command') continue;
      const done = told.parts.find((one) => one.kind === 'command' && one.id === part.id);
      if (done?.kind !== 'command') continue;
      take(commandEdit(part, done, source));
      take(skipNote(part, done, told, source, `${entry.run.split('-').at(-1)} of ${day}`));
    }
  }
  const ordered = edits.toSorted((a, b) => b.start - a.start || b.end - a.end);
  const text = ordered.reduce(
    (whole, { start, end, text }) => whole.slice(0, start) + text + whole.slice(end),
    source,
  );
  return { text, changes: edits.toSorted((a, b) => a.start - b.start).map(({ why }) => why), remarks };
}

function meets(a: Edit, b: Edit): boolean {
  return a.start < b.end && b.start < a.end;
}

function commandEdit(part: Command, done: EntryCommand, source: string): Edit | string | undefined {
  const { edited } = done;
  if (edited === undefined || edited === part.text || done.status !== 'succeeded') return undefined;
  const { start, end, line } = part.range;
  const why = `line ${line}: the command was edited and then succeeded: ${firstLine(edited)}`;
  if (edited.includes(mask)) return `${why}. There was a secret in it: change it by hand.`;
  const at = source.slice(start, end).indexOf(part.text);
  if (at === -1) return `${why}. Change it by hand: its lines do not stand in the text as they were run.`;
  const from = start + at;
  const indent = /^[ \t]*/.exec(source.slice(source.lastIndexOf('\n', from - 1) + 1, from))![0];
  return { start: from, end: from + part.text.length, text: edited.replaceAll('\n', `\n${indent}`), why };
}

/** Behind the block, so that whoever reads the runbook next decides what becomes of the command. */
function skipNote(
  part: Command,
  done: EntryCommand,
  step: EntryStep,
  source: string,
  run: string,
): Edit | undefined {
  const reason = done.status === 'skipped' ? (done.note ?? step.skipped) : undefined;
  if (!reason) return undefined;
  const name = part.caption ?? firstLine(part.text, 60);
  const at =
    part.block === undefined ? endOfLine(source, part.range.end) : endOfBlock(source, part.range.end);
  const lineStart = source.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ \t]*/.exec(source.slice(lineStart, at))![0];
  const words = `> To be looked at: “${inline(name)}” was skipped in run ${run}: ${inline(reason)}`;
  return {
    start: at,
    end: at,
    text: `\n\n${indent}${words}`,
    why: `line ${part.range.line}: “${name}” was skipped: ${reason}`,
  };
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
}

/** The end of the line that closes the fence around an offset; that of the line itself where there is no fence. */
function endOfBlock(source: string, from: number): number {
  const closing = /^[ \t>]*(?:`{3,}|~{3,})[ \t]*\r?$/gm;
  closing.lastIndex = endOfLine(source, from);
  const found = closing.exec(source);
  return found ? found.index + found[0].trimEnd().length : endOfLine(source, from);
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function estimateEdit(step: Step, told: EntryStep, source: string): Edit | string | undefined {
  const { estimate, seconds: took } = told;
  if (!estimate || took === undefined || told.status === 'skipped' || took <= estimate.max * farOver)
    return undefined;
  const { start, line } = step.range;
  const why = `line ${line}: “${step.title}” took ${spoken(took)}, expected was at most ${spoken(estimate.max)}`;
  const heading = source.slice(start, endOfLine(source, start));
  const found =
    /(?<low>\d+(?:\.\d+)?\s*(?:[a-z]+\s*)?(?:-|–|—|to)\s*)?(?<figure>\d+(?:\.\d+)?)(?<unit>\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\.?\s*[)\]]\s*)$/i.exec(
      heading,
    );
  if (!found) return `${why}. Its estimate is not in its heading: change it by hand.`;
  const { low, figure = '', unit = '' } = found.groups!;
  const factor = seconds[unit.trim()[0]!.toLowerCase()] ?? 60;
  const most = String(Math.ceil(took / factor));
  const at = start + found.index + (low?.length ?? 0);
  return { start: at, end: at + figure.length, text: low ? most : `${figure}–${most}`, why };
}
