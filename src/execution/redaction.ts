import { possibleShapes, type Shape, shapes } from './redaction-patterns.ts';

/** What stands in the place of a secret, everywhere. */
export const mask = '[redacted]';

/** Shorter values are not masked by themselves: they would blank out half of every output. */
const shortestSecret = 3;
const shortestLine = 6;
/** How far back a shape may have begun in text that is already out, in bytes. */
const contextLength = 512;
/** The most that is held back for a word or key block that does not end. */
const mostHeld = 32 * 1024;

/**
 * Knows the secrets of a run and masks them: exact values, their URL-encoded, base64 and JSON-escaped forms,
 * multi-line values line by line, and the shapes of `redaction-patterns.ts`. Everything that is written or shown
 * goes through it first.
 */
export class Redaction {
  readonly #forms: readonly string[];
  readonly #exact: RegExp | undefined;
  readonly longest: number;

  /** `secrets` are values as their owners know them; the empty list still masks by shape. */
  constructor(secrets: Iterable<string> = []) {
    const forms = new Set<string>();
    for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form);
    // The longest first: a value that contains another one is masked as a whole.
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
    this.#exact = this.#forms.length > 0 ? new RegExp(this.#forms.map(literally).join('|'), 'g') : undefined;
    this.longest = this.#forms[0]?.length ?? 0;
  }

  /** A whole text, masked. */
  text(text: string): string {
    const bytes = Buffer.from(text, 'utf8').toString('latin1');
    const spans = this.spans(bytes);
    return spans.length === 0 ? text : Buffer.from(replace(bytes, spans, 0), 'latin1').toString('utf8');
  }

  /** For bytes that come in chunks. One for each stream: stdout and stderr must not share one. */
  stream(options: StreamOptions = {}): RedactionStream {
    return new RedactionStream(this, options);
  }

  /** Where secrets stand in a latin1 text: sorted, not overlapping. `possible` are the shapes that it can hold. */
  spans(text: string, possible: readonly Shape[] = possibleShapes(text)): Span[] {
    const found: Span[] = [];
    if (this.#exact) {
      for (const match of text.matchAll(this.#exact))
        found.push([match.index, match.index + match[0].length]);
    }
    for (const { pattern } of possible) {
      for (const match of text.matchAll(pattern)) {
        const secret = match.groups!.secret!;
        const start = match.index + match[0].lastIndexOf(secret);
        if (secret !== '' && secret !== mask) found.push([start, start + secret.length]);
      }
    }
    return merge(found);
  }

  /** Whether a text holds one of the exact values in any of its forms. */
  holdsValue(text: string): boolean {
    return this.#forms.some((form) => text.includes(form));
  }

  /** The index from which a text must wait for what follows it, its length where nothing has to. */
  heldFrom(text: string): number {
    let from = text.length;
    const lineStart = Math.max(text.lastIndexOf('\n') + 1, text.length - 4 * mostHeld);
    const line = text.slice(lineStart);
    for (const { begun, anchors } of shapes) {
      if (begun === undefined || !anchors.some((anchor) => line.includes(anchor))) continue;
      const match = begun.exec(line);
      if (match) from = Math.min(from, lineStart + match.index);
    }
    const block = text.lastIndexOf('-----BEGIN ');
    if (block >= 0 && block < from && unfinishedBlock.test(text.slice(block))) from = block;
    for (const form of this.#forms) from = Math.min(from, beginning(text, form));
    return from;
  }
}

/** A key block whose last line has not come, or one that may become a key's. */
const unfinishedBlock =
  /^-----BEGIN [A-Z ]*(?:$|PRIVATE KEY-{0,5}(?![\s\S]*-----END [A-Z ]*PRIVATE KEY-----))/;

type Span = readonly [start: number, end: number];

export interface StreamOptions {
  /** Masks with as many stars as there were bytes, so that a full-screen program's layout holds. */
  readonly keepWidth?: boolean;
}

/** Masks a stream of bytes; what it holds back is at most one unfinished word, key block or secret. */
export class RedactionStream {
  readonly #redaction: Redaction;
  /** The end of what went out, unmasked, so that a shape begun there is still known. Latin1. */
  #context = '';
  #held = '';
  /** Set while an endless secret is being swallowed. */
  #until: RegExp | undefined;

  readonly #keepWidth: boolean;

  constructor(redaction: Redaction, options: StreamOptions) {
    this.#redaction = redaction;
    this.#keepWidth = options.keepWidth === true;
  }

  push(chunk: Buffer): Buffer {
    let text = chunk.toString('latin1');
    if (this.#until) {
      const end = this.#until.exec(text);
      if (!end) return empty;
      text = text.slice(end.index);
      this.#until = undefined;
    }
    const whole = this.#context + this.#held + text;
    const start = this.#context.length;
    const cut = Math.max(start, this.#redaction.heldFrom(whole));
    const possible = possibleShapes(whole);
    if (
      possible.length === 0 &&
      this.#held === '' &&
      cut === whole.length &&
      !this.#redaction.holdsValue(whole)
    ) {
      this.#remember(whole);
      return text.length === chunk.length ? chunk : Buffer.from(text, 'latin1');
    }
    if (whole.length - cut > mostHeld) {
      this.#until = whole.startsWith('-----BEGIN', cut) ? /-----END/ : /\s/;
      const out = this.#mask(whole.slice(0, cut), start, possible) + mask;
      this.#context = '';
      this.#held = '';
      return Buffer.from(out, 'latin1');
    }
    const out = this.#mask(whole.slice(0, cut), start, possible);
    this.#held = whole.slice(cut);
    this.#remember(whole.slice(0, cut));
    return Buffer.from(out, 'latin1');
  }

  /** The stream is over: what was held back, masked where it has to be. */
  end(): Buffer {
    const whole = this.#context + this.#held;
    const out = this.#mask(whole, this.#context.length);
    this.#context = '';
    this.#held = '';
    return Buffer.from(out, 'latin1');
  }

  /**
   * Gives out what is held back, as far as it can be judged by now: for a person who watches a prompt. What goes on a
   * disk waits for `end`.
   */
  flush(): Buffer {
    if (this.#held === '') return empty;
    const whole = this.#context + this.#held;
    const out = this.#mask(whole, this.#context.length);
    this.#held = '';
    this.#remember(whole);
    return Buffer.from(out, 'latin1');
  }

  #mask(text: string, start: number, possible?: readonly Shape[]): string {
    return replace(text, this.#redaction.spans(text, possible), start, this.#keepWidth);
  }

  /** Keeps the end of what went out. */
  #remember(whole: string): void {
    this.#context = whole.slice(-Math.max(contextLength, this.#redaction.longest));
  }
}

const empty = Buffer.alloc(0);

/** The text from `start`, each span masked; what lies before `start` is already out. */
function replace(text: string, spans: readonly Span[], start: number, keepWidth = false): string {
  let out = '';
  let at = start;
  for (const [from, to] of spans) {
    if (to <= at) continue;
    out += text.slice(at, Math.max(at, from));
    out += keepWidth ? '*'.repeat(to - Math.max(at, from)) : mask;
    at = to;
  }
  return out + text.slice(at);
}

function merge(spans: Span[]): Span[] {
  spans.sort((a, b) => a[0] - b[0]);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span[0] < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], span[1])];
    else merged.push(span);
  }
  return merged;
}

