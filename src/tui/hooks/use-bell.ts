import { useStdout } from 'ink';
import { useEffect, useRef } from 'react';
import type { RunState } from '../../run/state.ts';

/** A command that ran longer than this has been left alone by its operator. Milliseconds. */
const long = 20_000;

/** Rings once when a long command has ended: somebody may be looking elsewhere. */
export function useBell({ running, parts }: RunState): void {
  const { stdout } = useStdout();
  const before = useRef(running);
  useEffect(() => {
    const was = before.current;
    before.current = running;
    if (!was || running) return;
    const ended = parts[was.command]?.attempts.find((attempt) => attempt.attempt === was.attempt)?.finished;
    // BEL moves nothing on the screen, so that it may go past Ink.
    if (ended && ended.durationMs > long) stdout.write('\u0007');
  }, [running, parts, stdout]);
}
