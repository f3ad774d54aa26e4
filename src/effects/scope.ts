import type { Word } from './word.ts';

/** A function's body, where it may not be the only meaning of its name. */
export interface Definition {
  readonly bodies: readonly Word[];
  /** Defined on some paths only: the command of that name may run as well. */
  readonly maybe: boolean;
}

/** More values than this of one variable are not followed. */
const mostCandidates = 8;

/** What the shell knows at one place of a script. */
export class Scope {
  readonly #variables: Map<string, string | undefined>;
  readonly #functions: Map<string, Definition>;
  readonly #candidates: Map<string, readonly string[]>;
  readonly positional: readonly Word[] | undefined;
  /** Inside an `if`, a loop, a `case`, or on the right of `&&`: what is set there may not be set. */
  readonly conditional: boolean;

  constructor(
    variables: Map<string, string | undefined>,
    functions: Map<string, Definition>,
    positional?: readonly Word[],
    conditional = false,
    candidates: Map<string, readonly string[]> = new Map(),
  ) {
    this.#candidates = candidates;
    this.#variables = variables;
    this.#functions = functions;
    this.positional = positional;
    this.conditional = conditional;
  }

  /** For a subshell: what it sets stays in it. */
  copy(positional: readonly Word[] | undefined = this.positional): Scope {
    return new Scope(
      new Map(this.#variables),
      new Map(this.#functions),
      positional,
      false,
      new Map(this.#candidates),
    );
  }

  /** For a part that may not run: what it sets is seen later, but not trusted. */
  maybe(): Scope {
    return new Scope(this.#variables, this.#functions, this.positional, true, this.#candidates);
  }

  /** For a function's body, which changes its caller's variables. */
  calling(positional: readonly Word[] | undefined): Scope {
    return new Scope(this.#variables, this.#functions, positional, this.conditional, this.#candidates);
  }

  value(name: string): string | undefined {
    return this.#variables.get(name);
  }

  /** `undefined`: nobody knows any longer. On a path that may not run, a second value makes it unknown. */
  assign(name: string, value: string | undefined): undefined {
    const before = this.candidates(name);
    if (value !== undefined && this.conditional && before.length < mostCandidates && !before.includes(value))
      this.#candidates.set(name, [...before, value]);
    this.#variables.set(name, this.conditional ? undefined : value);
  }

  /** Values that a variable may have: set on paths that may not run. */
  candidates(name: string): readonly string[] {
    return this.#candidates.get(name) ?? [];
  }

  define(name: string, body: Word): undefined {
    const before = this.#functions.get(name);
    if (!this.conditional) this.#functions.set(name, { bodies: [body], maybe: false });
    else
      this.#functions.set(name, { bodies: [...(before?.bodies ?? []), body], maybe: before?.maybe ?? true });
  }

  undefine(name: string): undefined {
    const before = this.#functions.get(name);
    if (before) this.#functions.set(name, { ...before, maybe: true });
  }

  definition(name: string): Definition | undefined {
    return this.#functions.get(name);
  }
}