/** Where a text ends with the beginning of `form`; its length where it does not. */
function beginning(text: string, form: string): number {
  const most = Math.min(form.length - 1, text.length);
  for (let length = most; length > 0; length--) {
    if (text.charCodeAt(text.length - length) === form.charCodeAt(0) && text.endsWith(form.slice(0, length)))
      return text.length - length;
  }
  return text.length;
}

/** The ways in which a value can stand in an output, as latin1 texts of their UTF-8 bytes. */
function formsOf(secret: string): string[] {
  if (secret.trim().length < shortestSecret) return [];
  const forms = [secret, ...written(secret)];
  const lines = secret.split(/\r?\n/);
  if (lines.length > 1)
    forms.push(...lines.map((line) => line.trim()).filter((line) => line.length >= shortestLine));
  return forms.map((form) => Buffer.from(form, 'utf8').toString('latin1'));
}

function written(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [url, url.replaceAll('%20', '+'), lowerEscapes(url), json, json.replaceAll('/', '\\/')];
  if (bytes.length >= 6) forms.push(bytes.toString('base64'), bytes.toString('base64url'));
  // Inside a longer base64 text, such as `user:password` of basic authorization, the value begins at any of three offsets.
  if (bytes.length >= 9) for (const offset of [0, 1, 2]) forms.push(...coresOf(bytes, offset));
  return forms.filter((form) => form.length >= shortestSecret);
}

/** The part of a base64 text that depends on nothing but the value, where the value begins `offset` bytes after a group. */
function coresOf(bytes: Buffer, offset: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const first = offset === 0 ? 0 : 4;
  const last = Math.floor(padded.length / 3) * 4;
  return (['base64', 'base64url'] as const).map((encoding) => padded.toString(encoding).slice(first, last));
}

function lowerEscapes(url: string): string {
  return url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
