import { ByteSearch } from './byte-search.ts';
import { mask, masked, merge, type Span } from './mask.ts';
import { possibleShapes, type Shape, shapes } from './redaction-patterns.ts';
import { RedactionStream, type StreamOptions } from './redaction-stream.ts';
import { formsOf } from './secret-forms.ts';

export { mask } from './mask.ts';
export type { StreamOptions } from './redaction-stream.ts';

/** The longest last line that is looked at for a shape that has begun. */
const longestLine = 128 * 1024;
/** A pattern may reach over the end of the line with its anchor: blanks before a value can be line ends. */
const linesOfShape = 3;

/** What stands in a text that may be, or belong to, a secret. */
export interface Hits {
  /** Exact values. */
  readonly values: readonly Span[];
  /** Parts of the text in which shapes may stand; they do not overlap. */
  readonly windows: readonly Span[];
  /** Where the last key block may begin; -1 where none does. */
  readonly block: number;
}

/**
 * Knows the secrets of a run and masks them: exact values, their URL-encoded, base64 and JSON-escaped forms,
 * multi-line values line by line, and the shapes of `redaction-patterns.ts`. Everything that is written or shown
 * goes through it first.
 *
 * One pass over the bytes finds the values and the anchors of the shapes; the patterns are then tried on the lines with
 * an anchor only, which makes masking a flood cheaper than writing it.
 */
export class Redaction {
  readonly #forms: readonly string[];
  readonly search: ByteSearch;
  /** Bytes of the longest form of a value. */
  readonly longest: number;

  /** `secrets` are values as their owners know them; the empty list still masks by shape. */
  constructor(secrets: Iterable<string> = []) {
    const forms = new Set<string>();
    for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form);
    this.#forms = [...forms];
    this.longest = Math.max(0, ...this.#forms.map((form) => form.length));
    this.search = new ByteSearch([...anchors, ...this.#forms.map((text) => ({ text }))]);
  }

  /** A whole text, masked. */
  text(text: string): string {
    const bytes = Buffer.from(text, 'utf8');
    const spans = this.spans(bytes);
    return spans.length === 0 ? text : Buffer.concat(masked(bytes, spans, 0)).toString('utf8');
  }

  /** For bytes that come in chunks. One for each stream: stdout and stderr must not share one. */
  stream(options: StreamOptions = {}): RedactionStream {
    return new RedactionStream(this, options);
  }

  /** Where secrets may stand. */
  hits(bytes: Buffer): Hits {
    const values: Span[] = [];
    const windows: [number, number][] = [];
    let block = -1;
    this.search.each(bytes, (needle, at) => {
      const form = this.#forms[needle - anchors.length];
      if (form !== undefined) {
        values.push([at, at + form.length]);
        return undefined;
      }
      const isBlock = needle === blockAnchor;
      if (isBlock) block = at;
      const end = isBlock ? bytes.length : endOfLines(bytes, at);
      const open = windows.at(-1);
      if (open && at <= open[1]) open[1] = Math.max(open[1], end);
      else windows.push([bytes.lastIndexOf(10, at) + 1, end]);
      return undefined;
    });
    return { values, windows, block };
  }

  /** Where secrets stand: sorted, not overlapping. */
  spans(bytes: Buffer, hits = this.hits(bytes)): Span[] {
    const found: Span[] = [...hits.values];
    for (const [from, to] of hits.windows) {
      const text = bytes.toString('latin1', from, to);
      for (const shape of possibleShapes(text)) addSpans(found, text, shape, from);
    }
    return merge(found);
  }

  /** The index from which a text must wait for what follows it, its length where nothing has to. */
  heldFrom(bytes: Buffer, hits: Hits): number {
    let from = this.beginningOfValue(bytes);
    if (hits.windows.length > 0) {
      const lineStart = Math.max(bytes.lastIndexOf(10) + 1, bytes.length - longestLine);
      const line = bytes.toString('latin1', lineStart);
      for (const { begun } of possibleShapes(line, { begun: true })) {
        const match = begun?.exec(line);
        if (match) from = Math.min(from, lineStart + match.index);
      }
    }
    const { block } = hits;
    if (block >= 0 && block < from && unfinishedBlock.test(bytes.toString('latin1', block))) from = block;
    return from;
  }

  /** Where a text ends with the beginning of a value; its length where it does not. */
  beginningOfValue(bytes: Buffer): number {
    const text = bytes.toString('latin1', Math.max(0, bytes.length - this.longest));
    let held = 0;
    for (const form of this.#forms) held = Math.max(held, overlap(text, form));
    return bytes.length - held;
  }
}

const anchors = shapes.flatMap(({ anchors: texts, anyCase }) =>
  texts.map((text) => ({ text, ...(anyCase ? { anyCase } : {}) })),
);
const blockAnchor = anchors.findIndex(({ text }) => text === '-----BEGIN ');

/** A key block whose last line has not come, or one that may become a key's. */
const unfinishedBlock =
  /^-----BEGIN [A-Z ]*(?:$|PRIVATE KEY-{0,5}(?![\s\S]*-----END [A-Z ]*PRIVATE KEY-----))/;

function endOfLines(bytes: Buffer, at: number): number {
  let end = at;
  for (let line = 0; line < linesOfShape; line++) {
    const newline = bytes.indexOf(10, end);
    if (newline < 0) return bytes.length;
    end = newline + 1;
  }
  return end;
}

function addSpans(found: Span[], text: string, { pattern }: Shape, offset: number): void {
  for (const match of text.matchAll(pattern)) {
    const secret = match.groups!.secret!;
    const start = offset + match.index + match[0].lastIndexOf(secret);
    if (secret !== '' && secret !== mask) found.push([start, start + secret.length]);
  }
}

/** How many characters of a text's end are the beginning of `form`, but not all of it. */
function overlap(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length > 0; length--) {
    if (text.charCodeAt(text.length - length) === form.charCodeAt(0) && text.endsWith(form.slice(0, length)))
      return length;
  }
  return 0;
}
