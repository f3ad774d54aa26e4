import type { Attempt } from '../run/state.ts';
import { brief } from './duration.ts';
import { type Line, line, span } from './line.ts';

/** How one try of a command ended, in a few words: "✓ exit 0 in 3.2s". */
export function attemptLine(attempt: Attempt): Line {
  const { finished, settled } = attempt;
  if (settled)
    return line(
      span(settled.as === 'succeeded' ? '✓ settled as succeeded' : '✗ settled as failed', { bold: true }),
      span(`: ${settled.note}`),
    );
  if (!finished) return line(span('? no end seen', { tone: 'caution', bold: true }));
  const { exit, verdict, reason, durationMs } = finished;
  const took = ` in ${brief(durationMs)}`;
  const ended =
    exit.kind === 'code'
      ? `exit ${exit.code}`
      : exit.kind === 'signal'
        ? `ended by ${exit.signal}`
        : exit.error;
  const why = reason && reason !== ended ? `: ${reason}` : '';
  switch (verdict) {
    case 'succeeded':
      return line(span('✓ ', { tone: 'good', bold: true }), span(`${ended}${took}${why}`));
    case 'failed':
      return line(span('✗ failed', { tone: 'danger', bold: true }), span(`  ${ended}${took}${why}`));
    case 'hidden-failure':
      return line(span('✗ hidden failure', { tone: 'danger', bold: true }), span(`  ${ended}${took}${why}`));
    case 'stopped':
      return line(span('✗ stopped', { tone: 'caution', bold: true }), span(`  ${ended}${took}${why}`));
    case 'timed-out':
      return line(span('✗ timed out', { tone: 'danger', bold: true }), span(`  ${ended}${took}${why}`));
  }
}
