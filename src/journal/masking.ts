import type { RunEvent } from '../run/event.ts';

/** Replaces what is secret in a text. Built by whoever knows the secrets. */
export type Mask = (text: string) => string;

/**
 * Words that the run steers by: names of steps, commands and kinds, hashes and times. They come from headings and
 * fixed lists, never from a value that somebody gave; masking a short secret in them would tear the journal apart.
 */
const structural: ReadonlySet<string> = new Set([
  'type',
  'run',
  'mode',
  'kind',
  'id',
  'command',
  'part',
  'step',
  'choice',
  'option',
  'block',
  'effect',
  'verdict',
  'outcome',
  'source',
  'signal',
  'as',
  'by',
  'action',
  'phase',
  'environment',
  'engine',
  'language',
  'sha256',
  'maskedCopy',
  'hash',
  'birth',
  'takenAt',
]);

/**
 * The last line of defence before an event is written: every string in it, however deep, goes through `mask`.
 * Returns an event of the same shape; the given one is left as it is.
 */
export function masked(event: RunEvent, mask: Mask): RunEvent {
  const kept = steering(event.type);
  const fields = Object.entries(event).map(([key, value]) => [
    key,
    key === kept || structural.has(key) ? keep(value, mask) : cover(value, mask),
  ]);
  return Object.fromEntries(fields) as RunEvent;
}

/** The field by which a fact of that type is found again, or one of a fixed list of words. */
function steering(type: RunEvent['type']): string | undefined {
  switch (type) {
    case 'input-given':
      return 'name';
    case 'check-answered':
      return 'answer';
    case 'question-answered':
      return 'question';
    default:
      return undefined;
  }
}

function keep(value: unknown, mask: Mask): unknown {
  return typeof value === 'string' ? value : cover(value, mask);
}

function cover(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => cover(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      structural.has(key) ? keep(inner, mask) : cover(inner, mask),
    ]),
  );
}
