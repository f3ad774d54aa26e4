import { planned, plannedParts } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { Step } from '../runbook/step.ts';
import { attemptLine } from './attempt-line.ts';
import { withoutSecrets } from './command-lines.ts';
import { brief, timeOfDay } from './duration.ts';
import { clip, type Line, line, span } from './line.ts';
import { tookOf, wasSkipped } from './step-rows.ts';
import { stepsOf } from './steps-of.ts';

/** A step that was left, as the scrollback keeps it. */
export interface Summary {
  readonly key: string;
  readonly lines: readonly Line[];
}

/** The summaries of every step that the run has left, in the order in which it left them. */
export function summaries(state: RunState, width: number): readonly Summary[] {
  const plan = planned(state.started.procedure.items, state.options);
  // Those of a way that was left by another choice too.
  return stepsOf(state.started.procedure.items)
    .flatMap((step) => {
      const ended = state.steps[step.id]?.leftAt ?? (step.id === state.step ? state.finishedAt : undefined);
      const at = plan.findIndex(({ id }) => id === step.id);
      return ended ? [{ step, number: step.number ?? (at < 0 ? '' : String(at + 1)), ended }] : [];
    })
    .sort((a, b) => a.ended.localeCompare(b.ended))
    .map(({ step, number, ended }) => ({
      key: `${step.id}@${ended}`,
      lines: summary(state, step, number).map((row) => clip(row, width)),
    }));
}

function summary(state: RunState, step: Step, number: string): readonly Line[] {
  const skipped = state.steps[step.id]?.skipped;
  const took = tookOf(state, step);
  const enteredAt = state.steps[step.id]?.enteredAt;
  const failed = plannedParts(step.parts, state.options).some(
    (part) => 'id' in part && ['failed', 'missed', 'refused'].includes(state.parts[part.id]?.status ?? ''),
  );
  const glyph = skipped !== undefined || wasSkipped(state, step) ? '–' : failed ? '✗' : '✓';
  const title = line(
    span(`${glyph} ${number} ${step.title}`, { bold: true }),
    span(`  ${took === undefined ? '' : brief(took)}${enteredAt ? `  ${timeOfDay(enteredAt)} UTC` : ''}`, {
      dim: true,
    }),
    ...(skipped === undefined ? [] : [span(`  skipped: ${skipped}`)]),
  );
  const parts = plannedParts(step.parts, state.options).flatMap((part): readonly Line[] => {
    if (!('id' in part)) return [];
    const known = state.parts[part.id];
    if (!known) return [];
    switch (part.kind) {
      case 'command': {
        const runs = known.attempts.map((attempt) =>
          line('    ', ...attemptLine(attempt), span(`  ${firstLine(attempt.text)}`, { dim: true })),
        );
        if (known.status === 'by-hand') return [...runs, line(`    by hand: ${known.note ?? ''}`)];
        if (known.status === 'skipped')
          return [...runs, line(`    – ${firstLine(part.text)}  skipped: ${known.note ?? ''}`)];
        return runs;
      }
      case 'manual':
      case 'check':
      case 'criterion':
        return [line(`    ${known.status}: ${part.text}${known.note ? ` (${known.note})` : ''}`)];
      default:
        return known.note ? [line(`    saved: ${known.note}`)] : [];
    }
  });
  return [title, ...parts];
}

function firstLine(text: string): string {
  const [first = '', ...rest] = withoutSecrets(text).trim().split('\n');
  return rest.length > 0 ? `${first} …` : first;
}
