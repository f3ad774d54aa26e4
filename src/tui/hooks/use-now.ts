import { useEffect, useState } from 'react';

/** Milliseconds since the epoch, renewed every `interval` milliseconds; standing still without one. */
export function useNow(interval: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (interval === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
