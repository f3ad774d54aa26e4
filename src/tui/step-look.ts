import { plannedParts } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { Part } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { commandLines, effectLines } from './command-lines.ts';
import { brief, expectation } from './duration.ts';
import { blank, type Line, line, span } from './line.ts';
import { proseLines } from './prose.ts';
import type { Readings } from './readings.ts';
import { markOf, type StepMark, tookOf } from './step-rows.ts';

/** How a step stands, in words. */
export const markWords: Readonly<Record<StepMark, string>> = {
  done: 'done',
  skipped: 'skipped',
  current: 'you are here',
  failed: 'failed',
  unknown: 'not known how it ended',
  ahead: 'ahead',
  choice: 'a choice is to be made',
};

/** State, phase and time of a step in one short row of words. */
export function stepWords(state: RunState, readings: Readings, step: Step): string {
  const mark = markOf(state, step);
  const took = mark === 'done' ? tookOf(state, step) : undefined;
  return [
    markWords[mark],
    step.phase ?? '',
    took !== undefined ? brief(took) : step.estimate ? expectation(step.estimate) : '',
    readings.destroys(state, step) ? '! destroys' : '',
  ]
    .filter((word) => word !== '')
    .join(' · ');
}

/** A step as it is written, with the values of the run and what each command would do: to be read, not to be run. */
export function stepLines(state: RunState, readings: Readings, step: Step, width: number): readonly Line[] {
  const rows = plannedParts(step.parts, state.options).flatMap((part) => [
    ...partLines(state, readings, part, width),
    blank,
  ]);
  return [line(span(stepWords(state, readings, step), { dim: true })), blank, ...rows.slice(0, -1)];
}

function partLines(state: RunState, readings: Readings, part: Part, width: number): readonly Line[] {
  const status = 'id' in part ? (state.parts[part.id]?.status ?? 'open') : 'open';
  const stands = status === 'open' ? [] : [line(span(`  ${status}`, { dim: true }))];
  switch (part.kind) {
    case 'prose':
      return proseLines(part.markdown, width);
    case 'command': {
      const { prepared, reading } = readings.of(state, part);
      const where = state.identity?.address ?? state.started.target?.address ?? '';
      return [
        ...(part.caption === undefined ? [] : [line(span(part.caption, { dim: true }))]),
        ...commandLines(prepared.shown, reading, width, part.language),
        ...effectLines(reading, where, width),
        ...stands,
      ];
    }
    case 'sample':
      return part.text.split('\n').map((text) => line(span(`  ${text}`, { dim: true })));
    case 'file':
      return [line(`This step shows the file ${part.name}.`)];
    case 'manual':
    case 'check':
      return [...proseLines(`- [ ] ${part.text}`, width), ...stands];
    case 'criterion':
      return [...proseLines(`- Must hold: ${part.text}`, width), ...stands];
    case 'choice':
      return [
        line(span(`${part.title}: one of`, { bold: true })),
        ...part.options.map(({ title }) => line(`  • ${title}`)),
      ];
  }
}
