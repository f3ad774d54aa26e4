import { createHash } from 'node:crypto';
import type { ExecutionResult } from '../execution/execution.ts';
import type { Action } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';

type Execute = Extract<Action, { kind: 'execute' }>;

/** The event of a command's end. */
export function finished(action: Execute, result: ExecutionResult): RunEvent {
  const { exit, durationMs, verdict, reason, output, changed, pipeStatus, needsTerminal, background } =
    result;
  return {
    type: 'command-finished',
    command: action.command,
    attempt: action.attempt,
    exit,
    durationMs,
    ...expected(action, verdict, reason, output.tail),
    output: { ...output, file: action.output },
    changed,
    ...(pipeStatus ? { pipeStatus } : {}),
    ...(needsTerminal ? { needsTerminal } : {}),
    ...(background.length > 0 ? { background } : {}),
  };
}

/** What the author said the output must contain decides over a command that otherwise went well. */
function expected(
  { expect }: Execute,
  verdict: ExecutionResult['verdict'],
  reason: string | undefined,
  tail: string,
): Pick<Extract<RunEvent, { type: 'command-finished' }>, 'verdict' | 'reason'> {
  const missing = verdict === 'succeeded' && expect !== undefined && !contains(tail, expect);
  if (missing) return { verdict: 'failed', reason: `its output does not contain ${expect}` };
  return { verdict, ...(reason ? { reason } : {}) };
}

function contains(text: string, pattern: string): boolean {
  const body = /^\/(.*)\/$/s.exec(pattern)?.[1] ?? pattern;
  try {
    return new RegExp(body, 'm').test(text);
  } catch {
    return text.includes(body);
  }
}

/** The event of a command that could not even begin. */
export function finishedUnstarted(action: Execute, error: string): RunEvent {
  return {
    type: 'command-finished',
    command: action.command,
    attempt: action.attempt,
    exit: { kind: 'not-started', error },
    durationMs: 0,
    verdict: 'failed',
    reason: error,
    output: { file: action.output, bytes: 0, sha256: createHash('sha256').digest('hex'), tail: '' },
    changed: [],
  };
}
