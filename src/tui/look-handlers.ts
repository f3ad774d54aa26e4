import type { Finding } from '../lint/finding.ts';
import { here } from '../run/here.ts';
import type { RunState } from '../run/state.ts';
import type { Symptom } from '../runbook/runbook.ts';
import { hasSecret } from './command-lines.ts';
import type { Handlers } from './hooks/use-keys.ts';
import type { Overlay } from './overlay.ts';
import type { Readings } from './readings.ts';

export interface Looks {
  readonly state: RunState;
  readonly readings: Readings;
  readonly findings: readonly Finding[];
  readonly symptoms: readonly Symptom[];
  readonly show: (overlay: Overlay) => void;
  readonly copy: (text: string, what: string) => void;
}

/** What can be looked at from a run without changing anything of it. */
export function lookHandlers({ state, readings, findings, symptoms, show, copy }: Looks): Handlers {
  return {
    steps: () => show({ kind: 'steps' }),
    values: () => show({ kind: 'values' }),
    findings: findings.length > 0 ? () => show({ kind: 'findings' }) : undefined,
    remedies: symptoms.length > 0 ? () => show({ kind: 'remedies' }) : undefined,
    palette: () => show({ kind: 'palette' }),
    'copy-command': copying(state, readings, copy),
  };
}

/** The command as one would type it: with its values, and with its own words where a value is a secret. */
function copying(state: RunState, readings: Readings, copy: Looks['copy']): Handlers['copy-command'] {
  const at = here(state);
  const part = at.kind === 'part' && at.part.kind === 'command' ? at.part : undefined;
  if (!part) return undefined;
  return () => {
    const { shown } = readings.of(state, part).prepared;
    const secret = hasSecret(shown);
    const text = secret ? (state.parts[part.id]?.edited ?? part.text) : shown;
    // An edited command may name a secret itself; that name says nothing.
    copy(text, secret ? 'command, without its secrets,' : 'command');
  };
}
