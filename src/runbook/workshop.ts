import type { RootContent } from 'mdast';
import type { BlockPiece } from './block-piece.ts';
import type { BlockReading } from './block-reading.ts';
import { type Excerpt, excerptOf, spanOf } from './excerpt.ts';
import type { GuessedBlock } from './guess.ts';
import { endOf, startOf } from './section.ts';
import type { Source } from './source.ts';
import type { Names } from './wording.ts';

/** A block of which only some pieces are meant, as where numbered comments make several steps of one block. */
export interface PieceSet {
  readonly type: 'pieces';
  readonly reading: BlockReading;
  readonly pieces: readonly BlockPiece[];
}

export type Material = RootContent | PieceSet;

/** What making parts needs to know of the document. */
export interface Workshop {
  readonly source: Source;
  readonly readings: ReadonlyMap<RootContent, BlockReading>;
  /** Blocks that stand inside raw HTML, by the HTML node. */
  readonly insideHtml: ReadonlyMap<RootContent, readonly BlockReading[]>;
  readonly names: Names;
  /** Where each command's text came from, by its id. */
  readonly excerpts: Map<string, Excerpt>;
  /** The program that the last command left open, so that it can be named where something is typed into it. */
  readonly opened: { client: string | undefined };
  /** The blocks read by guess that stand in the steps made so far, by their id. */
  readonly guessed: Map<string, GuessedBlock>;
}

/** First and last place of a node or a set of pieces in the source. */
export function materialSpan(material: Material): { readonly start: number; readonly end: number } {
  if (material.type !== 'pieces') return { start: startOf(material), end: endOf(material) };
  const spans = material.pieces.map(pieceSpan).filter((span) => span !== undefined);
  if (spans.length === 0)
    return { start: material.reading.block.range.start, end: material.reading.block.range.end };
  return {
    start: Math.min(...spans.map((span) => span.start)),
    end: Math.max(...spans.map((span) => span.end)),
  };
}

/** First and last place of a piece in the source; undefined where the source has none of it. */
export function pieceSpan(piece: BlockPiece): { start: number; end: number } | undefined {
  const lines =
    piece.kind === 'comments'
      ? piece.lines
      : piece.kind === 'statement'
        ? [...piece.captions, ...piece.excerpt.lines, ...(piece.trailing ? [piece.trailing] : [])]
        : piece.excerpt.lines;
  return spanOf(excerptOf(lines));
}

/** True for a block that is done, here or in another shell. */
export function isDone(reading: BlockReading | undefined): boolean {
  return reading !== undefined && (reading.block.role === 'commands' || reading.foreign !== undefined);
}

/** True where a node has a code block somewhere in it. */
export function holdsBlock(node: RootContent, shop: Workshop, commandsOnly = false): boolean {
  const open: RootContent[] = [node];
  while (open.length > 0) {
    const next = open.pop()!;
    if (next.type === 'code' && (!commandsOnly || isDone(shop.readings.get(next)))) return true;
    if ('children' in next) for (const child of next.children) open.push(child as RootContent);
  }
  return false;
}
