import type { ObjectStore } from '../backup/object-store.ts';
import { giveRun, mirrorJournal } from '../incident/shared/give.ts';
import type { Session } from '../run/session.ts';

/** A journal that grows is put into the store at most this often, in milliseconds. */
const mirrorMs = 1000;

/**
 * Keeps a run's journal in a shared store while it goes on, and gives the run away when it is handed over. A store
 * that fails never stops the run: the next change tries again.
 */
export class Sharing {
  readonly #session: Session;
  readonly #opening: Promise<ObjectStore>;
  readonly #mask: ((text: string) => string) | undefined;
  #mirrored = 0;
  #given = false;
  #turn: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;

  /** `mask` knows the secrets of the run; without it nothing of what its shell held is given away. */
  constructor(session: Session, opening: Promise<ObjectStore>, mask: ((text: string) => string) | undefined) {
    this.#session = session;
    this.#opening = opening;
    this.#mask = mask;
    // What went wrong is told by `close`.
    opening.catch(() => undefined);
    session.subscribe(() => this.#soon());
    this.#soon();
  }

  /** Brings the store up to date once more. Resolves to what is wrong, or to undefined where others see everything. */
  async close(): Promise<string | undefined> {
    clearTimeout(this.#timer);
    await this.#turn;
    await this.#share();
    const store = await this.#opening.catch(() => undefined);
    store?.close();
    return this.#problem;
  }

  #soon(): void {
    if (this.#timer || this.#turn || this.#isShared()) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#turn = this.#share().finally(() => {
        this.#turn = undefined;
        if (!this.#problem) this.#soon();
      });
    }, mirrorMs).unref();
  }

  #isShared(): boolean {
    const { seq, status } = this.#session.state();
    return this.#mirrored === seq && (this.#given || status !== 'handed-over');
  }

  async #share(): Promise<void> {
    if (this.#isShared()) return;
    const { seq, status, started } = this.#session.state();
    try {
      const store = await this.#opening;
      if (status === 'handed-over') {
        await giveRun(store, this.#session.folder, this.#mask);
        this.#given = true;
      } else await mirrorJournal(store, started.run, this.#session.folder);
      this.#mirrored = seq;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = (error as Error).message;
    }
  }
}
