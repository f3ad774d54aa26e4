import type { ManualAction, Part } from './part.ts';
import type { Range } from './range.ts';
import type { Step } from './step.ts';

/** True where a step has something that an operator has to settle: a run can stop nowhere else. */
export function asksForSomething(parts: readonly Part[]): boolean {
  return parts.some(
    (part) => part.kind !== 'prose' && part.kind !== 'sample' && !(part.kind === 'command' && part.offered),
  );
}

/** What a step asks for that has nothing else to ask: its own title, done by hand. */
export function byHand(id: string, title: string, range: Range): ManualAction {
  return { kind: 'manual', id, text: title, range };
}

/** True for the part that `byHand` has given a step. */
export function isByHand(part: Part, { title, range }: Step): boolean {
  return (
    part.kind === 'manual' &&
    part.text === title &&
    part.range.start === range.start &&
    part.range.end === range.end
  );
}
