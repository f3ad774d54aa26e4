import type pg from 'pg';
import type { ChecksumWay, Contents, Selection, SequenceContents, TableContents } from '../../contents.ts';
import { checksumWayOf, isPartial } from '../../contents.ts';
import * as catalogue from './catalogue.ts';
import { qualifiedIdentifier } from './quote.ts';
import { countRows, type ForeignKey, findOrphans } from './rows.ts';
import type { Snapshot } from './snapshot.ts';

export interface ContentsOptions {
  readonly selection?: Selection;
  /**
   * For a database that was empty when its dump was loaded and that nobody else has used: a key that is marked valid
   * there was held against every row by the server itself, in this very load, and is not read once more. Elsewhere the
   * mark proves nothing.
   */
  readonly freshlyLoaded?: boolean;
  /** What it will be held against: the checksums are made in the same way, where the server knows how. */
  readonly like?: Contents;
  /** How to make the checksums, where nothing to hold it against is there yet; else the cheapest that the server knows. */
  readonly checksums?: ChecksumWay;
  readonly signal?: AbortSignal;
  /** Called before each table: how many are done, of how many. */
  readonly onTable?: (table: string, done: number, of: number) => void;
}

/**
 * Reads what is in a database, over all connections of a snapshot in parallel, the largest tables first. Errors of
 * the server come through as they are.
 */
export async function readContents(snapshot: Snapshot, options: ContentsOptions = {}): Promise<Contents> {
  const leader = snapshot.clients[0]!;
  const wanted = filter(options.selection);
  const known = checksumWayOfServer(snapshot.serverMajor);
  const asked = options.like === undefined ? options.checksums : checksumWayOf(options.like);
  const way = known === 'text' ? known : (asked ?? known);
  const tables = ((await leader.query(catalogue.tablesQuery)).rows as TableRow[])
    .filter((row) => wanted(row.schema, qualify(row.schema, row.name)))
    .map(tableOf);
  const keys = ((await leader.query(catalogue.foreignKeysQuery)).rows as ForeignKey[]).filter((key) =>
    wanted(key.schema, qualify(key.schema, key.table)),
  );
  const orphans = new Map<string, number>(
    options.freshlyLoaded
      ? keys
          .filter((key) => key.validated)
          .map((key) => [JSON.stringify([key.schema, key.table, key.name]), 0])
      : [],
  );
  const counted = new Map<string, Pick<TableContents, 'rows' | 'checksum' | 'newest'>>();
  const countable = tables.filter((one) => one.kind === 'table').sort((a, b) => b.bytes - a.bytes);
  const work: ((client: pg.Client) => Promise<void>)[] = [
    ...countable.map((table, done) => async (client: pg.Client) => {
      options.onTable?.(qualify(table.schema, table.name), done, countable.length);
      counted.set(qualify(table.schema, table.name), await countRows(client, table, way));
    }),
    ...keys
      .filter((key) => !(options.freshlyLoaded && key.validated))
      .map((key) => async (client: pg.Client) => {
        orphans.set(JSON.stringify([key.schema, key.table, key.name]), await findOrphans(client, key));
      }),
  ];
  const sequences = await readSequences(leader, wanted);
  const rest = await readStructure(leader, wanted, isPartial(options.selection));
  await Promise.all(
    snapshot.clients.map(async (client) => {
      for (let task = work.shift(); task !== undefined; task = work.shift()) {
        options.signal?.throwIfAborted();
        await task(client);
      }
    }),
  );
  return {
    ...(way === 'text' ? {} : { checksums: way }),
    serverMajor: snapshot.serverMajor,
    tables: tables.map((table) => ({ ...table, ...counted.get(qualify(table.schema, table.name)) })),
    sequences,
    ...rest,
    constraints: rest.constraints.map((one) => {
      const found = orphans.get(JSON.stringify([one.schema, one.table, one.name]));
      return found === undefined ? one : { ...one, orphans: found };
    }),
  };
}

