import type { Document } from './document.ts';

/** A place in a document that a link can name. */
export interface Anchor {
  readonly slug: string;
  readonly start: number;
  readonly end: number;
  readonly title: string;
  /** 1 to 6; 0 for an HTML anchor. */
  readonly level: number;
  /** The slug without the `-1` that a repeated heading gets. */
  readonly plain: string;
}

/**
 * The anchors of a document: headings as GitHub names them (lower case, signs left out, blanks to hyphens, `-1` for the
 * second of a name), `{#id}`, and HTML `id` and `name` attributes.
 */
export function anchorsOf(document: Document): readonly Anchor[] {
  const before = known.get(document);
  if (before) return before;
  const found = readAnchors(document);
  known.set(document, found);
  return found;
}

/** Several rules ask for them. */
const known = new WeakMap<Document, readonly Anchor[]>();

function readAnchors(document: Document): readonly Anchor[] {
  const { source } = document;
  const out: Anchor[] = [];
  const counts = new Map<string, number>();
  const heading = (raw: string, level: number, start: number, end: number) => {
    const id = /\{#([\w-]+)\}\s*$/.exec(raw)?.[1];
    const title = raw.replace(/\s*\{#[\w-]+\}\s*$/, '');
    const plain = id ?? slugOf(title);
    const count = counts.get(plain) ?? 0;
    counts.set(plain, count + 1);
    out.push({ slug: count === 0 ? plain : `${plain}-${count}`, plain, start, end, title, level });
  };
  document.prose.forEach((line, index) => {
    const span = source.line(line.number);
    const raw = source.text.slice(span.start, span.end);
    const atx = /^ {0,3}#/.test(raw) ? /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(raw) : null;
    if (atx) heading(atx[2]!, atx[1]!.length, span.start, span.end);
    const next = document.prose[index + 1];
    if (
      !atx &&
      raw.trim() !== '' &&
      next?.number === line.number + 1 &&
      /^ {0,3}(?:=+|-{2,})[ \t]*$/.test(next.text) &&
      !/^\s*(?:[-*+>|]|\d+[.)])/.test(raw)
    )
      heading(raw.trim(), next.text.includes('=') ? 1 : 2, span.start, span.end);
    if (!raw.includes('<')) return;
    for (const found of raw.matchAll(/<[a-z][^<>]*\s(?:id|name)\s*=\s*["']?([^"'\s>]+)/gi))
      out.push({ slug: found[1]!, plain: '', start: span.start, end: span.end, title: '', level: 0 });
  });
  return out;
}

/** A heading's anchor, the way GitHub makes it. */
export function slugOf(title: string): string {
  const words = title.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  // Tags count inside code only, underscores of emphasis outside of it only.
  return words
    .split(/(`+[^`]*`+)/)
    .map((piece) =>
      piece.startsWith('`')
        ? piece
        : piece.replace(/(?<!\\)<[^>]*>/g, '').replace(/(?<!\w)(_{1,2})(?=\S)([^_]+?)\1(?!\w)/g, '$2'),
    )
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** The slugs that headings of another document have, from its text alone. */
export function slugsIn(text: string): ReadonlySet<string> {
  const slugs = new Set<string>();
  for (const found of text.matchAll(/^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$/gm)) slugs.add(slugOf(found[1]!));
  for (const found of text.matchAll(/\s(?:id|name)\s*=\s*["']?([^"'\s>]+)|\{#([\w-]+)\}/g))
    slugs.add(found[1] ?? found[2]!);
  return slugs;
}
