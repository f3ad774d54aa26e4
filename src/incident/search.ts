import type { Entry } from './shape.ts';

/** A line of an entry in which one of the words stands. */
export interface Hit {
  readonly time?: string;
  readonly text: string;
}

/**
 * The lines of an entry that hold one of the words, where all of them are in the entry; undefined where they are
 * not. Case does not matter.
 */
export function search(lines: readonly Hit[], words: readonly string[]): readonly Hit[] | undefined {
  const wanted = words.map((word) => word.toLocaleLowerCase());
  const whole = lines.map((line) => line.text.toLocaleLowerCase());
  if (!wanted.every((word) => whole.some((text) => text.includes(word)))) return undefined;
  return lines.filter((_, at) => wanted.some((word) => whole[at]!.includes(word)));
}

/** What a search looks at, in the order of the entry. */
export function linesOf(entry: Entry): readonly Hit[] {
  const { title, target, runbook, reason, timeline, deviations, backups, used, questions, steps, operators } =
    entry;
  return [
    {
      text: [title, target?.name, target?.database, runbook.title, runbook.path, reason]
        .filter(Boolean)
        .join(' · '),
    },
    { text: operators.join(', ') },
    ...timeline.map(({ time, text }) => ({ time, text })),
    ...deviations.map(({ time, kind, what, reason: why }) => ({
      time,
      text: `${kind} ${what}${why ? `: ${why}` : ''}`,
    })),
    ...backups.map(({ date, name, location }) => ({ time: date, text: `${name} ${location}` })),
    ...used.map(({ time, name, location }) => ({ time, text: `${name} ${location}` })),
    ...questions.flatMap(({ answer }) => (answer ? [{ text: answer }] : [])),
    ...steps.flatMap((step) => [
      { text: step.title },
      ...step.parts.flatMap((part): readonly Hit[] =>
        part.kind === 'command'
          ? part.attempts.flatMap(({ startedAt, text, tail }) => [
              { time: startedAt, text },
              ...(tail ?? '').split('\n').map((line) => ({ time: startedAt, text: line })),
            ])
          : [{ text: part.text }],
      ),
    ]),
  ].filter((line) => line.text.trim() !== '');
}
