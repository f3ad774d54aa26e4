import type { Journal } from '../journal/journal.ts';
import type { RunEvent } from '../run/event.ts';
import { apply, fold } from '../run/fold.ts';
import type { Seen } from '../run/read.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';

/**
 * The facts of a run, twice: as they are on disk and may be shown, with every secret masked, and as they are. What
 * runs must be decided from the second: a mask in the place of a word would make another command of it.
 */
export class Facts {
  readonly #journal: Journal;
  readonly #events: RecordedEvent[];
  #shown: RunState;
  #exact: RunState;

  /**
   * `exact` are the same events without masks, as far as they are known, and `folded` is what those add up to, where
   * somebody has asked already.
   */
  constructor(
    journal: Journal,
    events: readonly RecordedEvent[],
    exact: readonly RecordedEvent[],
    folded: RunState = fold(exact),
  ) {
    this.#journal = journal;
    this.#events = [...events];
    this.#exact = folded;
    this.#shown = exact === events ? folded : fold(events);
  }

  /** Masked, as on disk. */
  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** For the front ends and the entry. */
  get shown(): RunState {
    return this.#shown;
  }

  /** For decisions and for what is run; never for a screen or a file. */
  get exact(): RunState {
    return this.#exact;
  }

  /** Lays in what was seen of the files that a command names. True where that changed anything. */
  see(command: string, seen: Seen | undefined): boolean {
    const { paths, texts } = this.#exact;
    const now = {
      ...(seen && Object.keys(seen.paths).length > 0 ? { paths: { [command]: seen.paths } } : {}),
      ...(seen && Object.keys(seen.texts).length > 0 ? { texts: { [command]: seen.texts } } : {}),
    };
    if (JSON.stringify(now) === JSON.stringify({ ...(paths && { paths }), ...(texts && { texts }) }))
      return false;
    const one = this.#shown === this.#exact;
    const { paths: _paths, texts: _texts, ...shown } = this.#shown;
    const { paths: _old, texts: _before, ...exact } = this.#exact;
    this.#shown = { ...shown, ...now };
    this.#exact = one ? this.#shown : { ...exact, ...now };
    return true;
  }

  /** Resolves once the facts are on disk; rejects with a JournalFault, and then nothing has changed. */
  async append(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    const recorded = await this.#journal.appendAll(events);
    this.#events.push(...recorded);
    this.#shown = recorded.reduce(apply, this.#shown);
    this.#exact = recorded.reduce(
      (state, { seq, time, operator, prev }, index) =>
        apply(state, { ...events[index]!, seq, time, operator, prev }),
      this.#exact,
    );
  }
}
