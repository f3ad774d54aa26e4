import { isStarting } from './starting-variable.ts';
import type { Word } from './word.ts';

/** A function's body, where it may not be the only meaning of its name. */
export interface Definition {
  readonly bodies: readonly Word[];
  /** Defined on some paths only: the command of that name may run as well. */
  readonly maybe: boolean;
}

/** `$1`, `$2` … of the script or function that is being read; undefined where not known. */
interface Frame {
  positional: readonly Word[] | undefined;
}

/** Where the shell stands, seen from where it began: '' there, a path else, undefined where nobody knows. */
interface Place {
  folder: string | undefined;
}

/** More values than this of one variable are not followed. */
const mostCandidates = 8;

/** What the shell knows at one place of a script. */
export class Scope {
  readonly #variables: Map<string, string | undefined>;
  readonly #functions: Map<string, Definition>;
  readonly #candidates: Map<string, readonly string[]>;
  readonly #startings: Map<string, readonly Word[]>;
  readonly #frame: Frame;
  readonly #place: Place;
  /** Inside an `if`, a loop, a `case`, or on the right of `&&`: what is set there may not be set. */
  readonly conditional: boolean;

  constructor(
    variables: Map<string, string | undefined>,
    functions: Map<string, Definition>,
    frame: Frame = { positional: undefined },
    conditional = false,
    candidates: Map<string, readonly string[]> = new Map(),
    startings: Map<string, readonly Word[]> = new Map(),
    place: Place = { folder: '' },
  ) {
    this.#candidates = candidates;
    this.#variables = variables;
    this.#functions = functions;
    this.#startings = startings;
    this.#frame = frame;
    this.#place = place;
    this.conditional = conditional;
  }

  /** For a subshell: what it sets stays in it. */
  copy(positional: readonly Word[] | undefined = this.positional): Scope {
    return new Scope(
      new Map(this.#variables),
      new Map(this.#functions),
      { positional },
      false,
      new Map(this.#candidates),
      new Map(this.#startings),
      { ...this.#place },
    );
  }

  /** For a part that may not run: what it sets is seen later, but not trusted. */
  maybe(): Scope {
    return this.#sharing(this.#frame, true);
  }

  /** For a function's body, which changes its caller's variables. */
  calling(positional: readonly Word[] | undefined): Scope {
    return this.#sharing({ positional }, this.conditional);
  }

  /** For a sourced script without arguments of its own, which also changes the caller's `$1`, `$2` …. */
  inside(): Scope {
    return this.#sharing(this.#frame, this.conditional);
  }

  #sharing(frame: Frame, conditional: boolean): Scope {
    return new Scope(
      this.#variables,
      this.#functions,
      frame,
      conditional,
      this.#candidates,
      this.#startings,
      this.#place,
    );
  }

  get positional(): readonly Word[] | undefined {
    return this.#frame.positional;
  }

  /** `set -- a b`, `shift`; undefined: nobody knows any longer, and on a path that may not run, neither. */
  rearrange(positional: readonly Word[] | undefined): undefined {
    this.#frame.positional = this.conditional ? undefined : positional;
  }

  /** `cd` to a folder, undefined where it is not known. On a path that may not run, nobody knows any longer. */
  move(folder: string | undefined): undefined {
    const to = folder === undefined ? undefined : this.pathOf(folder);
    this.#place.folder = this.conditional ? undefined : to;
  }

  /** A path as it is called from where the shell began; undefined where that is not known. */
  pathOf(path: string): string | undefined {
    const { folder } = this.#place;
    if (/^[/~]/.test(path) || folder === '') return path;
    return folder === undefined ? undefined : `${folder.replace(/\/$/, '')}/${path}`;
  }

  value(name: string): string | undefined {
    return this.#variables.get(name);
  }

  /**
   * `undefined`: nobody knows any longer. On a path that may not run, a second value makes it unknown. `as`: the value
   * as it is written, which is kept of variables that make commands start something.
   */
  assign(name: string, value: string | undefined, as?: Word): undefined {
    const before = this.candidates(name);
    if (value !== undefined && this.conditional && before.length < mostCandidates && !before.includes(value))
      this.#candidates.set(name, [...before, value]);
    this.#variables.set(name, this.conditional ? undefined : value);
    if (as) this.start(name, as);
  }

  /** Keeps the value of a variable that makes commands start something. `PATH=./bin:$PATH` adds to what it was. */
  start(name: string, as: Word): undefined {
    if (!isStarting(name)) return;
    const earlier = this.conditional || !as.known ? (this.#startings.get(name) ?? []) : [];
    this.#startings.set(name, [...earlier, as].slice(-mostCandidates));
  }

  unset(name: string): undefined {
    this.assign(name, undefined);
    if (!this.conditional) this.#startings.delete(name);
    this.undefine(name);
  }

  /** Values that a variable may have: set on paths that may not run. */
  candidates(name: string): readonly string[] {
    return this.#candidates.get(name) ?? [];
  }

  /** Variables set so far that make commands start something, with each value that they may have. */
  startings(): ReadonlyMap<string, readonly Word[]> {
    return this.#startings;
  }

  define(name: string, body: Word): undefined {
    const before = this.#functions.get(name);
    if (!this.conditional) this.#functions.set(name, { bodies: [body], maybe: false });
    else
      this.#functions.set(name, { bodies: [...(before?.bodies ?? []), body], maybe: before?.maybe ?? true });
  }

  /** The function of that name may be gone. */
  undefine(name: string): undefined {
    const before = this.#functions.get(name);
    if (before) this.#functions.set(name, { ...before, maybe: true });
  }

  /** For a text of its own that comes next: what was defined so far has no place in it. */
  settle(): undefined {
    const placeless = (word: Word): Word => ({ ...word, offset: -1, start: 0, end: 0 });
    for (const [name, { bodies, maybe }] of this.#functions)
      this.#functions.set(name, { bodies: bodies.map(placeless), maybe });
    for (const [name, words] of this.#startings) this.#startings.set(name, words.map(placeless));
  }

  definition(name: string): Definition | undefined {
    return this.#functions.get(name);
  }
}
