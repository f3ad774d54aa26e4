import { Bench } from './bench.ts';
import type { BlockPiece } from './block-piece.ts';
import { type BlockReading, readOtherwise } from './block-reading.ts';
import { commentParts } from './comment-parts.ts';
import { spanOf } from './excerpt.ts';
import { choiceTitle } from './option-title.ts';
import type { Part, PartOption } from './part.ts';
import { opensClient } from './prompt.ts';
import { firstWords, isCaptioned, type Segment, segmentsOf, waysEnd, waysOf } from './segment.ts';
import { shorten, slug } from './wording.ts';
import { pieceSpan } from './workshop.ts';

/** The parts that a block gives by the way it was read. `ways`: so many ways are announced right above it. */
export function blockParts(bench: Bench, reading: BlockReading, ways?: number): readonly Part[] {
  keepOther(bench, reading);
  const { block } = reading;
  switch (block.role) {
    case 'commands':
      return pieceParts(bench, reading, reading.pieces, ways);
    case 'file':
      return [
        {
          kind: 'file',
          id: bench.name('file'),
          name: reading.fileName ?? 'file',
          language: block.tag,
          content: block.content,
          range: block.range,
          block: block.id,
        },
      ];
    case 'sample':
    case 'log':
      return [{ kind: 'sample', text: block.content, range: block.range, block: block.id }];
    case 'code':
    case 'template':
      return [
        {
          kind: 'prose',
          markdown: bench.shop.source.text.slice(block.range.start, block.range.end),
          range: block.range,
        },
        ...(reading.foreign ? [inForeignShell(bench, reading, reading.foreign)] : []),
      ];
  }
}

/** What bash cannot run is shown whole, and done by hand where it belongs. */
function inForeignShell(bench: Bench, { block, excerpt }: BlockReading, shell: string): Part {
  const lines = excerpt.lines
    .map((line) => line.text.replace(/^\s*(?:PS )?[A-Z]:\\[^>]{0,200}>/, '').trim())
    .filter((text) => text !== '');
  const more =
    lines.length > 1 ? ` (and ${lines.length - 1} more ${lines.length === 2 ? 'line' : 'lines'})` : '';
  const text = `In ${shell}: ${shorten(lines[0] ?? '', 120)}${more}`;
  return { kind: 'manual', id: bench.name('manual'), text, range: block.range };
}

/** Keeps what a guessed block would give if it were read the other way. Its ids are its own: they move no others. */
export function keepOther(bench: Bench, reading: BlockReading): void {
  const { block } = reading;
  if (bench.kept || !block.guess || bench.shop.guessed.has(block.id)) return;
  const other = readOtherwise(reading);
  if (!other) return;
  const own = new Bench(bench.shop, `${bench.owner}/${block.id}`, true);
  bench.shop.guessed.set(block.id, {
    block: block.id,
    range: block.range,
    role: block.role,
    guess: block.guess,
    other: { role: other.block.role, places: [{ step: bench.owner, parts: blockParts(own, other) }] },
  });
}

/** Pieces of a block, with the alternatives among them ("# Or …", "# Method 2", "# macOS") as choices. */
export function pieceParts(
  bench: Bench,
  reading: BlockReading,
  pieces: readonly BlockPiece[],
  ways?: number,
): readonly Part[] {
  const segments = segmentsOf(pieces);
  if (ways === segments.length && segments.every(isCaptioned)) return [pieceChoice(bench, reading, segments)];
  const parts: Part[] = [];
  for (let at = 0; at < segments.length; ) {
    const end = waysEnd(segments, at);
    if (end - at > 1) parts.push(pieceChoice(bench, reading, waysOf(segments.slice(at, end))));
    else for (const piece of segments[at]!.pieces) parts.push(...onePiece(bench, reading, piece, false));
    at = end;
  }
  return parts;
}

function pieceChoice(bench: Bench, reading: BlockReading, segments: readonly Segment[]): Part {
  const id = bench.name('choice');
  const options = segments.map((segment, index): PartOption => {
    const parts = segment.pieces.flatMap((piece) => onePiece(bench, reading, piece, true));
    const title = segment.title || firstWords(segment.pieces) || `Way ${index + 1}`;
    const from = Math.min(
      ...segment.pieces.map((piece) => pieceSpan(piece)?.start ?? Number.POSITIVE_INFINITY),
    );
    const to = Math.max(...segment.pieces.map((piece) => pieceSpan(piece)?.end ?? 0));
    return {
      id: bench.shop.names(`${id}/${slug(title)}`),
      title,
      range: Number.isFinite(from) ? bench.shop.source.range(from, to) : reading.block.range,
      parts,
    };
  });
  const signs = segments.map((segment) => segment.sign).filter((sign) => sign !== undefined);
  return {
    kind: 'choice',
    id,
    title: choiceTitle(signs),
    range: bench.shop.source.range(options[0]!.range.start, options[options.length - 1]!.range.end),
    options,
  };
}

function onePiece(bench: Bench, reading: BlockReading, piece: BlockPiece, chosen: boolean): readonly Part[] {
  const { block, info } = reading;
  switch (piece.kind) {
    case 'statement': {
      bench.shop.opened.client = opensClient(piece.excerpt.lines.at(-1)?.text ?? '')?.name;
      const captions = piece.captions.map((line) => line.text).filter((text) => text !== '');
      const trailing = piece.trailing?.text;
      const caption = [captions.join('\n'), ...(trailing ? [trailing] : [])]
        .filter((text) => text !== '')
        .join(' — ');
      const command = bench.command(piece.excerpt, piece.language, {
        hints: info.hints,
        block: block.id,
        ...(caption && { caption }),
        ...(piece.note
          ? { guess: { reason: piece.note, otherwise: 'separate commands' } }
          : block.guess && { guess: block.guess }),
      });
      return [
        command,
        ...[...piece.captions, ...(piece.trailing ? [piece.trailing] : [])].flatMap((line) =>
          bench.criterionLine(line),
        ),
      ];
    }
    case 'sample': {
      const span = spanOf(piece.excerpt);
      return [
        {
          kind: 'sample',
          text: piece.excerpt.text,
          range: span ? bench.shop.source.range(span.start, span.end) : block.range,
          block: block.id,
        },
      ];
    }
    case 'typed':
      return [
        {
          kind: 'manual',
          id: bench.name('manual'),
          text: `At the ${piece.at === '>' ? (bench.shop.opened.client ?? '>') : piece.at} prompt: ${piece.excerpt.text}`,
          range: bench.excerptRange(piece.excerpt),
        },
      ];
    case 'comments':
      return commentParts(bench, reading, piece.lines, chosen);
  }
}
