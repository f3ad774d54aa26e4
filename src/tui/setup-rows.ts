import type { Mode } from '../run/mode.ts';
import type { Identity, Target } from '../run/target.ts';
import type { Procedure } from '../runbook/procedure.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { expectation } from './duration.ts';
import type { TargetChoice } from './house.ts';
import { clip, type Line, line, span } from './line.ts';
import { environmentSpan } from './run-header.ts';
import { stepsOf } from './steps-of.ts';

/** What was chosen so far on the way to a run. */
export interface Chosen {
  readonly runbook?: Runbook;
  readonly procedure?: Procedure;
  readonly mode?: Mode;
  /** Null: without a target. */
  readonly target?: string | null;
  readonly ready?: { readonly target: Target; readonly identity?: Identity };
}

/** The modes, the safe one first. */
export const modeItems: readonly {
  readonly key: Mode;
  readonly label: string;
  readonly detail: string;
  readonly value: Mode;
}[] = [
  { key: 'drill', label: 'Drill', detail: 'practice; only reads on production', value: 'drill' },
  { key: 'incident', label: 'Incident', detail: 'the real thing', value: 'incident' },
  { key: 'preview', label: 'Preview', detail: 'walk through it; nothing runs', value: 'preview' },
];

/** A target as a list shows it; production in capitals. */
export function targetItem(target: TargetChoice) {
  const environment = target.environment === 'production' ? 'PRODUCTION' : target.environment;
  return {
    key: `target/${target.name}`,
    label: target.name,
    detail: `${environment} · ${target.description}`,
    value: target.name as string | null,
  };
}

/** How long a procedure is. */
export function procedureDetail(procedure: Procedure): string {
  const steps = stepsOf(procedure.items).length;
  const time = procedure.estimate ? ` · ${expectation(procedure.estimate)}` : '';
  return `${steps} step${steps === 1 ? '' : 's'}${time}`;
}

/** What was chosen so far; the target with who it said that it is. */
export function setupHeader(chosen: Chosen, path: string, columns: number): readonly Line[] {
  const { runbook, procedure, mode, ready } = chosen;
  const first = line(
    ...(mode ? [span(' '), span(` ${mode.toUpperCase()} `, { inverse: true, bold: true }), span(' ')] : []),
    span(` ${runbook?.title ?? path}`, { bold: true }),
    span(procedure && procedure.title !== runbook?.title ? ` › ${procedure.title}` : ''),
  );
  const second: Line = ready
    ? line(
        span(
          ` ${ready.identity?.database ?? ready.target.database}@${ready.identity?.address ?? ready.target.address}`,
          { bold: true },
        ),
        ' · ',
        environmentSpan(ready.target.environment),
        span(
          ready.identity
            ? ` · PostgreSQL ${ready.identity.version}${ready.identity.replica ? ' · replica' : ''}`
            : ' · no answer',
          { dim: true },
        ),
      )
    : line(
        span(chosen.target === null ? ' no target: guarded as production' : ' no target chosen yet', {
          dim: true,
        }),
      );
  return [clip(first, columns), clip(second, columns)];
}
