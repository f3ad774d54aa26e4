import { maskPlaceholders } from '../effects/mask.ts';
import type { Span, Word } from '../effects/word.ts';
import { splitPsql } from '../syntax/psql.ts';
import { parseSql } from '../syntax/sql.ts';
import type { Invocation } from './invocation.ts';
import type { Script } from './script.ts';

/** One statement or backslash command of SQL; the span counts in the script's text. */
export interface SqlPiece extends Span {
  readonly kind: 'sql' | 'meta';
  /** Without comments where it is SQL; the whole line where it is a backslash command. */
  readonly text: string;
  /** PostgreSQL's parse tree; undefined where it does not parse. */
  readonly tree?: Readonly<Record<string, unknown>>;
  /** The client that runs it; none in an SQL block. */
  readonly client?: Invocation;
}

/** SQL of a script, in order. Never throws for what the text holds. */
export function readSqlPieces(script: Script): readonly SqlPiece[] {
  if (script.language === 'sql')
    return piecesOf(script.text, 0, { start: 0, end: script.text.length }, undefined);
  return script.invocations.flatMap((invocation) => {
    if (invocation.name !== 'psql') return [];
    const given: readonly Word[] = [
      ...invocation.options.values('-c', '--command'),
      ...(invocation.feed?.kind === 'text' ? [invocation.feed.text] : []),
    ];
    return given.flatMap((word) => piecesOf(word.text, word.offset, word, invocation));
  });
}

function piecesOf(
  text: string,
  offset: number,
  around: Span,
  client: Invocation | undefined,
): readonly SqlPiece[] {
  const at = (start: number, end: number): Span =>
    offset >= 0 ? { start: offset + start, end: offset + end } : { start: around.start, end: around.end };
  return splitPsql(maskPlaceholders(text)).map((piece): SqlPiece => {
    const span = at(piece.start, piece.end);
    const shown = text.slice(piece.start, piece.end);
    if (piece.kind === 'meta') return { kind: 'meta', text: shown, ...span, ...(client && { client }) };
    const tree = parsed(piece.text);
    return {
      kind: 'sql',
      text: shown.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').trim(),
      ...span,
      ...(tree && { tree }),
      ...(client && { client }),
    };
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const statement = parseSql(text).stmts?.[0]?.stmt;
    return statement as Readonly<Record<string, unknown>> | undefined;
  } catch {
    return undefined;
  }
}

/** Names of the functions that a statement calls, without their schema, lower case; from the text where it does not parse. */
export function functionsIn(piece: SqlPiece): ReadonlySet<string> {
  const names = new Set<string>();
  if (!piece.tree) {
    for (const found of piece.text.replace(/'(?:[^']|'')*'/g, "''").matchAll(/([A-Za-z_]\w*)\s*\(/g))
      names.add(found[1]!.toLowerCase());
    return names;
  }
  const open: unknown[] = [piece.tree];
  while (open.length > 0) {
    const node = open.pop();
    if (node === null || typeof node !== 'object') continue;
    const call = (node as { FuncCall?: { funcname?: readonly { String?: { sval?: string } }[] } }).FuncCall;
    const name = call?.funcname?.at(-1)?.String?.sval;
    if (name) names.add(name.toLowerCase());
    for (const value of Object.values(node)) if (typeof value === 'object') open.push(value);
  }
  return names;
}
