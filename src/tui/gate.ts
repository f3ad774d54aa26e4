import type { Action } from './action.ts';

export interface Asked {
  /** The question as it would be put at this moment, where the run may have moved on since the last frame. */
  readonly now?: (() => string) | undefined;
  /** Which row is marked, where the question is a list. */
  readonly mark?: string | undefined;
}

export interface Acting {
  /** What the key does: pressed twice before a frame, it acts once. */
  readonly action?: Action;
  /** It acts on the marked row, not on the screen as a whole. */
  readonly onMark?: boolean;
}

interface Waiting extends Acting {
  readonly question: string;
  readonly act: () => void;
  readonly drop: () => void;
}

/**
 * Lets a key act only on what its presser could see. A question is named when it is committed and counts as seen when a
 * frame with it was painted: a key that came before is dropped. Within one question no key is lost: one that comes
 * faster than the frames waits for the next frame, and acts if the question is still the same by then. A mark that the
 * operator moved himself is known to him before it is painted; one that moved otherwise (the list came in, letters were
 * typed) is not, so Enter on it is dropped. No clock is involved.
 */
export class Gate {
  #asked: string | undefined;
  #now: (() => string) | undefined;
  #mark: string | undefined;
  #shown: string | undefined;
  #shownMark: string | undefined;
  /** The mark has moved since the last frame, and not by a key that moves it. */
  #astray = false;
  #moving = false;
  #acting: Acting | undefined;
  /** What has acted since the last frame, on a question that stayed. */
  #spent: Acting | undefined;
  #waiting: Waiting[] = [];
  readonly #listeners = new Set<() => void>();

  /** A frame with this question is about to be painted. */
  ask(question: string, { now, mark }: Asked = {}): void {
    if (question !== this.#asked) {
      this.#shown = undefined;
      this.#spent = undefined;
      this.#astray = false;
      for (const { drop } of this.#waiting.splice(0)) drop();
    } else if (mark !== this.#mark && !this.#moving) this.#astray = true;
    this.#asked = question;
    this.#now = now;
    this.#mark = mark;
  }

  /** The frame of the last question is on the screen. */
  painted(): void {
    this.#shown = this.#asked;
    this.#shownMark = this.#mark;
    this.#astray = false;
    this.#spent = undefined;
    this.#goOn();
  }

  get open(): boolean {
    return this.#verdict({}) === 'act';
  }

  /** Does what only moves a mark or a page: at once, for its presser knows where it goes. */
  move(task: () => void | Promise<void>): void {
    this.#moving = true;
    void task();
    // The screen commits what a key changed within the same turn: what moves the mark after that is not the key.
    queueMicrotask(() => {
      this.#moving = false;
    });
  }

  /**
   * Does the task as soon as the gate lets it, and asks for a new frame afterwards. False where the key was dropped.
   * A task's error is given to `failed`.
   */
  async act(
    task: () => void | Promise<void>,
    failed: (error: unknown) => void,
    acting: Acting = {},
  ): Promise<boolean> {
    const question = this.#asked;
    const verdict = this.#verdict(acting);
    if (verdict === 'drop' || question === undefined) return false;
    if (verdict === 'act' && this.#waiting.length === 0) return this.#do(question, task, failed, acting);
    return new Promise((resolve) => {
      this.#waiting.push({
        ...acting,
        question,
        act: () => void this.#do(question, task, failed, acting).then(resolve),
        drop: () => resolve(false),
      });
    });
  }

  /** Called whenever a frame is needed to open the gate again. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #do(
    question: string,
    task: () => void | Promise<void>,
    failed: (error: unknown) => void,
    acting: Acting,
  ): Promise<boolean> {
    this.#acting = acting;
    try {
      await task();
    } catch (error) {
      failed(error);
    } finally {
      this.#acting = undefined;
      // The same question still: it was answered once, and counts again only when it has been painted again.
      if (this.#asked === question) this.#spent = acting;
      for (const listener of this.#listeners) listener();
    }
    return true;
  }

  /** Lets what waited act, one key a frame. */
  #goOn(): void {
    for (let next = this.#waiting[0]; next && this.#acting === undefined; next = this.#waiting[0]) {
      const verdict = next.question === this.#asked ? this.#verdict(next) : 'drop';
      if (verdict === 'wait') return;
      this.#waiting.shift();
      if (verdict === 'drop') next.drop();
      else {
        next.act();
        return;
      }
    }
  }

  #verdict({ action, onMark = false }: Acting): 'act' | 'wait' | 'drop' {
    if (this.#asked === undefined || this.#shown !== this.#asked) return 'drop';
    if (this.#now !== undefined && this.#now() !== this.#asked) return 'drop';
    const before = this.#acting ?? this.#spent;
    if (before) return before.action === action ? 'drop' : 'wait';
    if (onMark && this.#mark !== this.#shownMark) return this.#astray ? 'drop' : 'wait';
    return 'act';
  }
}
