import { createHash, hash } from 'node:crypto';
import type { Contents, TableContents } from '../../contents.ts';
import { BackupError } from '../../error.ts';
import { isTimeName, newestColumn } from '../time-column.ts';
import { type Database, quoted, rowsOf } from './library.ts';

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onTable?: (table: string, done: number, of: number) => void;
}

/** Rows between two looks at the signal and at everything else that waits. */
const breath = 20_000;

/**
 * What is in an SQLite file, in the words of `Contents`; its one schema is `main`. The checksum of a table is the sum,
 * modulo 2^64, of the first eight bytes of the SHA-1 of each row, the columns ordered by name, each with its storage
 * class: neither the order of rows nor that of columns counts, and 1, 1.0 and '1' are three things.
 */
export async function readSqlite(database: Database, options: ReadOptions = {}): Promise<Contents> {
  const things = rowsOf(
    database,
    "select type, name, tbl_name as \"table\", coalesce(sql, '') as sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\' order by type, name",
  ) as { type: string; name: string; table: string; sql: string }[];
  const list = new Map(
    rowsOf(database, 'select name, type, strict, wr from pragma_table_list where schema = ?', 'main').map(
      (row) => [String(row.name), row],
    ),
  );
  const tables: TableContents[] = [];
  const constraints: Contents['constraints'] = [];
  const own = things.filter((one) => one.type === 'table' && list.get(one.name)?.type !== 'shadow');
  const orphans = foreignKeyOrphans(database);
  for (const [done, { name, sql }] of own.entries()) {
    options.onTable?.(name, done, own.length);
    const virtual = list.get(name)?.type === 'virtual';
    const columns = columnsOf(database, name);
    const bare: TableContents = {
      schema: 'main',
      name,
      kind: virtual ? 'foreign' : 'table',
      columns,
      parents: [],
      rowSecurity: 'off',
      bytes: 0,
    };
    tables.push(virtual ? bare : { ...bare, ...(await count(database, bare, options)) });
    constraints.push(
      {
        schema: 'main',
        table: name,
        name: 'definition',
        type: 'check',
        // STRICT, WITHOUT ROWID, CHECK and UNIQUE stand nowhere but in the statement itself.
        definition: sql,
        validated: true,
      },
      ...foreignKeys(database, name, orphans),
    );
  }
  return {
    tables: tables.sort((a, b) => (a.name < b.name ? -1 : 1)),
    sequences: sequencesOf(database),
    constraints,
    indexes: things
      .filter((one) => one.type === 'index')
      .map((one) => ({ schema: 'main', table: one.table, name: one.name, definition: one.sql, valid: true })),
    triggers: things
      .filter((one) => one.type === 'trigger')
      .map((one) => ({
        schema: 'main',
        table: one.table,
        name: one.name,
        definition: one.sql,
        enabled: 'origin',
      })),
    extensions: [],
    objects: [
      ...things
        .filter((one) => one.type === 'view')
        .map((one) => ({ kind: 'view', name: `main.${one.name}`, digest: digestOf(one.sql) })),
      ...['user_version', 'application_id', 'encoding'].map((name) => ({
        kind: 'setting',
        name,
        digest: String(Object.values(rowsOf(database, `pragma ${name}`)[0] ?? {})[0] ?? ''),
      })),
    ],
    largeObjects: { count: 0 },
    grants: [],
    roles: [],
  };
}

function columnsOf(database: Database, table: string): TableContents['columns'] {
  // hidden: 1 is a virtual table's own, 2 a virtual generated column, 3 a stored one.
  return rowsOf(
    database,
    'select name, type, "notnull", dflt_value, hidden from pragma_table_xinfo(?)',
    table,
  )
    .filter((row) => row.hidden !== 1)
    .map((row) => ({
      name: String(row.name),
      type: String(row.type),
      notNull: row.notnull === 1,
      ...(row.dflt_value === null ? {} : { expression: String(row.dflt_value) }),
      ...(row.hidden === 2 ? { made: 'virtual' } : row.hidden === 3 ? { made: 'stored' } : {}),
    }));
}

/** Rows, checksum and newest row. A count through an index alone would not see a row that the table lost. */
async function count(
  database: Database,
  table: TableContents,
  options: ReadOptions,
): Promise<Pick<TableContents, 'rows' | 'checksum' | 'newest'>> {
  const names = table.columns.map((one) => one.name).sort();
  // Text as its bytes: quote() would end it at a NUL.
  const row = names
    .map(
      (name) =>
        `case typeof(${quoted(name)}) when 'text' then 't' || hex(${quoted(name)}) else quote(${quoted(name)}) end`,
    )
    .join(` || ',' || `);
  const statement = database.prepare(`select ${row} as r from ${quoted(table.name)} not indexed`);
  let rows = 0;
  let sum = 0n;
  for (const one of statement.iterate() as Iterable<{ r: string }>) {
    sum += hash('sha1', one.r, 'buffer').readBigUInt64BE(0);
    rows += 1;
    if (rows % breath === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      if (options.signal?.aborted) throw new BackupError('aborted', 'Stopped as asked.');
    }
  }
  const time = newestColumn(
    table.columns,
    // Types are loose here: text and numbers hold times as often as not.
    (one) => /date|time/i.test(one.type) || isTimeName(one.name),
  );
  const newest =
    time === undefined
      ? undefined
      : rowsOf(
          database,
          `select cast(max(${quoted(time)}) as text) as newest from ${quoted(table.name)}`,
        )[0]!;
  return {
    rows,
    checksum: String(sum & 0xffff_ffff_ffff_ffffn),
    ...(newest === undefined
      ? {}
      : { newest: { column: time!, value: newest.newest === null ? null : String(newest.newest) } }),
  };
}

function foreignKeyOrphans(database: Database): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const row of rowsOf(
    database,
    'select "table", fkid, count(*) as orphans from pragma_foreign_key_check group by 1, 2',
  ))
    found.set(`${row.table}#${row.fkid}`, Number(row.orphans));
  return found;
}

function foreignKeys(
  database: Database,
  table: string,
  orphans: ReadonlyMap<string, number>,
): Contents['constraints'] {
  const keys = new Map<string, Record<string, string | number | null>[]>();
  for (const row of rowsOf(
    database,
    'select id, seq, "table", "from", "to", on_update, on_delete from pragma_foreign_key_list(?) order by id, seq',
    table,
  ))
    keys.set(String(row.id), [...(keys.get(String(row.id)) ?? []), row]);
  return [...keys].map(([id, parts]) => ({
    schema: 'main',
    table,
    name: `foreign key ${id}`,
    type: 'foreign key' as const,
    definition: `FOREIGN KEY (${parts.map((one) => one.from).join(', ')}) REFERENCES ${parts[0]!.table} (${parts
      .map((one) => one.to ?? 'its key')
      .join(', ')}) ON UPDATE ${parts[0]!.on_update} ON DELETE ${parts[0]!.on_delete}`,
    // A key is never held against the rows that are there already.
    validated: false,
    orphans: orphans.get(`${table}#${id}`) ?? 0,
  }));
}

/** What AUTOINCREMENT has reached. */
function sequencesOf(database: Database): Contents['sequences'] {
  if (rowsOf(database, "select 1 from sqlite_schema where name = 'sqlite_sequence'").length === 0) return [];
  return rowsOf(
    database,
    'select name, cast(max(seq) as text) as seq from sqlite_sequence where name is not null group by name order by name',
  ).map((row) => ({
    schema: 'main',
    name: String(row.name),
    value: String(row.seq ?? 0),
    called: true,
    increment: '1',
  }));
}

function digestOf(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
