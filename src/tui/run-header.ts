import type { RunState } from '../run/state.ts';
import type { Target } from '../run/target.ts';
import { clock } from './duration.ts';
import { between, clip, type Line, line, padded, type Span, span, widthOf } from './line.ts';

/** What is at stake, on every screen of a run: mode, procedure, server, database, environment, time. */
export function runHeader(state: RunState, now: number, columns: number): readonly Line[] {
  const { mode, target, procedure, time } = state.started;
  const end = state.finishedAt ? Date.parse(state.finishedAt) : now;
  const elapsed = end - Date.parse(time);
  const rto = target?.objectives.rto;
  const late = rto !== undefined && elapsed > rto * 1000;
  const clockSpans: Line = line(
    span(clock(elapsed), { bold: true, ...(late ? { tone: 'danger' as const } : {}) }),
    span(
      rto === undefined ? ' ' : ` / RTO ${objective(rto)}${late ? ' exceeded' : ''} `,
      late ? { tone: 'danger' } : {},
    ),
  );
  const title: Line = line(
    ' ',
    modeSpan(mode),
    // Never to be mistaken for the real thing, in a window that is low and narrow either.
    span(mode === 'training' ? '  providers simulated ·' : ' ', { tone: 'caution' }),
    span(` ${procedure.title}`, { bold: true }),
  );
  const where: Line = whereSpans(state, target);
  const wide = widthOf(title) + widthOf(where) + widthOf(clockSpans) + 6;
  if (wide <= columns) {
    const left = padded(title, widthOf(title) + 4);
    return [between([...left, ...where], clockSpans, columns)];
  }
  return [between(title, clockSpans, columns), clip(line(' ', ...where), columns)];
}

function modeSpan(mode: string): Span {
  return span(` ${mode.toUpperCase()} `, {
    inverse: true,
    bold: true,
    ...(mode === 'incident' ? { tone: 'danger' as const } : {}),
  });
}

/** The server and database that the run works on, as the server said; the target's word where it has not. */
function whereSpans(state: RunState, target: Target | undefined): Line {
  if (!target) return line(span('no target: guarded as production', { tone: 'caution' }));
  const { identity } = state;
  const database = identity?.database ?? target.database;
  const address = identity?.address ?? target.address;
  return line(
    span(`${database}@${address}`, { bold: true }),
    span(' · '),
    environmentSpan(target.environment),
    ...(identity?.replica ? [span(' · replica', { tone: 'caution' })] : []),
    ...(identity ? [] : [span(' · server not asked yet', { dim: true })]),
  );
}

/** An environment's name; production is louder than the others, in capitals too. */
export function environmentSpan(environment: Target['environment']): Span {
  switch (environment) {
    case 'production':
      return span(' PRODUCTION ', { tone: 'danger', inverse: true, bold: true });
    case 'staging':
      return span('staging', { tone: 'caution' });
    case 'local':
    case 'sandbox':
      return span(environment, { tone: 'good' });
  }
}

function objective(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
