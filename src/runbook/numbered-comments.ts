import type { BlockReading } from './block-reading.ts';
import type { DraftStep } from './draft.ts';
import { shorten } from './wording.ts';
import { materialSpan, type PieceSet } from './workshop.ts';

/** "# 1. …", "# 2. …" above the commands of one block: each is a step. */
export function numberedSteps(reading: BlockReading): DraftStep[] | undefined {
  const steps: {
    number: string;
    title: string;
    set: PieceSet & { pieces: (typeof reading.pieces)[number][] };
  }[] = [];
  for (const piece of reading.pieces) {
    const first =
      piece.kind === 'statement'
        ? piece.captions[0]?.text
        : piece.kind === 'comments'
          ? piece.lines[0]?.text
          : undefined;
    const found = /^(?:step\s+)?(\d+)\s*[.):]\s+(.+)$/i.exec(first ?? '');
    if (
      found &&
      Number(found[1]) === steps.length + 1 &&
      (piece.kind === 'statement' || (piece.kind === 'comments' && piece.lines.length === 1))
    )
      steps.push({
        number: found[1]!,
        title: found[2]!,
        set: { type: 'pieces', reading, pieces: [piece] },
      });
    else if (steps.length === 0) return undefined;
    else steps[steps.length - 1]!.set.pieces.push(piece);
  }
  if (steps.length < 2) return undefined;
  return steps.map(({ number, title, set }) => ({
    kind: 'step',
    number,
    title: shorten(title),
    ...materialSpan(set),
    materials: [set],
  }));
}
