import type { BlockPiece } from './block-piece.ts';
import type { ExcerptLine } from './excerpt.ts';
import { type OptionSign, optionSign, placeOption, sameChoice } from './option-title.ts';
import { shorten } from './wording.ts';

/** Pieces of a block that belong together, and what offers them as one of several ways. */
export interface Segment {
  readonly sign?: OptionSign;
  readonly title: string;
  readonly pieces: BlockPiece[];
}

/** Orders the pieces of a block into segments: a comment with the commands that it heads. */
export function segmentsOf(pieces: readonly BlockPiece[]): readonly Segment[] {
  const segments: Segment[] = [];
  for (const piece of pieces) {
    const lines = piece.kind === 'statement' ? piece.captions : piece.kind === 'comments' ? piece.lines : [];
    const last = segments[segments.length - 1];
    const split = piece.kind === 'comments' ? splitOffers(piece) : undefined;
    if (split) {
      for (const one of split) segments.push({ ...offer(one.lines), pieces: [one] });
      continue;
    }
    const found = offer(piece.kind === 'comments' ? lines.slice(0, 1) : lines);
    const continues =
      last &&
      (lines.length === 0
        ? piece.kind !== 'statement' || !piece.apart
        : piece.kind === 'comments' && !found.sign && !piece.apart);
    if (continues) last.pieces.push(piece);
    else segments.push({ ...found, pieces: [piece] });
  }
  return segments;
}

/** The index behind the segments that offer, together with the one at `from`, ways to choose from. */
export function waysEnd(segments: readonly Segment[], from: number): number {
  const segment = segments[from]!;
  let end = from + 1;
  if (segment.sign && segment.sign.by !== 'or' && segment.sign.by !== 'way')
    while (end < segments.length && segments[end]!.sign && sameChoice(segment.sign, segments[end]!.sign!))
      end++;
  while (end < segments.length && segments[end]!.sign?.by === 'or') end++;
  if (end === from + 1) while (end < segments.length && isVariant(segment, segments[end]!)) end++;
  if (end === from + 1) end = manualEnd(segments, from);
  return end;
}

/**
 * "Run cleanup script", then, behind an empty line, "Manual cleanup": two ways to the same end. The second goes on with
 * what no empty line parts from it; gives the index behind it, and the one behind the first where there is no second.
 */
function manualEnd(segments: readonly Segment[], from: number): number {
  const [first, second] = [segments[from]!, segments[from + 1]];
  const by = /^(?:manual(?:ly)?|by hand)\b/i;
  if (!second || by.test(first.title) || !by.test(second.title) || !isApart(second)) return from + 1;
  const words = (title: string): readonly string[] => title.toLowerCase().match(/\p{L}{5,}/gu) ?? [];
  const shared = words(second.title).filter((word) => !by.test(word) && words(first.title).includes(word));
  if (shared.length === 0) return from + 1;
  let end = from + 2;
  while (end < segments.length && !isApart(segments[end]!)) end++;
  return end;
}

/** Ways with what belongs to each: what only goes on with the one before it is a part of that. */
export function waysOf(segments: readonly Segment[]): readonly Segment[] {
  const ways: Segment[] = [];
  for (const segment of segments) {
    const last = ways[ways.length - 1];
    const goesOn =
      last && /^(?:manual(?:ly)?|by hand)\b/i.test(last.title) && !segment.sign && !isApart(segment);
    if (goesOn) last.pieces.push(...segment.pieces);
    else ways.push({ ...segment, pieces: [...segment.pieces] });
  }
  return ways;
}

function isApart({ pieces: [first] }: Segment): boolean {
  return (first?.kind === 'statement' || first?.kind === 'comments') && first.apart;
}

/** The offer that a caption makes, and how the option is called. */
function offer(lines: readonly ExcerptLine[]): { sign?: OptionSign; title: string } {
  for (const line of lines) {
    const text = line.text.trim();
    const sign = optionSign(text) ?? placeOption(text);
    if (sign && sign.by !== 'way') return { sign, title: shorten(text.replace(/^or\b[:,]?\s*/i, ''), 70) };
    const prefix = /^([^:]{2,30}):(?:\s|$)/.exec(text)?.[1];
    const named = prefix ? optionSign(prefix) : undefined;
    if (named && named.by === 'dimension') return { sign: named, title: prefix! };
  }
  return { title: shorten(lines[0]?.text ?? '', 70) };
}

/** Comment lines of which several offer ways ("# Option 1 …", "# Option 2 …" without an empty line between). */
function splitOffers(
  piece: BlockPiece & { kind: 'comments' },
): (BlockPiece & { kind: 'comments' })[] | undefined {
  const starts = piece.lines.flatMap((line, index) => (offer([line]).sign ? [index] : []));
  const [first, second] = starts.map((index) => offer([piece.lines[index]!]).sign!);
  if (starts[0] !== 0 || !first || !second || !sameChoice(first, second)) return undefined;
  return starts.map((start, index) => ({
    kind: 'comments',
    lines: piece.lines.slice(start, starts[index + 1]),
    apart: index === 0 ? piece.apart : true,
  }));
}

/**
 * True for commands of one block that do the same thing in another way: "Restore a specific backup" and "Restore the
 * latest backup" by one program, or a command and, captioned as such, the same with more options.
 */
function isVariant(first: Segment, other: Segment): boolean {
  if (first.sign || other.sign || first.pieces.length !== 1 || other.pieces.length !== 1) return false;
  const [one] = first.pieces;
  const [two] = other.pieces;
  if (one?.kind !== 'statement' || two?.kind !== 'statement') return false;
  if (one.captions.length === 0 || two.captions.length === 0) return false;
  const head = (text: string) => text.split(/\s+/).slice(0, 2).join(' ');
  const words = (text: string) => text.trim().toLowerCase().split(/\s+/);
  const [verb] = words(first.title);
  const picks = /\b(?:specific|particular|certain|given|latest|newest|most recent)\b/i;
  const same = head(one.excerpt.text) === head(two.excerpt.text) && one.excerpt.text !== two.excerpt.text;
  if (same && verb === words(other.title)[0] && (picks.test(first.title) || picks.test(other.title)))
    return true;
  return (
    two.excerpt.text.startsWith(`${one.excerpt.text} `) &&
    /^(?:with|without|dry[- ]run|only|using)\b/i.test(other.title)
  );
}

/** True for commands with a comment above them that says what they are for. */
export function isCaptioned({ title, pieces: [first] }: Segment): boolean {
  return title !== '' && first?.kind === 'statement' && first.captions.length > 0;
}

/** The first line of what a segment runs; empty where it runs nothing. */
export function firstWords(pieces: readonly BlockPiece[]): string {
  const first = pieces[0];
  if (first?.kind === 'statement')
    return shorten(first.excerpt.lines[0]?.text.replace(/\s*\\$/, '') ?? '', 50);
  return '';
}
