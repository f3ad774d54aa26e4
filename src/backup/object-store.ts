/** One object of an object store. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

export interface PutOptions {
  readonly signal?: AbortSignal;
  /** MIME type, for those who look at it in a browser. */
  readonly contentType?: string;
  /** About how many bytes will come, where somebody knows: sizes the parts of a very large upload. */
  readonly expect?: number;
}

/** What may be put: all of it at once, or as it comes. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface Range {
  /** The first byte, from 0. */
  readonly from: number;
  /** The last byte, included; to the end where it is left out. */
  readonly to?: number;
}

export interface GetOptions {
  readonly signal?: AbortSignal;
  readonly range?: Range;
}

export interface ListOptions {
  readonly signal?: AbortSignal;
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** Only keys after this one: where an interrupted listing goes on. */
  readonly after?: string;
  /** Leave out what stands deeper: keys with a further slash after the prefix. */
  readonly flat?: boolean;
}

/**
 * Whole objects by key, somewhere else: S3 and what speaks it, Cloudinary. Keys count from the place that the store
 * was opened at (bucket and prefix). Every method retries what a retry can mend (5xx, slow-down, cut connections),
 * with growing pauses, and then throws a `BackupError` that says what happened, where, and what to do next.
 */
export interface ObjectStore {
  /** For the screen and the journal; without credentials. */
  readonly location: string;
  /** Where one object is, for the screen and the journal. */
  locate(key: string): string;
  /**
   * Writes an object that appears whole or not at all, and only where none has that key: `already-there` otherwise.
   * When the source throws or the signal aborts, nothing is left. Resolves when the store has confirmed the bytes.
   */
  putNew(key: string, content: Content, options?: PutOptions): Promise<{ readonly bytes: number }>;
  /** Writes an object, over whatever has that key; as whole as `putNew`. */
  put(key: string, content: Content, options?: PutOptions): Promise<{ readonly bytes: number }>;
  /** The bytes of an object in order; a connection that is cut in between is taken up where it broke. */
  get(key: string, options?: GetOptions): Promise<AsyncIterable<Buffer>>;
  /** The objects in order of their keys, page by page as they are read. */
  list(options?: ListOptions): AsyncIterable<StoredObject>;
  /** Removes an object; quiet where there is none. */
  delete(key: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** What its owner should know of how it is set up (lifecycle rules, missing protection), where it can be asked. */
  review?(): Promise<readonly StoreFinding[]>;
  /** Lets go of open connections. */
  close(): void;
}

/** Something about a store that may cost somebody a backup. */
export interface StoreFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly rule: string;
  /** What is so, why it matters, what to do. */
  readonly words: string;
}

/** Content as chunks. */
export async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else if (content instanceof Uint8Array) yield content;
  else yield* content;
}
