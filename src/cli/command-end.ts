import { createHash } from 'node:crypto';
import type { ExecutionResult } from '../execution/execution.ts';
import type { Action } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';
import { outputHolds } from './expected-output.ts';

/** A shorter silence is worth no word. Milliseconds. */
const leastSilence = 10_000;

type Execute = Extract<Action, { kind: 'execute' }>;

/** The event of a command's end. `outputFile` is where its output was kept. */
export async function finished(
  action: Execute,
  result: ExecutionResult,
  outputFile: string,
): Promise<RunEvent> {
  const { exit, durationMs, output, changed, stateChanges, pipeStatus, needsTerminal, background } = result;
  const { silentMs = 0 } = result;
  return {
    type: 'command-finished',
    command: action.command,
    attempt: action.attempt,
    exit,
    durationMs,
    ...(await judged(action, result, outputFile)),
    output: { ...output, file: action.output },
    ...(silentMs >= leastSilence ? { silentMs } : {}),
    changed,
    ...(stateChanges.length > 0 ? { stateChanges } : {}),
    ...(pipeStatus ? { pipeStatus } : {}),
    ...(needsTerminal ? { needsTerminal } : {}),
    ...(background.length > 0 ? { background } : {}),
  };
}

/** What the author said the output must contain decides over a command that otherwise went well. */
async function judged(
  { expect }: Execute,
  { verdict, reason }: ExecutionResult,
  outputFile: string,
): Promise<Pick<Extract<RunEvent, { type: 'command-finished' }>, 'verdict' | 'reason'>> {
  if (verdict === 'succeeded' && expect !== undefined) {
    // An output that cannot be read again has not shown what it must.
    const holds = await outputHolds(outputFile, expect).catch(
      (error: Error) => `its output cannot be read: ${error.message}`,
    );
    if (holds !== true)
      return { verdict: 'failed', reason: holds || `its output does not contain ${expect}` };
  }
  return { verdict, ...(reason ? { reason } : {}) };
}

/** What a command left behind, and what went wrong on our side, as notes of the step. */
export function notesOf(
  { background, faults }: ExecutionResult,
  step: string | undefined,
): readonly RunEvent[] {
  const left = background.map(
    ({ pid, command }) => `still running in the background: ${command} (pid ${pid})`,
  );
  return [...left, ...faults].map((text) => ({ type: 'note-added', text, ...(step ? { step } : {}) }));
}

/** The event of a command that could not even begin. */
export function finishedUnstarted(
  action: Pick<Execute, 'command' | 'attempt' | 'output'>,
  error: string,
): RunEvent {
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
