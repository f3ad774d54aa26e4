/** Enough for the objects of a few frames, in bytes. */
const enough = 4_000_000;
const lookEveryMs = 50;

/**
 * Stops the heap for new objects from growing once it is large enough. V8 lets it grow to 64 MB as soon as a screen is
 * drawn ten times a second, for objects that are all gone by the next frame: a machine in trouble has better use for
 * them. What calculates without a pause (a long journal that is read) still gets what it asks for.
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
}
