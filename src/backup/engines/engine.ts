import type { Identity } from '../../run/target.ts';
import type { Contents, Selection } from '../contents.ts';
import type { BackupFormat } from '../format.ts';
import type { DatabaseFacts } from '../manifest.ts';

/** A kind of database: how one moment of it is held, dumped and described. */
export interface Engine {
  readonly name: 'postgres' | 'sqlite';
  /** What a dump is kept as where nobody says. */
  readonly format: BackupFormat;
  readonly formats: readonly BackupFormat[];
  /**
   * Holds one moment of a database, ready to be dumped in that format. Everything that can be known to fail (wrong
   * password, missing or too old tools) fails here, as a `BackupError`.
   */
  hold(url: string, format: BackupFormat, options: HoldOptions): Promise<Held>;
}

export interface HoldOptions {
  readonly selection?: Selection;
  /** Parallel jobs of the dump, where the format can. */
  readonly jobs?: number;
  /** Makes a folder for an engine that has to copy first; it removes the folder when the moment is let go. */
  readonly scratch?: () => Promise<string>;
  /** Stops the making of such a copy. */
  readonly signal?: AbortSignal;
}

/** One moment of a database. */
export interface Held {
  readonly identity: Identity;
  /** UTC, ISO 8601, by the server's clock. */
  readonly takenAt: string;
  readonly lsn?: string;
  readonly client: { readonly tool: string; readonly version: string };
  readonly database: DatabaseFacts;
  /** What was found wrong with the database itself, in sentences for the manifest. */
  readonly warnings?: readonly string[];
  /** The bytes to store. The iteration throws where the dump did not end well, however much came before. */
  dump(options: DumpOptions): AsyncIterable<Uint8Array>;
  contents(options: {
    readonly signal?: AbortSignal;
    readonly onTable?: (table: string, done: number, of: number) => void;
  }): Promise<Contents>;
  /** What the server has beside its databases, as SQL; absent where an engine knows no such thing. */
  globals?(signal?: AbortSignal): Promise<string>;
  /** To be called after the dump: completes what does not follow the moment (sequences). */
  complete(contents: Contents): Promise<Contents>;
  close(): Promise<void>;
}

export interface DumpOptions {
  readonly signal?: AbortSignal;
  /** Makes a folder for work in progress; the dump removes it. */
  readonly scratch: () => Promise<string>;
  readonly onTable?: (table: string) => void;
}
