/** Enough for the objects of a few frames, in bytes. */
const enough = 4_000_000;
const lookEveryMs = 50;
/** Who stays longer than this, in milliseconds, stays for a while; and how far the old objects may grow from then on. */
const longMs = 10_000;
const growthPercent = 30;

/**
 * Stops the heap for new objects from growing once it is large enough. V8 lets it grow to 64 MB as soon as a screen is
 * drawn ten times a second, for objects that are all gone by the next frame: a machine in trouble has better use for
 * them. What calculates without a pause (a long journal that is read) still gets what it asks for.
 *
 * Nor do old objects become several times what is needed before they are looked through, as V8 lets them at first: after
 * an hour of commands that would be a hundred megabytes of what nobody wants any more.
 */
export function keepNewSpaceSmall(): void {
  const timer = setInterval(async () => {
    // Not before the first frame: what is not needed for it waits.
    const { getHeapSpaceStatistics, setFlagsFromString } = await import('node:v8');
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (space && space.space_size < enough) return;
    clearInterval(timer);
    setFlagsFromString('--semi-space-growth-factor=1');
  }, lookEveryMs);
  timer.unref();
  setTimeout(() => void keepOldSpaceSmall().catch(() => undefined), longMs).unref();
}

async function keepOldSpaceSmall(): Promise<void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ]);
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // When they are looked through next is decided by a look through them: some hundredths of a second, this once.
  setFlagsFromString('--expose-gc');
  await runInNewContext('gc')({ type: 'major', execution: 'async' });
}
