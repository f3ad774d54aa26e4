import type { Code } from 'mdast';
import type { Block } from './block.ts';
import type { BlockPiece } from './block-piece.ts';
import { commandThenOutput, shellPieces, sqlPieces, typedPieces } from './block-pieces.ts';
import { roleOf, type Surroundings } from './block-role.ts';
import { startsSql } from './doing-words.ts';
import { type Excerpt, type ExcerptLine, excerptOf } from './excerpt.ts';
import type { Guess } from './guess.ts';
import { type Info, readInfo } from './info.ts';
import { preformattedLines } from './preformatted.ts';
import type { Source } from './source.ts';

/** A block with what was found in it. */
export interface BlockReading {
  readonly block: Block;
  readonly info: Info;
  readonly excerpt: Excerpt;
  readonly pieces: readonly BlockPiece[];
  /** The file that the block belongs into, for the role `file`. */
  readonly fileName?: string;
  /** The shell that it is for, where bash cannot run it: done by hand. */
  readonly foreign?: string;
}

/** Reads one code block. `number` counts the blocks of the document from 1. */
export function readBlock(code: Code, source: Source, number: number, around: Surroundings): BlockReading {
  const own = readInfo(code.lang, code.meta);
  const given = around.attributes;
  const info: Info = given
    ? {
        ...own,
        ...given,
        hints: { ...given.hints, ...own.hints },
        unknown: [...own.unknown, ...given.unknown],
      }
    : own;
  const { excerpt: whole, closed, range } = excerptOfCode(code, source);
  const { tag, excerpt } = tagInside(info.tag, whole);
  const verdict = roleOf({ ...info, tag }, excerpt, around);
  const block: Block = {
    id: `block-${number}`,
    range,
    tag: info.tag,
    role: verdict.role,
    content: whole.text,
    closed,
    reason: verdict.reason,
    ...(verdict.guess && { guess: verdict.guess }),
  };
  const pieces =
    verdict.role !== 'commands'
      ? []
      : verdict.client
        ? typedPieces(excerpt, verdict.client)
        : verdict.echoed
          ? commandThenOutput(excerpt)
          : verdict.sql
            ? sqlPieces(excerpt)
            : shellPieces(excerpt);
  return {
    block,
    info,
    excerpt,
    pieces,
    ...(verdict.fileName && { fileName: verdict.fileName }),
    ...(verdict.foreign && { foreign: verdict.foreign }),
  };
}

/** A tag that slipped below its fence: an untagged block whose first line is nothing but the name of a language. */
function tagInside(tag: string, excerpt: Excerpt): { readonly tag: string; readonly excerpt: Excerpt } {
  const first = excerpt.lines[0]?.text.trim().toLowerCase() ?? '';
  if (tag !== '' || excerpt.lines.length < 2 || !/^(?:bash|sql|shell|console|json|yaml|python)$/.test(first))
    return { tag, excerpt };
  return { tag: first, excerpt: excerptOf(excerpt.lines.slice(1)) };
}

/** A guessed block read the other way; undefined where its reading is no guess, or the other gives nothing to run. */
export function readOtherwise({ block, info, excerpt }: BlockReading): BlockReading | undefined {
  const { guess } = block;
  const role = guess && otherRole(guess);
  if (!guess || !role || role === block.role) return undefined;
  const first = excerpt.lines.find((line) => line.text.trim() !== '');
  const pieces =
    role !== 'commands' ? [] : startsSql(first?.text ?? '') ? sqlPieces(excerpt) : shellPieces(excerpt);
  if (role === 'commands' && !pieces.some((piece) => piece.kind === 'statement')) return undefined;
  const reason = `read as ${block.role} at first: ${guess.reason}`;
  return {
    block: { ...block, role, reason, guess: { reason, otherwise: block.role } },
    info,
    excerpt,
    pieces,
  };
}

function otherRole({ otherwise }: Guess): Block['role'] | undefined {
  return otherwise === 'commands' || otherwise === 'sample' || otherwise === 'code' ? otherwise : undefined;
}

/** The lines of a block with their places, without the indentation of lists and the marks of quotes. */
function excerptOfCode(code: Code, source: Source) {
  const start = code.position?.start.offset ?? 0;
  const end = code.position?.end.offset ?? start;
  const first = source.lineAt(start);
  const last = source.lineAt(Math.max(start, end - 1));
  const fence = /^(`{3,}|~{3,})/.exec(source.text.slice(start, start + 200))?.[1];
  const written = preformattedLines(code);
  if (written) {
    const lines = written.map(({ text, index, from, whole, places }): ExcerptLine => {
      const base = Math.max(0, source.line(first + index).end - whole.length);
      return { text, at: base + from, ...(places && { places: places.map((place) => base + place) }) };
    });
    return { excerpt: excerptOf(lines), closed: true, range: source.range(start, end) };
  }
  const values = code.value === '' ? [] : code.value.split(/\r\n|\n|\r/);
  const lines = values.map((text, index): ExcerptLine => {
    const number = first + (fence ? 1 : 0) + index;
    const line = source.line(number);
    // A tab that the fence's indentation cuts in two gives more blanks than the source has: count from the end.
    const at = Math.max(0, line.end - text.length);
    return { text: text.replaceAll('\u0000', '\ufffd'), at: number > source.starts.length ? -1 : at };
  });
  const closing = source.line(last);
  const closed =
    !fence ||
    (last > first &&
      new RegExp(`^[\\s>]*${fence[0] === '~' ? '~' : '`'}{${fence.length},}\\s*$`).test(
        source.text.slice(closing.start, closing.end),
      ));
  return { excerpt: excerptOf(lines), closed, range: source.range(start, end) };
}
