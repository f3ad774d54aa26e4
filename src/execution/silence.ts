import type { OutputScreen } from './output-screen.ts';

/**
 * Calls `onSilence` once each time that nothing has come for `silenceMs`. It flags and never kills: a dump may well
 * say nothing for minutes. Returns what stops the watch.
 */
export function watchSilence(
  screen: OutputScreen,
  silenceMs: number | undefined,
  onSilence: (() => void) | undefined,
): () => void {
  if (silenceMs === undefined || onSilence === undefined) return () => {};
  let toldAt = -1;
  const timer = setInterval(
    () => {
      if (Date.now() - screen.lastAt < silenceMs || toldAt === screen.bytes) return;
      toldAt = screen.bytes;
      onSilence();
    },
    Math.max(20, Math.min(1000, silenceMs / 4)),
  );
  timer.unref();
  return () => clearInterval(timer);
}
