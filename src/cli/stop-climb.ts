import type { Execution } from '../execution/execution.ts';

/** Between two rungs of the ladder when nobody is there to climb it, in milliseconds. */
export const stopGraceMs = 5000;

/** Sends the whole ladder to what runs, with time to heed each rung, and waits for its end. */
export async function climb(execution: Execution): Promise<void> {
  execution.interrupt();
  const climbing = setInterval(() => execution.interrupt(), stopGraceMs);
  await execution.done;
  clearInterval(climbing);
}
