import type { ObjectStore } from '../backup/object-store.ts';
import { utc } from '../incident/format.ts';
import type { Claim } from '../incident/shared/claim.ts';
import { giveRun, mirrorRun } from '../incident/shared/give.ts';
import { takenFromHere } from '../incident/shared/gone.ts';
import type { Session } from '../run/session.ts';

/** A journal that grows is put into the store at most this often, in milliseconds. */
const mirrorMs = 1000;

/** So often a machine that may have slept looks whether somebody has taken its run over, in milliseconds. */
const lookMs = 10_000;

/**
 * Keeps a run's journal in a shared store while it goes on, and gives the run away when it is handed over. A store
 * that fails never stops the run: the next change tries again. Where somebody has taken the run over because this
 * machine was said to be gone, the run stops here and the store is left to them.
 */
export class Sharing {
  readonly #session: Session;
  readonly #opening: Promise<ObjectStore>;
  readonly #mask: ((text: string) => string) | undefined;
  readonly #stateFolder: string;
  #mirrored = 0;
  #known: ReadonlyMap<string, Buffer> = new Map();
  #given = false;
  #turn: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #lost = false;
  readonly #looking: NodeJS.Timeout;

  /** `mask` knows the secrets of the run; without it nothing of what its shell held is given away. */
  constructor(
    session: Session,
    opening: Promise<ObjectStore>,
    mask: ((text: string) => string) | undefined,
    stateFolder: string,
  ) {
    this.#session = session;
    this.#stateFolder = stateFolder;
    this.#opening = opening;
    this.#mask = mask;
    // What went wrong is told by `close`.
    opening.catch(() => undefined);
    session.subscribe(() => this.#soon());
    this.#looking = setInterval(() => this.#begin(), lookMs).unref();
    this.#soon();
  }

  /** Somebody else goes on with the run. */
  get isTaken(): boolean {
    return this.#lost;
  }

  /** Brings the store up to date once more. Resolves to what is wrong, as a sentence, or to undefined where others see everything. */
  async close(): Promise<string | undefined> {
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
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
      this.#begin();
    }, mirrorMs).unref();
  }

  #begin(): void {
    this.#turn ??= this.#share().finally(() => {
      this.#turn = undefined;
      if (!this.#problem) this.#soon();
    });
  }

  #isShared(): boolean {
    const { seq, status } = this.#session.state();
    return this.#lost || (this.#mirrored === seq && (this.#given || status !== 'handed-over'));
  }

  async #share(): Promise<void> {
    if (this.#lost) return;
    const { seq, status, started } = this.#session.state();
    if (status === 'finished' && this.#isShared()) return;
    try {
      const store = await this.#opening;
      const by = await takenFromHere(store, started.run, this.#session.events(), this.#stateFolder);
      if (by) return await this.#stop(by);
      if (this.#isShared()) return;
      if (status === 'handed-over') {
        await giveRun(store, this.#session.folder, this.#mask);
        this.#given = true;
      } else this.#known = await mirrorRun(store, started.run, this.#session.folder, this.#mask, this.#known);
      this.#mirrored = seq;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = `the run could not be shared: ${(error as Error).message}`;
    }
  }

  /** Two that go on with one run would each do what the other does. A command that runs is waited for. */
  async #stop({ operator, host, at }: Claim): Promise<void> {
    this.#lost = true;
    this.#problem = `${operator} on ${host} has taken the run over since ${utc(at)}; what was done here after that is not in their record`;
    await this.#session.settled().catch(() => undefined);
    if (this.#session.state().status === 'running')
      await this.#session.dispatch({ type: 'stop', reason: `${operator} on ${host} has taken the run over` });
  }
}
