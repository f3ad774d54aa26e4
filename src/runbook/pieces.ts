import { sessionTags, shellTags, sqlTags } from './block-tags.ts';

/** A half-open span of a document. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** The grammar goes through all quotes of a text for each of them. */
const mostQuotes = 300;
/** The same for the items of a list, in which each may open a fence and leave it to the next to end it. */
const mostItems = 200;

/**
 * Cuts a long document where nothing that Markdown nests can be open: before a heading, or, in a piece that is
 * already long, before an item or a paragraph at the left edge; before a quote or an item there, where many have
 * gone before. Never inside a fence or an HTML block, but for a fence that somebody forgot to close: where a heading
 * stands in it and then a fence is opened anew, it ends at the heading. `wanted` is the length, in characters, from
 * which on a piece is cut.
 */
export function cutPieces(text: string, wanted: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let fence = '';
  // The first heading at the left edge since the fence was opened; `#` alone may be a comment.
  let swallowed: number | undefined;
  let typed = false;
  let until: RegExp | undefined;
  let blank = true;
  let html = false;
  let quoted = false;
  let quotes = 0;
  let items = 0;
  for (const { from, line } of linesOf(text)) {
    const length = from - start;
    const quote = !quoted && line.startsWith('>');
    if (quote) quotes++;
    const item = /^(?:[-*+]|\d{1,9}[.)])[ \t]/.test(line);
    if (item) items++;
    if (!fence && !until && !html && (length > wanted || quotes > mostQuotes || items > mostItems)) {
      // A heading at the left edge closes all that is open; so does an item there, but for its own list, which
      // then goes on as a second one; a paragraph only does after an empty line.
      const heading = /^#{1,6}[ \t]/.test(line);
      if (
        heading ||
        (item && (length > 2 * wanted || items > mostItems)) ||
        (quote && quotes > mostQuotes) ||
        (blank && length > 2 * wanted && /^[A-Za-z*`]/.test(line))
      ) {
        pieces.push({ start, end: from });
        start = from;
        quotes = 0;
        items = 0;
      }
    }
    const mark = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\r\n]*)/.exec(line);
    if (until) {
      if (until.test(line)) until = undefined;
    } else if (mark) {
      const [, ticks = '', rest = ''] = mark;
      if (!fence) {
        fence = ticks[0] === '`' && rest.includes('`') ? '' : ticks;
        swallowed = undefined;
        // What a text or a here-document holds may be a document itself.
        typed = isTyped(rest.trim().toLowerCase());
      } else if (ticks.startsWith(fence) && rest.trim() === '') fence = '';
      else if (swallowed !== undefined && ticks === fence && /^(?:`{3,}|~{3,})\w[\w-]*[ \t]*$/.test(line)) {
        pieces.push({ start, end: swallowed });
        start = swallowed;
        quotes = 0;
        items = 0;
        swallowed = undefined;
        typed = isTyped(rest.trim().toLowerCase());
      }
    } else if (fence) {
      if (line.includes('<<')) typed = false;
      else if (typed && blank && /^#{2,6}[ \t]+\S/.test(line)) swallowed ??= from;
    } else until = htmlUntil(line);
    blank = line.trim() === '';
    quoted = /^[ ]{0,3}>/.test(line);
    html = !blank && (html || /^ {0,3}</.test(line));
  }
  pieces.push({ start, end: text.length });
  return pieces;
}

/** True for the tag of a fence that holds commands. */
function isTyped(tag: string): boolean {
  return shellTags.has(tag) || sessionTags.has(tag) || sqlTags.has(tag);
}

/** HTML blocks that an empty line does not end (CommonMark 4.6, kinds 1 to 5), and what ends them. */
function htmlUntil(line: string): RegExp | undefined {
  const open = /^ {0,3}<(!--|\?|pre\b|script\b|style\b|textarea\b)/i.exec(line)?.[1]?.toLowerCase();
  if (open === undefined) return undefined;
  const end = open === '!--' ? /-->/ : open === '?' ? /\?>/ : new RegExp(`</${open}>`, 'i');
  return end.test(line) ? undefined : end;
}

/**
 * Names what would make the Markdown grammar take more than linear time on this text, if anything does:
 * containers nested deep (each line walks through all), paragraphs in which many openers wait for a closer
 * (each closer walks back over all), and those in which many words follow a bracket that is never closed.
 */
export function isTooTangled(text: string): string | undefined {
  let openers = 0;
  let length = 0;
  let depths = 0;
  let brackets = 0;
  let behind = 0;
  let lazy = 0;
  for (const { line } of linesOf(text)) {
    const prefix = /^(?:[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))*[ \t]*/.exec(line)?.[0] ?? '';
    const marks = prefix.replace(/[ \t\d]/g, '').length;
    if (marks > 40) return 'more than 40 containers in one another';
    const indent = prefix.length - prefix.trimStart().length;
    if (marks > 0 && indent > 160 && ++depths > 1) return 'lists nested more than 40 deep';
    if (line.trim() === '' || marks > 0 || /^[ \t]*(?:[|#]|```|~~~)/.test(line))
      openers = length = brackets = behind = 0;
    length += line.length;
    for (let at = 0; at < line.length; at++) if (isOpener(line.charCodeAt(at))) openers++;
    // Lines at the left edge that go on with a paragraph of an item or a quote: each walks through what is open.
    if (marks > 0) lazy = 1;
    else if (length === line.length) lazy = 0;
    else if (indent === 0 && lazy > 0 && ++lazy > 4000)
      return 'a paragraph of thousands of lines in an item or a quote';
    // Behind a bracket that is not closed, each word looks back to it: it might be inside of a link. One that is
    // escaped or in code closes nothing.
    let quoted = false;
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 96) quoted = !quoted;
      else if (code === 91) brackets++;
      else if (code === 93 && brackets > 0 && !quoted) brackets--;
      if (brackets === 0) behind = 0;
      else if (!isWord(code)) behind++;
    }
    if (brackets > 0 && ++behind > 3000) return 'a paragraph with thousands of words behind an open bracket';
    if (openers > 400 && openers * length > 20_000_000)
      return 'a paragraph with thousands of brackets, asterisks or quotes';
  }
  return undefined;
}

/** `! & * < @ [ ] _ backtick ~ : w` may open something inline; letters are left out but for what links need. */
function isOpener(code: number): boolean {
  return (
    code === 42 ||
    code === 60 ||
    code === 64 ||
    code === 91 ||
    code === 93 ||
    code === 95 ||
    code === 96 ||
    code === 126
  );
}

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127
  );
}

/** The lines of a text with their offsets, one at a time, so that a long text is not held twice. */
export function* linesOf(text: string): Generator<{ readonly from: number; readonly line: string }> {
  let from = 0;
  while (from < text.length) {
    let to = from;
    while (to < text.length && text.charCodeAt(to) !== 10 && text.charCodeAt(to) !== 13) to++;
    yield { from, line: text.slice(from, to) };
    from = text.charCodeAt(to) === 13 && text.charCodeAt(to + 1) === 10 ? to + 2 : to + 1;
  }
}
