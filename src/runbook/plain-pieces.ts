import type { BlockPiece } from './block-piece.ts';
import { session, sessionEnd, sessionNote } from './client-session.ts';
import { type Excerpt, type ExcerptLine, excerptOf } from './excerpt.ts';
import { opensClient } from './prompt.ts';
import { type Statement, splitStatements } from './statements.ts';

/** A block without prompts: client sessions are cut out first, the rest goes to the shell grammar. */
export function plainPieces(excerpt: Excerpt): readonly BlockPiece[] {
  const out: BlockPiece[] = [];
  const { lines } = excerpt;
  let from = 0;
  for (let index = 0; index < lines.length; index++) {
    const client = opensClient(lines[index]!.text);
    if (!client || /^\s*#/.test(lines[index]!.text)) continue;
    const end = sessionEnd(lines, index, client);
    if (end === index + 1) continue;
    const before = lines.slice(from, index + 1);
    const split = splitStatements(excerptOf(before));
    const opener = split[split.length - 1];
    if (opener?.kind !== 'statement') continue;
    for (const piece of split.slice(0, -1)) out.push(asPiece(piece));
    const fed = session(opener.excerpt, lines.slice(index + 1, end), client, false);
    out.push({ ...opener, excerpt: fed, language: 'shell', note: sessionNote(client) });
    from = end;
    index = end - 1;
  }
  if (from < lines.length)
    for (const piece of splitStatements(excerptOf(lines.slice(from)))) out.push(asPiece(piece));
  return out;
}

function asPiece(statement: Statement): BlockPiece {
  return statement.kind === 'statement' ? { ...statement, language: 'shell' } : statement;
}

/** Lines that were printed, as one piece; none where they are blank. */
export function samples(excerpt: Excerpt): readonly BlockPiece[] {
  const lines = trimBlank(excerpt.lines);
  return lines.length > 0 ? [{ kind: 'sample', excerpt: excerptOf(lines) }] : [];
}

/** Lines without the blank ones before and behind them. */
export function trimBlank(lines: readonly ExcerptLine[]): readonly ExcerptLine[] {
  let from = 0;
  let to = lines.length;
  while (from < to && lines[from]!.text.trim() === '') from++;
  while (to > from && lines[to - 1]!.text.trim() === '') to--;
  return lines.slice(from, to);
}
