import { type Layout, type OutputReader, type Place, top } from '../run/output-reader.ts';
import { firstLook, isBehind, type OutputLook, samePlace } from './output-look.ts';

/** More is no text to paste, and terminals throw a longer clipboard sequence away. Characters. */
const mostCopied = 50_000;

/**
 * A window over a recorded output. Keys become tasks that are done one after the other, so that none is lost and none
 * acts on a window that an earlier one has not left; a search that takes long gives way to the next key.
 */
export class OutputView {
  readonly #reader: OutputReader;
  readonly #changed: () => void;
  #columns: number;
  #height: number;
  #wrap = true;
  #first: Place = top;
  #tasks: Promise<void> = Promise.resolve();
  #search: AbortController | undefined;
  #ticking = false;
  #tickAgain = false;
  #look: OutputLook;
  /** The byte of the last find, from where the next one goes on. */
  #hit: number | undefined;
  #closed = false;

  /** Begins at the end and follows it. `changed` is called after every new look. */
  constructor(reader: OutputReader, columns: number, height: number, changed: () => void) {
    this.#reader = reader;
    this.#columns = columns;
    this.#height = Math.max(1, height);
    this.#changed = changed;
    this.#look = firstLook(reader.size);
    void this.#do(() => this.#toBottom());
  }

  get look(): OutputLook {
    return this.#look;
  }

  /** Moves the mark by rows; the window goes with it. */
  move(by: number): Promise<void> {
    return this.#do(() => this.#moveBy(by));
  }

  page(direction: 1 | -1): Promise<void> {
    return this.#do(() => this.#moveBy(direction * Math.max(1, this.#height - 1), true));
  }

  top(): Promise<void> {
    return this.#do(() => this.#show(top, 0, { following: false }));
  }

  /** Goes to the end and follows it. */
  bottom(): Promise<void> {
    return this.#do(() => this.#toBottom());
  }

