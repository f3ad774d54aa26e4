/** What a command would do, from the mildest to the worst; `unknown` stands apart and is never safe. */
export const effectClasses = ['reads', 'changes', 'unknown', 'destroys'] as const;

export type EffectClass = (typeof effectClasses)[number];

/** One thing that a command would do, with the words for it. */
export interface Effect {
  readonly class: EffectClass;
  /** In plain words: "DROP SCHEMA public CASCADE". */
  readonly reason: string;
  /** Offsets into the command's text. */
  readonly start: number;
  readonly end: number;
  readonly hits?: Thing;
  /** It happens at the far end of one of the reading's connections, and nowhere else. */
  readonly connected?: boolean;
}

/** What an effect falls on. */
export interface Thing {
  readonly kind:
    | 'database'
    | 'path'
    | 'bucket'
    | 'service'
    | 'host'
    | 'container'
    | 'cluster'
    | 'sessions'
    | 'other';
  readonly name: string;
  /** A file that is there now and whose content the command replaces by its own. */
  readonly replaced?: true;
}

/** A connection that a command would open, as far as its text says; undefined parts come from the environment. */
export interface Connection {
  readonly tool: string;
  readonly url?: string;
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly database?: string;
  readonly service?: string;
  /** Not from this machine: "in container db", "on host db1". */
  readonly within?: string;
  readonly start: number;
  readonly end: number;
}

/** Everything read from one command. */
export interface Reading {
  /** The worst class among `effects`; `reads` only where everything in the command is known to read. */
  readonly class: EffectClass;
  readonly effects: readonly Effect[];
  readonly connections: readonly Connection[];
  /** Wants the terminal: psql without a statement, ssh without a command, watch. */
  readonly interactive: boolean;
  readonly background: boolean;
  /** Does not end by itself: `tail -f`, `watch`. */
  readonly longRunning: boolean;
  /** Set where the text could not be parsed; the class is then at least `unknown`. */
  readonly syntaxError?: { readonly message: string; readonly start: number; readonly end: number };
}
