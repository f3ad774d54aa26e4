import type { IPty } from '@lydell/node-pty';

type PtyModule = typeof import('@lydell/node-pty');

/** The native module, where it is installed and fits this system; undefined elsewhere. */
export async function loadPty(): Promise<PtyModule | undefined> {
  try {
    return await import('@lydell/node-pty');
  } catch {
    return undefined;
  }
}

export interface PtyExit {
  readonly code: number;
  /** Signal number, 0 for none. */
  readonly signal: number;
}

/**
 * Resolves when the child has ended and everything that it wrote has been given to `onBytes`. The module tells the
 * exit only after it has read the pseudo-terminal to its end.
 */
export function ptyEnd(pty: IPty, onBytes: (bytes: Buffer) => void): Promise<PtyExit> {
  // With `encoding: null` the pieces are bytes, whatever the types say.
  const reading = pty.onData((data) => onBytes(data as unknown as Buffer));
  return new Promise((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      reading.dispose();
      resolve({ code: exitCode, signal: signal ?? 0 });
    });
  });
}
