/** Milliseconds that nobody wonders about. */
const momentMs = 700;

/**
 * Waits for what must be given back, and says so where it takes longer than a moment: the screens are gone by then,
 * and an empty terminal that does not answer looks like one that hangs. Rejects as the closing does.
 */
export async function closeAloud(closing: Promise<void>, say: (words: string) => void): Promise<void> {
  const clock = setTimeout(
    () => say('Giving back what was held: what still starts is waited for, then stopped …\n'),
    momentMs,
  );
  try {
    await closing;
  } finally {
    clearTimeout(clock);
  }
}
