import type { Execution } from '../execution/execution.ts';
import type { Live } from '../run/session.ts';

/** A running command as the front ends see it. */
export function liveOf(
  { command, attempt }: { readonly command: string; readonly attempt: number },
  execution: Execution,
): Live {
  const startedAt = Date.now();
  return {
    command,
    attempt,
    startedAt,
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
