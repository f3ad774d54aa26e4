import type { Node } from '../syntax/shell.ts';

/** Offsets into the text that was given to `readEffects`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One word of a command line after the shell's quoting, as far as that is static. */
export interface Word extends Span {
  /** Parts that are not known stand in it as written: `$DIR/x`. */
  readonly text: string;
  /** Nothing in it depends on what is not known. */
  readonly known: boolean;
  /** Any part of it stood in quotes. */
  readonly quoted: boolean;
  /** Where `text` starts in the given text if it stands there letter by letter; -1 where it does not. */
  readonly offset: number;
}

/** Looks variables up; undefined where the value is not known. */
export interface Values {
  value(name: string): string | undefined;
  /** `$1`, `$2` … of the function or script; undefined where not known. */
  readonly positional: readonly Word[] | undefined;
}

interface Piece {
  readonly text: string;
  readonly known: boolean;
  readonly quoted: boolean;
  /** A value that the shell would split at blanks. */
  readonly splits?: boolean;
}

/** A word made by us, standing for `span`. */
export function wordOf(text: string, span: Span, known = true): Word {
  return { text, known, quoted: true, offset: -1, start: span.start, end: span.end };
}

/** The words that one word node of the shell grammar becomes: mostly one, several where a known value is split. */
export function resolveWords(node: Node, values: Values, at: (start: number, end: number) => Span): Word[] {
  const span = at(node.startIndex, node.endIndex);
  const spread = spreadOf(node, values);
  if (spread) return spread.map((word) => ({ ...word, start: span.start, end: span.end, offset: -1 }));
  const braces = braced(node.text, []);
  if (braces.length > 1)
    return braces.map((text) => ({ ...wordOf(unescapeWord(text), span), quoted: false }));
  const piece = pieceOf(node, values);
  const linear = offsetOf(node, piece);
  const offset =
    linear < 0 || span.end - span.start !== node.endIndex - node.startIndex ? -1 : span.start + linear;
  const whole: Word = { text: piece.text, known: piece.known, quoted: piece.quoted, offset, ...span };
  if (!piece.splits || !piece.known) return [whole];
  const parts = piece.text.split(/[ \t\n]+/).filter(Boolean);
  return parts.map((text) => ({ ...whole, text, offset: -1 }));
}

/** More words than this no word becomes by its braces. */
const mostBraced = 64;

/** `a{b,c}d` as `abd acd`, where nothing in it is quoted or expanded. After "Brace Expansion" of bash's manual. */
function braced(text: string, found: string[]): readonly string[] {
  const [, before, list, after] =
    /^([^'"\\$`\s{}]*)\{([^'"\\$`\s{}]*,[^'"\\$`\s{}]*)\}([^'"\\$`\s]*)$/.exec(text) ?? [];
  if (list === undefined || found.length >= mostBraced) {
    found.push(text);
    return found;
  }
  for (const each of list.split(',')) braced(`${before}${each}${after}`, found);
  return found;
}

/** One word, not split: an assignment's value, a redirection's target, a heredoc. */
export function resolveWord(node: Node, values: Values, at: (start: number, end: number) => Span): Word {
  const span = at(node.startIndex, node.endIndex);
  const piece = pieceOf(node, values);
  const linear = offsetOf(node, piece);
  const offset =
    linear < 0 || span.end - span.start !== node.endIndex - node.startIndex ? -1 : span.start + linear;
  return { text: piece.text, known: piece.known, quoted: piece.quoted, offset, ...span };
}

function offsetOf(node: Node, piece: Piece): number {
  const raw = node.text;
  if (raw === piece.text) return 0;
  return raw.length === piece.text.length + 2 && raw.slice(1, -1) === piece.text ? 1 : -1;
}

/** `"$@"` and `$*` become the positional words themselves. */
function spreadOf(node: Node, values: Values): readonly Word[] | undefined {
  if (!values.positional) return undefined;
  return /^"?\$(\{[@*]\}|[@*])"?$/.test(node.text) ? values.positional : undefined;
}

function pieceOf(node: Node, values: Values): Piece {
  switch (node.type) {
    case 'raw_string':
      return { text: node.text.slice(1, -1), known: true, quoted: true };
    case 'ansi_c_string':
      return { text: unescapeAnsi(node.text.slice(2, -1)), known: true, quoted: true };
    case 'string':
      return { ...joined(node, values, 1, unescapeString), quoted: true, splits: false };
    case 'translated_string':
      return { ...joined(node, values, 1, unescapeString), quoted: true, splits: false };
    case 'concatenation':
    case 'command_name':
      return joined(node, values, 0, unescapeWord);
    case 'simple_expansion':
    case 'expansion':
      return expansionOf(node, values);
    case 'command_substitution':
    case 'process_substitution':
    case 'arithmetic_expansion':
      return { text: node.text, known: false, quoted: false, splits: true };
    default:
      return { text: unescapeWord(node.text), known: true, quoted: node.text.includes('\\') };
  }
}

/** Children in order, with the text between them, which the grammar leaves out in places. `edge`: quotes to drop. */
function joined(node: Node, values: Values, edge: number, plain: (text: string) => string): Piece {
  const raw = node.text;
  const base = node.startIndex;
  const open = node.type === 'translated_string' ? 2 : edge;
  const closed =
    edge === 0 ? raw.length : raw.endsWith('"') && raw.length > open ? raw.length - 1 : raw.length;
  let text = '';
  let known = true;
  let quoted = false;
  let splits = false;
  let at = open;
  for (const child of node.namedChildren) {
    if (!child) continue;
    if (child.type === 'string_content') continue;
    const from = child.startIndex - base;
    if (from < at) continue;
    text += plain(raw.slice(at, from));
    const piece = pieceOf(child, values);
    text += piece.text;
    known &&= piece.known;
    quoted ||= piece.quoted;
    splits ||= piece.splits ?? false;
    at = child.endIndex - base;
  }
  text += plain(raw.slice(at, Math.max(at, closed)));
  return { text, known, quoted, splits };
}

function expansionOf(node: Node, values: Values): Piece {
  // Inside double quotes the grammar counts blanks before the dollar sign to the expansion.
  const blanks = node.text.length - node.text.trimStart().length;
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(node.text.slice(blanks));
  const unknown: Piece = { text: node.text, known: false, quoted: false, splits: true };
  if (!name) return unknown;
  const before = node.text.slice(0, blanks);
  const key = name[1] ?? name[2]!;
  if (/^[1-9]\d*$/.test(key)) {
    const given = values.positional?.[Number(key) - 1];
    return given ? { text: before + given.text, known: given.known, quoted: false, splits: true } : unknown;
  }
  const value = values.value(key);
  return value === undefined ? unknown : { text: before + value, known: true, quoted: false, splits: true };
}

function unescapeWord(text: string): string {
  return text.includes('\\') ? text.replace(/\\(\n|[\s\S])/g, (_, c: string) => (c === '\n' ? '' : c)) : text;
}

function unescapeString(text: string): string {
  return text.includes('\\') ? text.replace(/\\([$`"\\\n])/g, (_, c: string) => (c === '\n' ? '' : c)) : text;
}

const ansi: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
};

/** Backslash escapes as `$'…'`, `echo -e` and `printf` know them. */
export function unescapeAnsi(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|0?([0-7]{1,3})|([\s\S]))/g,
    (_, hex?: string, u?: string, long?: string, octal?: string, single?: string) => {
      const code = hex ?? u ?? long;
      if (code) return codePoint(Number.parseInt(code, 16));
      if (octal) return codePoint(Number.parseInt(octal, 8));
      return ansi[single!] ?? single!;
    },
  );
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
