import type { Connection, Effect, Reading } from './effect.ts';
import { worst } from './severity.ts';

/** What reading the scripts inside a text may cost, so that functions that call each other cannot go on forever. */
const budget = 2_000_000;
const perScript = 200;

/** Collects what is found in one command while its syntax tree is walked. */
export class Account {
  readonly #effects: Effect[] = [];
  readonly #seen = new Set<string>();
  readonly #connections: Connection[] = [];
  #syntaxError: Reading['syntaxError'];
  #spent = 0;
  #interactive = false;
  #background = false;
  #longRunning = false;

  /** The same thing said twice of the same place is kept once: a function called in a loop, a script read twice. */
  add(effect: Effect): undefined {
    const key = `${effect.class} ${effect.start} ${effect.end} ${effect.reason}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#effects.push(effect);
  }

  connect(connection: Connection): undefined {
    const key = JSON.stringify(connection);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#connections.push(connection);
  }

  mark(flags: { interactive?: boolean; background?: boolean; longRunning?: boolean }): undefined {
    this.#interactive ||= flags.interactive ?? false;
    this.#background ||= flags.background ?? false;
    this.#longRunning ||= flags.longRunning ?? false;
  }

  /** Takes the cost of one more script of so many code units; false where there is nothing left. */
  spend(length: number): boolean {
    this.#spent += length + perScript;
    return this.#spent <= budget;
  }

  /** Keeps the first one. */
  fail(message: string, start: number, end: number): undefined {
    this.#syntaxError ??= { message, start, end };
  }

  reading(): Reading {
    return {
      class: worst(this.#effects.map((effect) => effect.class)),
      effects: this.#effects,
      connections: this.#connections,
      interactive: this.#interactive,
      background: this.#background,
      longRunning: this.#longRunning,
      ...(this.#syntaxError && { syntaxError: this.#syntaxError }),
    };
  }
}
