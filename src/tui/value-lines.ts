import type { RunState } from '../run/state.ts';
import { type Line, line, span, wrap } from './line.ts';

/** The values that a run has, with where each came from; secrets as dots, with what they point to. */
export function valueLines(state: RunState, width: number): readonly Line[] {
  const rows = Object.entries(state.inputs).flatMap(([name, input]) => {
    const points = input.points ? ` → ${input.points.database}@${input.points.address}` : '';
    const value = input.value ?? `••••••${points}`;
    return wrap(
      line(span(name, { bold: true }), span(' = '), value, span(`  from ${input.source}`, { dim: true })),
      width,
      2,
    );
  });
  return rows.length > 0 ? rows : [line('No value was asked for yet.')];
}
