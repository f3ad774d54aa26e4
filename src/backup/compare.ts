import { type ChecksumWay, type Contents, checksumWayOf, qualified, type Selection } from './contents.ts';
import { type Difference, differences, type Sides } from './difference.ts';
import { checkIndexes } from './engines/postgres/amcheck.ts';
import { withConnection } from './engines/postgres/connect.ts';
import { checksumWayOfServer, readContents } from './engines/postgres/contents.ts';
import { addressOf, parseLogin } from './engines/postgres/login.ts';
import { openSnapshot, snapshotTrouble } from './engines/postgres/snapshot.ts';
import { isSqlite, sqliteFile } from './engines/sqlite/file.ts';
import { readSqliteFile } from './engines/sqlite/read.ts';
import { BackupError } from './error.ts';
import type { Manifest } from './manifest.ts';
import { note } from './pairing.ts';

/** What takes part in a comparison: a database that is read now, or what a manifest says of one. */
export type Side = { readonly url: string } | { readonly manifest: Manifest };

export interface CompareRequest {
  /** The reference. */
  readonly left: Side;
  readonly right: Side;
  /** Share by which row counts may differ, 0 to 1. */
  readonly tolerance?: number;
  readonly ignoreGrants?: boolean;
  /** Have the right database's indexes read through by amcheck, where it has it. */
  readonly indexes?: boolean;
  /** Connections to each database; 2 unless told. */
  readonly connections?: number;
  readonly signal?: AbortSignal;
  readonly onTable?: (side: 'left' | 'right', table: string, done: number, of: number) => void;
}

/** Two databases against each other. */
export interface Comparison {
  readonly left: string;
  readonly right: string;
  /** No failure among the differences. */
  readonly equal: boolean;
  readonly tables: readonly ComparedTable[];
  readonly differences: readonly Difference[];
}

export interface ComparedTable {
  readonly table: string;
  /** Absent where the table is missing on that side. */
  readonly left?: Measured;
  readonly right?: Measured;
  readonly same: boolean;
}

export interface Measured {
  readonly rows: number;
  readonly checksum: string;
  readonly newest?: { readonly column: string; readonly value: string | null };
}

/**
 * Compares two databases, each over several connections on one repeatable-read snapshot, or a database with a
 * manifest. Throws a `BackupError` where one of them can't be read.
 */
export async function compare(request: CompareRequest): Promise<Comparison> {
  if (engineOfSide(request.left) !== engineOfSide(request.right))
    throw new BackupError(
      'different',
      `${labelOf(request.left)} and ${labelOf(request.right)} are databases of two kinds; PostgreSQL and SQLite can't be compared.`,
    );
  const selection = selectionOf(request.left) ?? selectionOf(request.right);
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const checksums = await commonWay(request.left, request.right);
  const read = (side: Side, which: 'left' | 'right') =>
    contentsOf(side, selection, checksums, request.connections ?? 2, signal, (table, done, of) =>
      request.onTable?.(which, table, done, of),
    ).catch((error) => {
      stop.abort();
      throw error;
    });
  const settled = await Promise.allSettled([read(request.left, 'left'), read(request.right, 'right')]);
  if (request.signal?.aborted) throw new BackupError('aborted', 'The comparison was stopped as asked.');
  const failed = settled.filter((one) => one.status === 'rejected').map((one) => one.reason);
  // The other side fails too when it is stopped; the first real reason is the one to tell.
  if (failed.length > 0)
    throw failed.find((one) => one instanceof BackupError && one.kind !== 'aborted') ?? failed[0];
  const [left, right] = settled.map((one) => (one as PromiseFulfilledResult<Contents>).value) as [
    Contents,
    Contents,
  ];
  const compared = compareContents(left, right, {
    left: labelOf(request.left),
    right: labelOf(request.right),
    tolerance: request.tolerance,
    ignoreGrants: request.ignoreGrants,
  });
  if (!request.indexes || !('url' in request.right) || isSqlite(request.right.url)) return compared;
  const { differences: found } = await checkIndexes(parseLogin(request.right.url), request.signal);
  return {
    ...compared,
    equal: compared.equal && !found.some((one) => one.severity === 'failure'),
    differences: [...compared.differences, ...found],
  };
}

