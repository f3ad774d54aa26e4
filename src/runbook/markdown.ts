import type { Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { cutPieces, isTooTangled } from './pieces.ts';
import { readPlainly } from './plain-reading.ts';
import { preformattedAsCode } from './preformatted.ts';
import { restoreCode, tabsAsLists } from './tab-lists.ts';

/** Top-level nodes of a document, with offsets into its text, and what had to be read in a plainer way. */
export interface Reading {
  readonly nodes: readonly RootContent[];
  readonly troubles: readonly {
    readonly what: string;
    readonly start: number;
    readonly end: number;
  }[];
}

/** Below this length, in characters, a document is read in one go. */
const whole = 60_000;
/** A stretch without a place to cut that is longer than this is read line by line. */
const longest = 250_000;

/**
 * Reads CommonMark, GFM and front matter. Never throws. Documents are read a piece at a time where they are
 * long, and line by line where the grammar would take more than linear time (deep nesting, thousands of
 * unmatched brackets in one paragraph); the latter is told in `troubles`.
 */
export function readMarkdown(text: string): Reading {
  const nodes: RootContent[] = [];
  const troubles: { what: string; start: number; end: number }[] = [];
  const base = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const written = base ? text.slice(1) : text;
  const body = tabsAsLists(written);
  const pieces = cutPieces(body, body.length <= whole ? Number.POSITIVE_INFINITY : whole / 3);
  for (const piece of pieces) {
    const part = body.slice(piece.start, piece.end);
    const offset = base + piece.start;
    const tangle =
      part.length > longest
        ? 'more than 250,000 characters without a heading, an item or a paragraph to cut at'
        : isTooTangled(part);
    const read = tangle ? undefined : parse(part, piece.start === 0);
    if (read) for (const node of read) nodes.push(shift(node, offset));
    else {
      for (const node of readPlainly(part)) nodes.push(shift(node, offset));
      troubles.push({
        what: `${tangle ?? 'the Markdown grammar gave up'}: read line by line, without nesting`,
        start: offset,
        end: offset + part.length,
      });
    }
  }
  const read = base ? `\ufeff${body}` : body;
  if (body !== written) for (const node of nodes) restoreCode(node, text, read);
  if (/<pre\b/i.test(written)) preformattedAsCode(nodes, text, read);
  return { nodes, troubles };
}

function parse(text: string, first: boolean): readonly RootContent[] | undefined {
  try {
    const root: Root = fromMarkdown(text, {
      extensions: first ? [gfm(), frontmatter(['yaml', 'toml'])] : [gfm()],
      mdastExtensions: first
        ? [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])]
        : [gfmFromMarkdown()],
    });
    return root.children;
  } catch {
    return undefined;
  }
}

/** Moves a node and everything in it by an offset; without recursion, because nesting may be deep. */
function shift(node: RootContent, by: number): RootContent {
  if (by === 0) return node;
  const open: unknown[] = [node];
  while (open.length > 0) {
    const next = open.pop() as {
      position?: { start: { offset?: number }; end: { offset?: number } };
      children?: unknown[];
    };
    if (next.position) {
      next.position.start.offset = (next.position.start.offset ?? 0) + by;
      next.position.end.offset = (next.position.end.offset ?? 0) + by;
    }
    if (next.children) for (const child of next.children) open.push(child);
  }
  return node;
}
