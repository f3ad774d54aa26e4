import { planned } from '../run/plan.ts';
import type { Live } from '../run/session.ts';
import type { Attempt, RunState } from '../run/state.ts';
import type { Estimate } from '../runbook/estimate.ts';
import { attemptLine } from './attempt-line.ts';
import { type Detail, detailLines, wantedRows } from './detail.ts';
import { blank, breakLine, type Line, line, padded, span, wrap } from './line.ts';
import type { Readings } from './readings.ts';
import { statusRows } from './status-rows.ts';
import { position, stepRow, stepRows } from './step-rows.ts';

/** Below this width the list of steps is one row above the step. */
const twoColumnsFrom = 80;

export interface RunBody {
  readonly state: RunState;
  readonly readings: Readings;
  readonly live: Live | undefined;
  readonly now: number;
  readonly spinner: readonly string[];
  readonly columns: number;
  /** Rows that the whole body may take. */
  readonly height: number;
  readonly colored: boolean;
  /** The list of steps is one row, whatever the width: nothing stands beside anything else. */
  readonly folded?: boolean;
  readonly detail: (width: number) => Detail;
}

/**
 * Step list, current step, output and status in exactly the height given or less. When room is short the output
 * gives way first, then the prose, then the list of steps.
 */
export function runBody(body: RunBody): readonly Line[] {
  const { state, readings, columns, height } = body;
  const wide = columns >= twoColumnsFrom && !body.folded;
  const left = wide ? Math.min(44, Math.floor(columns * 0.4)) : 0;
  const detail = body.detail(wide ? columns - left - 4 : columns - 2);
  const plan = planned(state.started.procedure.items, state.options);
  const attempt = lastAttempt(state);
  const hasOutput = body.live !== undefined || attempt !== undefined;
  const status = hasOutput ? statusOf(body, attempt) : [];
  // One row more for the rule above the output.
  const room = height - (hasOutput ? status.length + 1 : 0) - (wide ? 0 : 1);
  const wanted = Math.max(wantedRows(detail), wide ? plan.length : 0);
  const least = hasOutput ? Math.min(body.live ? 4 : 2, Math.floor(room / 3)) : 0;
  const upper = Math.min(wanted, room - least);
  const output = hasOutput ? Math.min(room - upper, 16) : 0;
  const rows = detailLines(detail, upper);
  const top = wide
    ? beside(stepRows(state, readings, left, upper), rows, left, upper)
    : [folded(state, readings, columns), ...rows.map((row) => line(' ', ...row))];
  if (!hasOutput) return top;
  return [
    ...top,
    line(span('─'.repeat(columns), { dim: true })),
    ...outputRows(body, attempt, output),
    ...status,
  ];
}

/** How the command that runs is doing, or how the last one ended. */
function statusOf(body: RunBody, attempt: Attempt | undefined): readonly Line[] {
  const { live, now, spinner, columns, state } = body;
  if (!live) return ended(body, attempt, 3);
  return statusRows({ live, now, spinner, columns, estimate: estimateOf(state) });
}

function beside(
  steps: readonly Line[],
  detail: readonly Line[],
  left: number,
  height: number,
): readonly Line[] {
  const count = Math.min(height, Math.max(steps.length, detail.length));
  return Array.from({ length: count }, (_, index) => [
    { text: ' ' },
    ...padded(steps[index] ?? blank, left),
    span(' ┆ ', { dim: true }),
    ...(detail[index] ?? blank),
  ]);
}

/** The list of steps in one row: "step 4/9 ▶ 4 Terminate connections". */
function folded(state: RunState, readings: Readings, columns: number): Line {
  const { at, of } = position(state);
  const plan = planned(state.started.procedure.items, state.options);
  const item = plan[Math.max(0, at - 1)];
  const count = ` step ${at}/${of}  `;
  if (!item) return line(count);
  return [
    span(count, { dim: true }),
    ...stepRow(state, readings, item, Math.max(0, at - 1), columns - count.length),
  ];
}

/** The newest try in the step that the run is in. */
export function lastAttempt(state: RunState): (Attempt & { readonly command: string }) | undefined {
  const step = planned(state.started.procedure.items, state.options).find((item) => item.id === state.step);
  if (step?.kind !== 'step') return undefined;
  return Object.entries(state.parts)
    .filter(([id]) => step.parts.some((part) => holds(part, id)))
    .flatMap(([command, part]) => part.attempts.map((attempt) => ({ ...attempt, command })))
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.output.localeCompare(b.output))
    .at(-1);
}

function holds(part: { readonly kind: string }, id: string): boolean {
  if ('id' in part && part.id === id) return true;
  const options = (part as { options?: readonly { parts: readonly { kind: string }[] }[] }).options;
  return options?.some((option) => option.parts.some((inner) => holds(inner, id))) ?? false;
}

function outputRows(body: RunBody, attempt: Attempt | undefined, height: number): readonly Line[] {
  if (height <= 0) return [];
  const width = body.columns - 3;
  const bar = span(' │ ', { dim: true });
  if (body.live)
    // These rows are safe already and may carry colours, which is why they do not go through `span`.
    return body.live
      .tail(height, width)
      .slice(-height)
      .map((text) => [bar, { text: body.colored ? text : text.replace(/\u001B\[[0-9;:]*m/g, '') }]);
  const tail = attempt?.finished?.output.tail.replace(/\s+$/, '') ?? '';
  if (tail === '') return [];
  return tail
    .split('\n')
    .slice(-height)
    .flatMap((text) => breakLine([span(text.replace(/\t/g, '    '))], width))
    .slice(-height)
    .map((row) => [bar, ...row]);
}

function ended(body: RunBody, attempt: Attempt | undefined, height: number): readonly Line[] {
  if (!attempt) return [blank];
  const { changed = [], stateChanges } = attempt.finished ?? {};
  const words = inShort(stateChanges ?? changed.map((name) => `sets ${name}`));
  const rows = wrap(attemptLine(attempt), body.columns - 2, 2).map((row): Line => [{ text: ' ' }, ...row]);
  const said = words.length > 0 ? [line(span(`   ${words.join(' · ')}`, { dim: true }))] : [];
  return [...rows.slice(0, Math.max(1, height - said.length)), ...said];
}

/** `sets A`, `sets B`, `cd /x` as `sets A, B` and `cd /x`. */
function inShort(changes: readonly string[]): readonly string[] {
  const isSet = (change: string): boolean => change.startsWith('sets ');
  const names = changes.filter(isSet).map((change) => change.slice(5));
  return [
    ...(names.length > 0 ? [`sets ${names.join(', ')}`] : []),
    ...changes.filter((change) => !isSet(change)),
  ];
}

function estimateOf(state: RunState): Estimate | undefined {
  const step = planned(state.started.procedure.items, state.options).find((item) => item.id === state.step);
  return step?.kind === 'step' ? step.estimate : undefined;
}