/** The same over contents that were read already. Pure. */
export function compareContents(reference: Contents, other: Contents, sides: Sides): Comparison {
  const same = checksumWayOf(reference) === checksumWayOf(other);
  const left = same ? reference : withoutChecksums(reference);
  const right = same ? other : withoutChecksums(other);
  const found = [
    ...differences(left, right, sides),
    ...(same
      ? []
      : [
          note(
            'checksum',
            sides.right,
            `Rows were counted, but their checksums not compared: those of ${sides.left} and ${sides.right} are made differently, because one of the servers is PostgreSQL 13.`,
          ),
        ]),
  ];
  const a = new Map(left.tables.filter((one) => one.kind === 'table').map((one) => [qualified(one), one]));
  const b = new Map(right.tables.filter((one) => one.kind === 'table').map((one) => [qualified(one), one]));
  const tables = [...new Set([...a.keys(), ...b.keys()])].sort().map((table): ComparedTable => {
    const one = measured(a.get(table));
    const other = measured(b.get(table));
    return {
      table,
      ...(one === undefined ? {} : { left: one }),
      ...(other === undefined ? {} : { right: other }),
      same:
        one !== undefined &&
        other !== undefined &&
        one.rows === other.rows &&
        one.checksum === other.checksum,
    };
  });
  return {
    left: sides.left,
    right: sides.right,
    equal: !found.some((one) => one.severity === 'failure'),
    tables,
    differences: found,
  };
}

/** What a side is called in sentences. */
export function labelOf(side: Side): string {
  if ('manifest' in side) return `backup ${side.manifest.name}`;
  if (isSqlite(side.url)) return sqliteFile(side.url);
  const login = parseLogin(side.url);
  return `${login.database} on ${addressOf(login)}`;
}

/** How both sides can make their checksums; where one is a manifest, as that says. */
async function commonWay(left: Side, right: Side): Promise<ChecksumWay> {
  const ways = await Promise.all(
    [left, right].map(async (side) => {
      if ('manifest' in side) return checksumWayOf(side.manifest.contents);
      if (isSqlite(side.url)) return 'text';
      const { rows } = await withConnection(parseLogin(side.url), {}, (client) =>
        client.query(`select pg_catalog.current_setting('server_version_num')::int / 10000 as major`),
      );
      return checksumWayOfServer(rows[0].major);
    }),
  );
  return ways.includes('text') ? 'text' : 'record';
}

function withoutChecksums(contents: Contents): Contents {
  return { ...contents, tables: contents.tables.map(({ checksum: _, ...rest }) => rest) };
}

function engineOfSide(side: Side): 'postgres' | 'sqlite' {
  return 'manifest' in side ? side.manifest.engine : isSqlite(side.url) ? 'sqlite' : 'postgres';
}

function selectionOf(side: Side): Selection | undefined {
  return 'manifest' in side ? side.manifest.selection : undefined;
}

async function contentsOf(
  side: Side,
  selection: Selection | undefined,
  checksums: ChecksumWay,
  connections: number,
  signal: AbortSignal,
  onTable: (table: string, done: number, of: number) => void,
): Promise<Contents> {
  if ('manifest' in side) return side.manifest.contents;
  if (isSqlite(side.url)) return readSqliteFile(side.url, { signal, onTable });
  const login = parseLogin(side.url);
  const snapshot = await openSnapshot(login, connections);
  const close = () => void snapshot.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await readContents(snapshot, { selection, checksums, signal, onTable });
  } catch (error) {
    if (signal.aborted) throw new BackupError('aborted', 'The comparison was stopped.', error);
    throw snapshotTrouble(error, login);
  } finally {
    signal.removeEventListener('abort', close);
    await snapshot.close();
  }
}

function measured(table: Contents['tables'][number] | undefined): Measured | undefined {
  if (table === undefined) return undefined;
  return {
    rows: table.rows ?? 0,
    checksum: table.checksum ?? '0',
    ...(table.newest === undefined ? {} : { newest: table.newest }),
  };
}
