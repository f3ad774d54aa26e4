import type pg from 'pg';
import type { ChecksumWay, TableContents } from '../../contents.ts';
import { newestColumn } from '../time-column.ts';
import { identifier, qualifiedIdentifier } from './quote.ts';

/**
 * Types whose values are equal only where their text is: their own hash is as good as that of the text, and cheaper.
 * Of others (numeric, interval, jsonb, citext, float) values that read differently are equal; an enum hashes by its
 * oid, which no two databases share.
 */
const strict =
  /^(?:boolean|smallint|integer|bigint|oid|uuid|bytea|date|timestamp(?:\(\d\))? with(?:out)? time zone)$/;
/** Equal by bytes only in the collation "C". */
const strictText = /^(?:text|character varying(?:\(\d+\))?)$/;

/**
 * Rows, checksum and newest row of a table, in one pass. The checksum is the sum of a hash of every row, which neither
 * the order of the rows nor (columns being ordered by name) that of the columns changes. Rows of child tables are not
 * counted.
 */
export async function countRows(
  client: pg.Client,
  table: TableContents,
  way: ChecksumWay,
): Promise<Required<Pick<TableContents, 'rows' | 'checksum'>> & Pick<TableContents, 'newest'>> {
  const time = newestColumn(table.columns, (one) => /^(?:timestamp|date\b)/.test(one.type));
  const { rows } = await client.query(
    `select pg_catalog.count(*)::float8 as rows,
            coalesce(pg_catalog.sum(${hashOf(table, way)}), 0)::text as checksum
            ${time === undefined ? '' : `, pg_catalog.max(t.${identifier(time)})::text as newest`}
       from only ${qualifiedIdentifier(table.schema, table.name)} t`,
  );
  return {
    rows: rows[0].rows,
    checksum: rows[0].checksum,
    ...(time === undefined ? {} : { newest: { column: time, value: rows[0].newest } }),
  };
}

function hashOf(table: TableContents, way: ChecksumWay): string {
  const columns = table.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  // A row of more than 1,664 columns can't be built by ROW(); the table's own row can.
  if (columns.length > 1_600) return 'pg_catalog.hashtext(t::text)::bigint';
  const row = (write: (name: string, type: string) => string) =>
    `row(${columns.map((one) => write(`t.${identifier(one.name)}`, one.type)).join(', ')})`;
  switch (way) {
    case 'text':
      return `pg_catalog.hashtext((${row((name) => name)})::text)::bigint`;
    case 'record':
      return `pg_catalog.hash_record_extended(${row((name, type) =>
        strict.test(type)
          ? name
          : strictText.test(type)
            ? `${name} collate pg_catalog."C"`
            : `${name}::text collate pg_catalog."C"`,
      )}, 0)`;
  }
}

/** A foreign key as the catalogue tells it. */
export interface ForeignKey {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly validated: boolean;
  readonly only_child: boolean;
  readonly parent_schema: string;
  readonly parent: string;
  readonly only_parent: boolean;
  readonly columns: readonly { readonly child: string; readonly parent: string; readonly operator: string }[];
}

/**
 * Rows whose referenced row is missing. A constraint marked valid proves nothing: a load with triggers disabled
 * leaves orphans behind it. Compares with the key's own operators, as the constraint does.
 */
export async function findOrphans(client: pg.Client, key: ForeignKey): Promise<number> {
  const child = qualifiedIdentifier(key.schema, key.table);
  const parent = qualifiedIdentifier(key.parent_schema, key.parent);
  const present = key.columns.map((one) => `c.${identifier(one.child)} is not null`).join(' and ');
  const same = key.columns
    .map((one) => `p.${identifier(one.parent)} ${one.operator} c.${identifier(one.child)}`)
    .join(' and ');
  const { rows } = await client.query(
    `select pg_catalog.count(*)::float8 as orphans from ${key.only_child ? 'only ' : ''}${child} c
      where ${present} and not exists (select from ${key.only_parent ? 'only ' : ''}${parent} p where ${same})`,
  );
  return rows[0].orphans;
}