  /** Follows the end, or stays where it is. */
  follow(): Promise<void> {
    return this.#do(async () => {
      if (this.#look.following) this.#set({ following: false });
      else await this.#toBottom();
    });
  }

  wrap(): Promise<void> {
    return this.#do(async () => {
      const at = this.#marked() ?? top;
      this.#wrap = !this.#wrap;
      if (this.#look.following) await this.#toBottom();
      else await this.#around({ offset: at.offset, row: 0 });
    });
  }

  /** Begins to select at the marked line, or lets the selection go. */
  select(): Promise<void> {
    return this.#do(async () => {
      this.#set({ anchor: this.#look.anchor ? undefined : this.#marked(), following: false });
    });
  }

  /** Searches a text from the marked line on, and from the beginning where nothing comes any more. */
  find(text: string): Promise<void> {
    return this.#do(async () => {
      this.#set({ query: text });
      this.#hit = undefined;
      if (text !== '') await this.#findFrom((this.#marked() ?? top).offset - 1, 1);
    });
  }

  /** The next place of the text that was searched last, or the one before; around the ends. */
  findAgain(direction: 1 | -1): Promise<void> {
    // Waits for the search before it: of three keys each counts.
    return this.#afterKey(async () => {
      if (this.#look.query === '') return;
      const line = (this.#marked() ?? top).offset;
      await this.#findFrom(this.#hit ?? (direction > 0 ? line - 1 : line), direction);
    });
  }

  /** Gives a long search up; false where there is none. */
  giveUp(): boolean {
    const searching = this.#search !== undefined;
    this.#search?.abort();
    return searching;
  }

  /** The marked line, or the selected ones, whole; undefined where that is too much or there is none. */
  async copied(): Promise<{ readonly text: string; readonly lines: number } | undefined> {
    let found: { readonly text: string; readonly lines: number } | undefined;
    await this.#do(async () => {
      const mark = this.#marked();
      if (!mark) return this.#set({ message: 'there is nothing to copy' });
      const [from, to] = [mark.offset, this.#look.anchor?.offset ?? mark.offset].sort((a, b) => a - b) as [
        number,
        number,
      ];
      const next = await this.#reader.rows({ offset: to, row: 0 }, 2, { columns: 2, wrap: false });
      const end = next[1]?.place.offset ?? this.#reader.size;
      const text =
        end - from > mostCopied ? undefined : (await this.#reader.text(from, end)).replace(/\n$/, '');
      if (text === undefined) {
        this.#set({ message: `too much to copy: at most ${mostCopied / 1000} kB; p opens the pager` });
        return;
      }
      found = { text, lines: text.split('\n').length };
      this.#set({ anchor: undefined });
    });
    return found;
  }

  say(message: string): void {
    this.#set({ message });
  }

  /** Sees what was written since. May be called at any rate: one look is taken at a time. */
  tick(): void {
    if (this.#ticking) {
      this.#tickAgain = true;
      return;
    }
    this.#ticking = true;
    void this.#task(async () => {
      this.#ticking = false;
      this.#tickAgain = false;
      const grown = await this.#reader.refresh();
      if (grown && this.#look.following) return this.#toBottom();
      // Which rows are of standard error may be known a moment after the rows.
      await this.#show(this.#first, this.#look.mark);
    }).then(() => {
      if (this.#tickAgain) this.tick();
    });
  }

  resize(columns: number, height: number): void {
    if (columns === this.#columns && height === this.#height) return;
    this.#columns = columns;
    this.#height = Math.max(1, height);
    void this.#task(async () => {
      const at = this.#marked();
      if (this.#look.following || !at) await this.#toBottom();
      else await this.#around({ offset: at.offset, row: 0 });
    });
  }

  /** Takes no more looks; the reader is closed when the last one is over. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#search?.abort();
    await this.#tasks;
    await this.#reader.close();
  }

  get #layout(): Layout {
    return { columns: this.#columns, wrap: this.#wrap };
  }

  #marked(): Place | undefined {
    const { rows = [], mark } = this.#look;
    return rows[Math.min(mark, rows.length - 1)]?.place;
  }

  /** A task on a key: what was said before is over, and a search still going on gives way. */
  #do(task: () => void | Promise<void>): Promise<void> {
    this.#search?.abort();
    return this.#afterKey(task);
  }

  #afterKey(task: () => void | Promise<void>): Promise<void> {
    return this.#task(async () => {
      if (this.#look.message !== '') this.#set({ message: '' });
      await task();
    });
  }

  #task(task: () => Promise<void>): Promise<void> {
    this.#tasks = this.#tasks.then(async () => {
      if (this.#closed) return;
      try {
        await task();
      } catch (error) {
        this.#set({ message: `the output cannot be read: ${(error as Error).message}` });
      }
    });
    return this.#tasks;
  }

  #set(change: Partial<OutputLook>): void {
    this.#look = { ...this.#look, ...change };
    if (!this.#closed) this.#changed();
  }

  /** Shows the rows from a place on; `mark` is one of them by its number, or by its place. */
  async #show(first: Place, mark: number | Place, change: Partial<OutputLook> = {}): Promise<void> {
    const rows = await this.#reader.rows(first, this.#height, this.#layout);
    this.#first = rows[0]?.place ?? top;
    const { size } = this.#reader;
    const end = rows.at(-1)?.place.offset ?? 0;
    const atEnd = rows.length < this.#height || (await this.#isLast(rows.at(-1)!.place));
    const index = typeof mark === 'number' ? mark : rows.findIndex((row) => samePlace(row.place, mark));
    this.#set({
      rows,
      mark: Math.max(0, Math.min(index, rows.length - 1)),
      wrap: this.#wrap,
      size,
      seen: atEnd || size === 0 ? 1 : end / size,
      ...change,
    });
  }

  async #isLast(place: Place): Promise<boolean> {
    return (await this.#reader.rows(place, 2, this.#layout)).length < 2;
  }

  async #toBottom(): Promise<void> {
    await this.#show(await this.#reader.bottom(this.#height, this.#layout), this.#height, {
      following: true,
    });
  }

  async #moveBy(by: number, page = false): Promise<void> {
    const { rows = [], mark } = this.#look;
    const next = mark + by;
    if (!page && next >= 0 && next < rows.length) return this.#set({ mark: next, following: false });
    const over = page ? by : next < 0 ? next : next - (rows.length - 1);
    const first = await this.#reader.move(this.#first, over, this.#layout);
    const last = await this.#reader.bottom(this.#height, this.#layout);
    const atEnd = isBehind(first, last) || samePlace(first, last);
    const atTop = samePlace(first, top);
    const wanted = page
      ? atEnd && by > 0
        ? rows.length
        : atTop && by < 0
          ? 0
          : mark
      : by < 0
        ? 0
        : this.#height;
    await this.#show(atEnd && by > 0 ? last : first, wanted, { following: false });
  }

  /** Shows a place a third down the window, marked; nearer to its end where the output ends. */
  async #around(place: Place): Promise<void> {
    const above = await this.#reader.move(place, -Math.floor(this.#height / 3), this.#layout);
    const last = await this.#reader.bottom(this.#height, this.#layout);
    await this.#show(isBehind(above, last) ? last : above, place, { following: false });
  }

  async #findFrom(from: number, direction: 1 | -1): Promise<void> {
    const search = new AbortController();
    this.#search = search;
    const { query } = this.#look;
    this.#set({ searching: true });
    try {
      const { size } = this.#reader;
      const forth = direction > 0;
      const look = (at: number, end?: number) =>
        forth
          ? this.#reader.findNext(query, at, search.signal, end)
          : this.#reader.findPrevious(query, at, search.signal, end);
      const near = await look(from);
      // Around the end only what was not looked through yet: a gigabyte takes seconds.
      const found = near ?? (forth ? await look(-1, from + 1) : await look(size, from));
      if (found === undefined) return this.#set({ message: `not found: ${query}` });
      this.#hit = found;
      const place = await this.#reader.placeOf(found, this.#layout);
      const index = (this.#look.rows ?? []).findIndex((row) => samePlace(row.place, place));
      if (index >= 0) this.#set({ mark: index, following: false });
      else await this.#around(place);
      if (near === undefined) this.#set({ message: forth ? 'again from the top' : 'again from the end' });
    } catch (error) {
      if (!search.signal.aborted) throw error;
      this.#set({ message: 'the search was given up' });
    } finally {
      if (this.#search === search) this.#search = undefined;
      this.#set({ searching: false });
    }
  }
}
