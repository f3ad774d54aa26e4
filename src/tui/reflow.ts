/** What the last frame has put on the screen: the columns that each of its rows takes. */
export interface Frame {
  widths: readonly number[];
}

/** Rows that a frame takes more after the terminal has wrapped it into fewer columns. */
export function rowsGained(widths: readonly number[], columns: number): number {
  return widths.reduce((sum, width) => sum + Math.max(0, Math.ceil(width / Math.max(1, columns)) - 1), 0);
}

/**
 * Clears what Ink does not know of when the window gets narrower. Terminals wrap the frame into more rows than Ink
 * has drawn, and Ink erases as many as it has drawn: the rest would stay above as rubble. To be called at each
 * resize before Ink's own listener, with `held` false while somebody else has the terminal.
 */
export function clearerOf(
  stdout: NodeJS.WriteStream,
  frame: Frame,
  held: () => boolean,
  reflows: boolean,
): () => void {
  let before = stdout.columns;
  return () => {
    const gained = stdout.columns < before ? rowsGained(frame.widths, stdout.columns) : 0;
    before = stdout.columns;
    if (gained > 0 && reflows && held()) stdout.write(`\u001B[${gained}A\u001B[J`);
  };
}
