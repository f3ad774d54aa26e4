import type { FileHandle } from 'node:fs/promises';
import type { Recorded, RunEvent } from '../run/event.ts';
import { writeWhole } from './disk.ts';
import { diskFault, errorCode, JournalFault } from './fault.ts';
import { type Head, hashLine, lineOf } from './line.ts';
import { type Mask, masked } from './masking.ts';
import { begins, makeReserve, spendReserve } from './reserve.ts';
import { eventFault, opensJournal } from './schema.ts';

/** The append-only file of a run's events. */
export interface Journal {
  /** The run's folder. */
  readonly folder: string;
  readonly file: string;
  head(): Head;
  /**
   * Writes one event and resolves once it is on the disk (fdatasync) with what was written: stamped and masked.
   * Rejects with a JournalFault that says what to do where the disk refuses; the journal is then as it was.
   */
  append(event: RunEvent): Promise<Recorded>;
  /** The same for several events with one write: all of them, or none. */
  appendAll(events: readonly RunEvent[]): Promise<readonly Recorded[]>;
  /** Waits for what is being written, closes the file and gives the reserved space back. */
  close(): Promise<void>;
}

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** Where a file ends that is gone on with. */
export interface End {
  readonly head: Head;
  /** Bytes of the file up to and with the last newline. */
  readonly size: number;
  /** Milliseconds since the epoch of the newest event. */
  readonly time: number;
}

/** Writes the lines of one open journal, one after the other. */
export class JournalWriter implements Journal {
  readonly folder: string;
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #operator: string;
  readonly #now: Clock;
  readonly #mask: Mask;
  #end: End;
  #queue: Promise<unknown> = Promise.resolve();
  /** A part of a line may stand after `#end.size`; it must go before anything is written. */
  #ragged = false;
  #closed = false;

  constructor(
    folder: string,
    file: string,
    handle: FileHandle,
    operator: string,
    now: Clock,
    mask: Mask,
    end: End,
  ) {
    this.folder = folder;
    this.file = file;
    this.#handle = handle;
    this.#operator = operator;
    this.#now = now;
    this.#mask = mask;
    this.#end = end;
  }

  head(): Head {
    return this.#end.head;
  }

  async append(event: RunEvent): Promise<Recorded> {
    const [recorded] = await this.appendAll([event]);
    return recorded!;
  }

  async appendAll(events: readonly RunEvent[]): Promise<readonly Recorded[]> {
    if (this.#closed) throw new JournalFault(`${this.file} is closed. Resume the run to go on.`, this.file);
    const turn = this.#queue.then(() => this.#write(events));
    // A refused event must not keep later ones (the end of the run) from being tried.
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue;
    await this.#handle.close();
    // Thousands of ended runs must not keep space that only a living one needs.
    await spendReserve(this.folder).catch(() => false);
  }

  async #write(events: readonly RunEvent[]): Promise<readonly Recorded[]> {
    if (events.length === 0) return [];
    const { lines, end } = this.#stamp(events.map((event) => this.#checked(event)));
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    try {
      if (this.#ragged) await this.#cut();
      await this.#assertOurs();
      if (events.some(begins)) await makeReserve(this.folder);
      await this.#put(bytes, events);
    } catch (error) {
      throw diskFault(error, this.file, 'written');
    }
    this.#end = { ...end, size: this.#end.size + bytes.length };
    return lines.map((line) => JSON.parse(line) as Recorded);
  }

  #checked(event: RunEvent): RunEvent {
    const covered = masked(event, this.#mask);
    const fault = eventFault(covered);
    if (fault) throw new TypeError(`an event of type ${event.type} has the wrong shape: ${fault}`);
    return covered;
  }

  #stamp(events: readonly RunEvent[]): { readonly lines: readonly string[]; readonly end: End } {
    let { head, time } = this.#end;
    const lines = events.map((event) => {
      const seq = head.seq + 1;
      if (seq === 1 ? !opensJournal(event.type) : event.type === 'run-started')
        throw new TypeError(`a journal begins with run-started, once; line ${seq} would be ${event.type}`);
      // A clock that was set back must not make an effect older than its cause.
      time = Math.max(time, this.#now());
      const stamp = { seq, time: new Date(time).toISOString(), operator: this.#operator, prev: head.hash };
      const line = lineOf(stamp, event);
      head = { seq, hash: hashLine(line) };
      return line;
    });
    return { lines, end: { head, time, size: this.#end.size } };
  }

  /** Another writer, or a folder that was removed under us, would make what we write worthless. */
  async #assertOurs(): Promise<void> {
    const { size, nlink } = await this.#handle.stat();
    if (nlink === 0)
      throw new JournalFault(
        `${this.file} was removed while the run was going on. Nothing more can be recorded: stop, and write down what was done.`,
        this.file,
      );
    if (size !== this.#end.size)
      throw new JournalFault(
        `${this.file} was changed by another program while the run was going on. Stop that program, then resume the run.`,
        this.file,
      );
  }

  async #put(bytes: Uint8Array, events: readonly RunEvent[]): Promise<void> {
    try {
      await this.#durably(bytes);
    } catch (error) {
      const full = errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT';
      if (!full || events.some(begins) || !(await spendReserve(this.folder))) throw error;
      await this.#durably(bytes);
    }
  }

  async #durably(bytes: Uint8Array): Promise<void> {
    this.#ragged = true;
    try {
      await writeWhole(this.#handle, bytes, this.#end.size);
      await this.#handle.datasync();
      this.#ragged = false;
    } catch (error) {
      // If even this fails, the next write tries it again first; and the reader cuts it in any case.
      await this.#cut().catch(() => undefined);
      throw error;
    }
  }

  async #cut(): Promise<void> {
    await this.#handle.truncate(this.#end.size);
    this.#ragged = false;
  }
}
