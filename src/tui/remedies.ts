import type { Part } from '../runbook/part.ts';
import type { Symptom } from '../runbook/runbook.ts';
import { blank, breakLine, type Line, type Look, line, span, wrap } from './line.ts';
import { proseLines } from './prose.ts';

/** Words that say nothing about what went wrong. */
const empty = new Set('the and for not with error failed fails from this that does have was are'.split(' '));

/**
 * What may go wrong, what fits an output best first: by the words of a symptom's title that the output has too.
 * Document order where none fits.
 */
export function likeliest(symptoms: readonly Symptom[], output: string): readonly Symptom[] {
  const said = wordsOf(output);
  const shared = ({ title }: Symptom): number => [...wordsOf(title)].filter((word) => said.has(word)).length;
  return symptoms
    .map((symptom) => ({ symptom, fits: shared(symptom) }))
    .sort((a, b) => b.fits - a.fits)
    .map(({ symptom }) => symptom);
}

/** Where a command has failed: that the runbook knows what helps, and which key shows it. */
export function remedyHint(
  symptoms: readonly Symptom[],
  output: string,
  key: string,
  width: number,
): readonly Line[] {
  const [first] = likeliest(symptoms, output);
  if (!first) return [];
  const others = symptoms.length > 1 ? ` and ${symptoms.length - 1} more` : '';
  return wrap(
    line(
      span(`${key} what helps: `, { bold: true, tone: 'accent' }),
      `the runbook has a remedy for “${first.title}”${others}`,
    ),
    width,
    2,
  );
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set((text.toLowerCase().match(/\p{L}{3,}|\d{3,}/gu) ?? []).filter((word) => !empty.has(word)));
}

/** A remedy as it is written; nothing of it runs from here. */
export function remedyLines({ remedy }: Pick<Symptom, 'remedy'>, width: number): readonly Line[] {
  const rows = remedy.flatMap((part) => partLines(part, width));
  return rows.at(-1)?.length === 0 ? rows.slice(0, -1) : rows;
}

function partLines(part: Part, width: number): readonly Line[] {
  const code = (text: string, look: Look): readonly Line[] =>
    text.split('\n').flatMap((row) => breakLine([span(`  ${row}`, look)], width));
  switch (part.kind) {
    case 'prose':
      return [...proseLines(part.markdown, width), blank];
    case 'command':
      return [
        ...(part.caption === undefined ? [] : [line(span(part.caption, { dim: true }))]),
        ...code(part.text, { bold: true }),
        blank,
      ];
    case 'sample':
      return [...code(part.text, { dim: true }), blank];
    case 'file':
      return [line(`  (the file ${part.name})`), blank];
    case 'manual':
    case 'check':
    case 'criterion':
      return proseLines(`- ${part.text}`, width);
    case 'choice':
      return part.options.flatMap((option) => [
        line(span(option.title, { bold: true })),
        ...remedyLines({ remedy: option.parts }, width),
      ]);
  }
}
