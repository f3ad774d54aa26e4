import type { Options } from '../effects/options.ts';
import type { Span, Word } from '../effects/word.ts';

/** Where a command's output goes: to a file. */
export interface Diverted {
  readonly file: Word;
  readonly appends: boolean;
}

/** What feeds a command. */
export type Feed =
  | { readonly kind: 'file'; readonly path: Word }
  | { readonly kind: 'text'; readonly text: Word }
  | { readonly kind: 'pipe' }
  | { readonly kind: 'nothing' };

/** Commands joined by `|`. */
export interface Pipeline extends Span {
  /** Of each stage, the commands that it starts; wrappers and what they start stand together. */
  readonly stages: Invocation[][];
  /** Somewhere before it, in the same script, `set -o pipefail` stands. */
  readonly pipefail: boolean;
}

/** One command as it would be started, with what surrounds it. Wrappers (`sudo`, `railway run`) and what they start are both listed. */
export interface Invocation extends Span {
  readonly name: string;
  /** Without the name. */
  readonly words: readonly Word[];
  readonly options: Options;
  readonly operands: readonly Word[];
  /** Variables set in front of it. */
  readonly environment: ReadonlyMap<string, Word>;
  /** Names of the wrappers around it, outermost first. */
  readonly within: readonly string[];
  readonly feed?: Feed;
  readonly output?: Diverted;
  readonly pipeline?: Pipeline;
  /** Index of its stage in the pipeline; 0 where there is none. */
  readonly stage: number;
  readonly background: boolean;
  /** Its exit code is looked at: a condition, `!`, the left of `||`. */
  readonly tested: boolean;
  /** It stands to the left of `&&`, or of `||`: the rest of that list. */
  readonly followedBy: string;
  /** Inside `$( )` or backquotes. */
  readonly captured: boolean;
  /** Inside a loop. */
  readonly looped: boolean;
  /** The whole statement that it belongs to. */
  readonly statement: Span;
}

/** A variable that a script sets. */
export interface Assignment extends Span {
  readonly name: string;
  readonly value: string;
  readonly exported: boolean;
}

/** The name and the words of an invocation, on one line. */
export function lineOf(invocation: Invocation): string {
  return [invocation.name, ...invocation.words.map((word) => word.text)].join(' ');
}

/** The operands after a verb, for tools with verbs: `env set`; undefined where the verb is another. */
export function afterVerb(invocation: Invocation, verb: string): readonly Word[] | undefined {
  const words = verb.split(' ');
  const fits = words.every((word, index) => invocation.operands[index]?.text === word);
  return fits ? invocation.operands.slice(words.length) : undefined;
}
