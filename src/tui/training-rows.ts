import type { Training } from './house.ts';
import { clip, type Line, line, span, wrapText } from './line.ts';

/** Over every screen of a training: what it is, and that commands of providers are not real. */
export function trainingHeader(
  training: Pick<Training, 'title'> | undefined,
  columns: number,
): readonly Line[] {
  return [
    clip(
      line(
        span(' '),
        span(' TRAINING ', { inverse: true, bold: true }),
        span(`  ${training?.title ?? 'choose a scenario'}`, { bold: true }),
      ),
      columns,
    ),
    clip(
      line(
        span(' sandbox', { tone: 'good' }),
        span(' · real PostgreSQL · provider commands are SIMULATED', { bold: true }),
      ),
      columns,
    ),
  ];
}

/** What is said, what is simulated and what is shown, as rows to read. */
export function situationLines(training: Training, shown: readonly string[], width: number): readonly Line[] {
  return [
    ...(training.earlier ? [...wrapText(training.earlier, width - 2, { tone: 'caution' }), []] : []),
    ...training.symptoms.flatMap((text) => [...wrapText(text, width - 2, {}), []]),
    ...(training.simulated ? [...wrapText(training.simulated, width - 2, { tone: 'caution' }), []] : []),
    line(span('What the application and the tools beside it show now', { bold: true })),
    [],
    ...shown.flatMap((text) => wrapText(`• ${text}`, width - 2, { dim: false })),
  ].map((row): Line => (row.length === 0 ? [] : [span(' '), ...row]));
}

/** The hints that were taken, the newest last. */
export function hintLines(hints: readonly string[], width: number): readonly Line[] {
  return hints.flatMap((text, index) =>
    wrapText(`hint ${index + 1}: ${text}`, width - 2, { tone: 'accent' }).map(
      (row): Line => [span(' '), ...row],
    ),
  );
}
