type Handler = (error: NodeJS.ErrnoException) => void;

let handler: Handler | undefined;

/**
 * Takes over what happens when standard output is lost (its reader is gone, its disk is full), until the function
 * that comes back is called. A run has something to stop and to write down first.
 */
export function whenOutputIsLost(during: Handler): () => void {
  const before = handler;
  handler = during;
  return () => {
    handler = before;
  };
}

/** Tells whoever has taken over; false where nobody has. May come again for each text that was not written. */
export function outputIsLost(error: NodeJS.ErrnoException): boolean {
  handler?.(error);
  return handler !== undefined;
}
