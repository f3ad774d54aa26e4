import type { EffectContext } from './context.ts';
import type { Connection, EffectClass, Thing } from './effect.ts';
import type { Input } from './input.ts';
import type { Options } from './options.ts';
import type { Span, Word } from './word.ts';

/** One command as the shell would start it: what a tool's table is asked about. */
export interface Call {
  /** Name without its folder: `psql` for `/usr/bin/psql`. */
  readonly name: string;
  readonly args: readonly Word[];
  readonly options: Options;
  readonly operands: readonly Word[];
  readonly stdin: Input | undefined;
  /** Variables set in front of the command, by name. */
  readonly environment: ReadonlyMap<string, Word>;
  readonly span: Span;
  readonly reader: Reader;
}

/** What a tool may do with what it found. Implemented by the walker of shell trees. */
export interface Reader {
  readonly context: EffectContext;
  /** True inside a container or on another host: files of this machine mean nothing there. */
  readonly elsewhere: boolean;
  add(effect: EffectClass, reason: string, span: Span, hits?: Thing): undefined;
  connect(connection: Omit<Connection, 'start' | 'end'>, span: Span): undefined;
  mark(flags: { interactive?: boolean; background?: boolean; longRunning?: boolean }): undefined;
  fail(message: string, span: Span): undefined;
  /** Reads words as a command of its own: `sudo` + words. */
  command(words: readonly Word[], around: Around): undefined;
  /** Reads text as a shell script: `bash -c` + text. */
  shell(
    script: Word,
    around: Around & {
      readonly positional?: readonly Word[] | undefined;
      readonly sourced?: boolean;
    },
  ): undefined;
  /** A file of this machine is written, which destroys it where it is known to exist. */
  writes(path: Word, verb?: string): undefined;
  /** Whether a file of this machine is there; undefined where nobody knows. `name`: the path, where it is not the word. */
  exists(path: Word, name?: string): boolean | undefined;
  /** The shell goes to another folder, undefined where that is not known. */
  move(folder: Word | undefined): undefined;
  fileText(path: Word): string | undefined;
  /** A variable's known value. */
  value(name: string): string | undefined;
  /** Forgets a variable's value: `read NAME`. */
  forget(name: string): undefined;
  /** Gives a name a meaning of its own: `alias`, `hash -p`. */
  define(name: string, body: Word): undefined;
  /** `$1`, `$2` … become others: `set -- …`, `shift`. Undefined: nobody knows them. */
  rearrange(change: (before: readonly Word[]) => readonly Word[] | undefined): undefined;
}

/** What surrounds an inner command. */
export interface Around {
  readonly stdin?: Input | undefined;
  readonly span: Span;
  /** Said after each reason: "in container db", "on host db1". */
  readonly place?: string | undefined;
  readonly environment?: ReadonlyMap<string, Word>;
  /** Functions do not count: `command`, `sudo`, `xargs`. */
  readonly external?: boolean;
}
