import type { Keys } from './keys.ts';
import type { Range, StoreFinding } from './object-store.ts';

/** One file of a store. */
export interface StoredFile {
  readonly file: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** About how many bytes will come, where somebody knows. */
  readonly expect?: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** A part of the file; all of it where it is left out. */
  readonly range?: Range;
}

/**
 * A place where dumps are kept: flat names, whole files, created once. A store knows nothing of backups and
 * manifests; `catalog.ts` reads those from the names.
 */
export interface Store {
  /** For the screen and the journal; without credentials. */
  readonly location: string;
  /** Where one file of it is, for the screen and the journal. */
  locate(file: string): string;
  /** Every whole file, sorted by name; what is still being written is not among them. */
  list(): Promise<readonly StoredFile[]>;
  /** The bytes of a file in order. Throws a `BackupError` of kind `not-found` where there is none. */
  read(file: string, options?: ReadOptions): Promise<AsyncIterable<Buffer>>;
  /**
   * Writes a file that appears whole or not at all, and only where none has that name (`already-there` otherwise).
   * When the source throws or the signal aborts, nothing is left. Resolves when the bytes are durable.
   */
  write(
    file: string,
    source: AsyncIterable<Uint8Array>,
    options?: WriteOptions,
  ): Promise<{ readonly bytes: number }>;
  /** Removes a file; quiet where there is none. */
  remove(file: string): Promise<void>;
  /**
   * A path that the client tools can open at any place, where the store has one; they can then restore with
   * several jobs without a copy.
   */
  path?(file: string): string;
  /** Makes a folder (0700) on the store's own disk for work in progress; the caller removes it. */
  scratch?(): Promise<string>;
  /** Bytes left and in all, where the store can tell. */
  space?(): Promise<{ readonly free: number; readonly total: number }>;
  /** What its owner should know of how it is set up, where it can be asked. */
  review?(): Promise<readonly StoreFinding[]>;
  /** What opens the encrypted files of it, where somebody gave that. */
  readonly keys?: Keys;
  /** Lets go of open connections, where it has any. */
  close?(): void;
}
