import { type PsqlPiece, psqlVariables, splitPsql } from '../syntax/psql.ts';
import { parseSql } from '../syntax/sql.ts';
import type { Around, Reader } from './call.ts';
import { destroyerIn } from './destroyer.ts';
import type { Connection, Thing } from './effect.ts';
import { maskPlaceholders } from './mask.ts';
import { readMeta } from './psql-meta.ts';
import { type StatementEffect, statementEffects } from './sql-statement.ts';
import { type Span, type Word, wordOf } from './word.ts';

export interface Database {
  /** "railway@db.internal:5432", as far as it is known; empty where nothing is. */
  readonly label: string;
  readonly connection?: Omit<Connection, 'start' | 'end'>;
  /** Values of psql's own variables (`-v name=value`), as far as they are known. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface SqlAround extends Around {
  readonly database: Database;
  /** How deep `\i` stands in `\i`. */
  readonly depth?: number;
}

/**
 * Reads a psql script, or what `psql -c` is given: SQL by PostgreSQL's own parser, backslash commands by psql's rules.
 * Parts of `script` that are the shell's to fill in are taken for names; where the whole is, it is unknown.
 */
export function readSql(script: Word, reader: Reader, around: SqlAround): undefined {
  if (!script.known && /^\s*("?\$[\w{@*(`][^\s;]*)?\s*$/.test(script.text))
    return reader.add('unknown', `which SQL ${script.text} is, is known only when it runs`, script);
  const named = nameVariables(maskPlaceholders(script.text), script.known);
  const at = (start: number, end: number): Span =>
    script.offset >= 0 ? { start: script.offset + start, end: script.offset + end } : script;
  for (const piece of splitPsql(named.text)) {
    const span = at(piece.start, piece.end);
    if (piece.kind === 'meta')
      readMeta({ ...piece, argument: named.restore(piece.argument) }, span, reader, around);
    else readStatement(piece, span, script.text.slice(piece.start, piece.end), named.restore, reader, around);
  }
}

function readStatement(
  piece: PsqlPiece & { kind: 'sql' },
  span: Span,
  shown: string,
  restore: (text: string) => string,
  reader: Reader,
  around: SqlAround,
): undefined {
  const on = around.database.label && ` on ${around.database.label}`;
  const back = (text: string) => restore(withPsqlVariables(text, shown, around.database.variables ?? {}));
  const parsed = parsedOrFault(piece.text);
  if (typeof parsed === 'string') {
    const filled = filledIn(shown, around.database.variables ?? {});
    if (filled !== undefined && typeof parsedOrFault(filled) !== 'string')
      return readSql(wordOf(filled, span), reader, around);
    reader.fail(parsed, span);
    const destroyer = destroyerIn(piece.text);
    if (destroyer) reader.add('destroys', `SQL that does not parse, and it contains ${destroyer}${on}`, span);
    else reader.add('unknown', `SQL that does not parse: ${parsed}`, span);
    return;
  }
  for (const statement of parsed) {
    for (const effect of statementEffects(statement, shown)) {
      const { reason, hits } = told(effect, around.database.label, on, back);
      reader.add(effect.class, reason, span, hits);
      if (effect.program)
        reader.shell(wordOf(effect.program, span), { span, place: 'on the database server' });
    }
  }
}

/** Whose sessions: those of the database that the statement names, reached over the one that it is given to. */
function told(
  effect: StatementEffect,
  label: string,
  on: string,
  back: (text: string) => string,
): { readonly reason: string; readonly hits: Thing | undefined } {
  if (effect.hits?.kind !== 'sessions')
    return {
      reason: back(effect.reason) + on,
      hits: effect.hits && { ...effect.hits, name: back(effect.hits.name) },
    };
  const named = back(effect.hits.name);
  const [connected = '', ...address] = label.split('@');
  if (!named)
    return { reason: `${effect.reason}${label && ` of ${label}`}`, hits: { kind: 'sessions', name: label } };
  const reason = `${effect.reason} of the database ${named}${label && `, over ${label}`}`;
  const name = named === connected ? label : [named, ...address].join('@');
  return { reason, hits: { kind: 'sessions', name } };
}

/** A statement with what psql's variables hold, which may be any part of it (`:q`); undefined where none is known. */
function filledIn(written: string, values: Readonly<Record<string, string>>): string | undefined {
  let found = false;
  const text = written.replace(/(?<![:\w]):(\w+)/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined || value.includes(`:${name}`)) return whole;
    found = true;
    return value;
  });
  return found ? text : undefined;
}

/** Words that stood in for psql's variables become what the variables hold, or the variables as written. */
function withPsqlVariables(text: string, written: string, values: Readonly<Record<string, string>>): string {
  return psqlVariables(written).reduce((shown, { name, written: as, standIn }) => {
    const held = values[name] ?? as;
    // A reason names a text without its quotes.
    const bare = new RegExp(`(?<!\\w)${standIn.replaceAll("'", '')}(?!\\w)`, 'g');
    return shown.replaceAll(standIn, () => held).replace(bare, () => held);
  }, text);
}

/** The statements, or what PostgreSQL says against them. */
function parsedOrFault(text: string): unknown[] | string {
  try {
    return (parseSql(text).stmts ?? []).map((each) => each.stmt);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const firstName = 0xe100;

/**
 * `$TABLE`, `${TABLE}`, `$(…)` and masked placeholders become names of the same length, made of one letter of the
 * private use area each, which PostgreSQL takes in a name; `restore` gives them back.
 */
function nameVariables(text: string, known: boolean): { text: string; restore: (text: string) => string } {
  const originals: string[] = [];
  const name = (whole: string) => {
    originals.push(whole);
    return String.fromCharCode(firstName + ((originals.length - 1) % 6000)).repeat(whole.length);
  };
  const placeheld = text.replace(/\u2039[^\u203a]*\u203a/g, name);
  const named = known
    ? placeheld
    : placeheld.replace(
        /\$\{[^}]*\}|\$[A-Za-z_]\w*|\$\([^()]*(?:\([^()]*\)[^()]*)*\)|`[^`]*`|\$[\d@*#?!]/g,
        name,
      );
  const restore = (given: string) =>
    originals.length === 0
      ? given
      : given.replace(
          /([\ue100-\uf8ff])\1*/g,
          (run, c: string) => originals[c.charCodeAt(0) - firstName] ?? run,
        );
  return { text: named, restore };
}
