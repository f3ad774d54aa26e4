import type { Execution } from '../execution/execution.ts';
import type { Action } from '../run/decision.ts';
import type { Live, LiveTypical } from '../run/session.ts';

/** A running command as the front ends see it; `typical` says how long it took before, where that is known by now. */
export function liveOf(
  { command, attempt, timeoutMs }: Extract<Action, { kind: 'execute' }>,
  execution: Execution,
  typical: () => LiveTypical | undefined,
): Live {
  const startedAt = Date.now();
  return {
    command,
    attempt,
    startedAt,
    timeoutMs,
    get typical() {
      return typical();
    },
    get pid() {
      return execution.pid;
    },
    get bytes() {
      return execution.screen.bytes;
    },
    get lines() {
      return execution.screen.lines;
    },
    get silentFor() {
      return Date.now() - (execution.screen.lastAt ?? startedAt);
    },
    get silent() {
      return execution.silent;
    },
    get stderrBytes() {
      return execution.stderr.bytes;
    },
    get stopping() {
      return execution.stopping;
    },
    get progress() {
      return execution.progress;
    },
    tail: (rows, columns) => execution.screen.tail(rows, columns),
    stderrTail: (rows, columns) => execution.stderr.tail(rows, columns),
  };
}