/** The cheapest way to make checksums that a server of this major version knows. */
export function checksumWayOfServer(major: number): ChecksumWay {
  return major >= 14 ? 'record' : 'text';
}

/** Values as they are now: sequences move on outside every snapshot. */
export async function readSequences(
  client: pg.Client,
  wanted: Wanted = filter(undefined),
): Promise<SequenceContents[]> {
  const sequences: SequenceContents[] = [];
  for (const row of (await client.query(catalogue.sequencesQuery)).rows) {
    if (!wanted(row.schema, qualify(row.schema, row.name))) continue;
    const { rows } = await client.query(
      `select last_value::text as value, is_called as called from ${qualifiedIdentifier(row.schema, row.name)}`,
    );
    sequences.push({ schema: row.schema, name: row.name, increment: row.increment, ...rows[0] });
  }
  return sequences;
}

type Wanted = (schema: string | null, part: string | null) => boolean;

/** What a selection lets through: a thing of a chosen schema, or one that belongs to a chosen table. */
export function filter(selection: Selection | undefined): Wanted {
  if (!isPartial(selection)) return () => true;
  return (schema, part) =>
    selection.tables.length > 0
      ? part !== null && selection.tables.includes(part)
      : schema !== null && selection.schemas.includes(schema);
}

async function readStructure(leader: pg.Client, wanted: Wanted, partial: boolean) {
  const list = async (query: string) => (await leader.query(query)).rows;
  const ofTable = (row: { schema: string; table: string }) =>
    wanted(row.schema, qualify(row.schema, row.table));
  return {
    constraints: (await list(catalogue.constraintsQuery)).filter(ofTable) as Contents['constraints'],
    indexes: (await list(catalogue.indexesQuery)).filter(ofTable) as Contents['indexes'],
    triggers: (await list(catalogue.triggersQuery)).filter(ofTable) as Contents['triggers'],
    extensions: partial ? [] : ((await list(catalogue.extensionsQuery)) as Contents['extensions']),
    objects: (await list(catalogue.objectsQuery))
      .filter((row) => wanted(row.schema, row.part))
      .map(({ kind, name, digest }) => ({ kind, name, digest })),
    largeObjects: partial ? { count: 0 } : await readLargeObjects(leader),
    grants: (await list(catalogue.grantsQuery))
      .filter((row) => wanted(row.schema, row.part))
      .map(({ on, owner, grants }) => ({ on, owner, grants })),
    roles: (await list(catalogue.rolesQuery)).map((row) => row.name as string),
  };
}

async function readLargeObjects(leader: pg.Client): Promise<Contents['largeObjects']> {
  const { rows } = await leader.query(`
    select (select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata)::float8 as count,
           pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'select') as readable`);
  if (!rows[0].readable) return { count: rows[0].count };
  const sum = await leader.query(`
    select coalesce(pg_catalog.sum(pg_catalog.hashtext(loid || ':' || pageno || ':' || pg_catalog.md5(data))::bigint), 0)::text as checksum
      from pg_catalog.pg_largeobject`);
  return { count: rows[0].count, checksum: sum.rows[0].checksum };
}

type TableRow = Omit<TableContents, 'rowSecurity' | 'columns'> & {
  row_security: TableContents['rowSecurity'];
  columns: { [key: string]: unknown }[];
};

function tableOf(row: TableRow): TableContents {
  const { row_security, columns, ...rest } = row;
  return {
    ...rest,
    rowSecurity: row_security,
    // json_build_object writes absent values as null; the manifest leaves them out.
    columns: columns.map(
      (one) =>
        Object.fromEntries(
          Object.entries(one).filter(([, value]) => value !== null),
        ) as TableContents['columns'][number],
    ),
  };
}

function qualify(schema: string, name: string): string {
  return `${schema}.${name}`;
}
