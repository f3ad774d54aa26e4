import { type Comparison, compare, compareContents } from '../backup/compare.ts';
import type { Contents } from '../backup/contents.ts';
import type { Difference } from '../backup/difference.ts';
import { readContents } from '../backup/engines/postgres/contents.ts';
import { parseLogin } from '../backup/engines/postgres/login.ts';
import { openSnapshot } from '../backup/engines/postgres/snapshot.ts';
import type { Manifest } from '../backup/manifest.ts';
import type { DrillCriterion, Judged } from './criterion.ts';

/** What is known of the restored database's contents, criterion by criterion. */
export type ContentsVerdicts = Partial<Record<DrillCriterion, Judged>>;

export interface MeasureRequest {
  /** The scratch database. */
  readonly url: string;
  readonly manifest?: Manifest;
  /** The live database, by a connection that may only read; absent where it is not to be compared with. */
  readonly source?: string;
  /** A comparison with the live database that the run's own commands made. */
  readonly compared?: { readonly equal: boolean; readonly differences: readonly string[] };
  /** Share by which the rows may differ from the live ones. */
  readonly tolerance: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a restored database through, on one snapshot, and judges it by its manifest, by the live database, or by both.
 * Throws a `BackupError` where one of them can't be read.
 */
export async function measureContents(request: MeasureRequest): Promise<ContentsVerdicts> {
  const { manifest, compared, tolerance } = request;
  const contents = await contentsOf(request);
  const left = `backup ${manifest?.name ?? ''}`;
  const byManifest =
    manifest &&
    compareContents(manifest.contents, contents, {
      left,
      right: 'the restored database',
      ignoreGrants: true,
    });
  // Production is read once: what the run's own commands found is not asked for again.
  const bySource =
    request.source === undefined || (compared && manifest)
      ? undefined
      : await compare({
          left: { url: request.source },
          right: { url: request.url },
          tolerance,
          ignoreGrants: true,
          signal: request.signal,
        });
  return verdictsOf(contents, byManifest, bySource, compared, tolerance);
}

async function contentsOf({ url, manifest, signal }: MeasureRequest): Promise<Contents> {
  const snapshot = await openSnapshot(parseLogin(url), 2, { lockTables: false });
  try {
    return await readContents(snapshot, {
      ...(manifest?.selection ? { selection: manifest.selection } : {}),
      ...(manifest ? { like: manifest.contents } : {}),
      signal,
    });
  } finally {
    await snapshot.close();
  }
}

/** The verdicts that two comparisons lead to: against the manifest, and against the live database. Pure. */
export function verdictsOf(
  contents: Contents,
  byManifest: Comparison | undefined,
  bySource: Comparison | undefined,
  compared: MeasureRequest['compared'],
  tolerance: number,
): ContentsVerdicts {
  const failures = failuresOf(byManifest ?? bySource);
  const tables = contents.tables.filter((one) => one.kind === 'table');
  const reference = byManifest ? 'the manifest' : bySource ? 'the live database' : undefined;
  const judge = (kinds: readonly Difference['kind'][], fine: string): Judged => {
    if (reference === undefined)
      return notJudged('there is neither a manifest nor a live database to compare with');
    const found = failures.filter((one) => kinds.includes(one.kind)).map((one) => one.words);
    return found.length > 0
      ? { verdict: 'missed', measured: inShort(found) }
      : { verdict: 'met', measured: `${fine}, as ${reference} has it` };
  };
  const orphans = contents.constraints.filter((one) => (one.orphans ?? 0) > 0);
  const keys = contents.constraints.filter((one) => one.type === 'foreign key').length;
  return {
    tables: judge(['table', 'column'], `${tables.length} tables`),
    counts: counts(judge, bySource, compared, byManifest !== undefined, tolerance, tables),
    // Rows that point nowhere are a fault of the data, also where the backup has it from the live database.
    'foreign-keys':
      orphans.length > 0
        ? {
            verdict: 'missed',
            measured: inShort(
              orphans.map(
                (one) => `${one.orphans} rows of ${one.schema}.${one.table} point to rows that are not there`,
              ),
            ),
          }
        : judge(['constraint', 'orphans'], `${keys} foreign keys without an orphan`),
    definitions: judge(['index', 'trigger', 'extension', 'object'], `${contents.indexes.length} indexes`),
    latest: latest(byManifest),
  };
}

function counts(
  judge: (kinds: readonly Difference['kind'][], fine: string) => Judged,
  bySource: Comparison | undefined,
  compared: MeasureRequest['compared'],
  hasManifest: boolean,
  tolerance: number,
  tables: readonly { readonly rows?: number | undefined }[],
): Judged {
  const kinds = ['rows', 'checksum', 'sequence', 'large objects'] as const;
  const rows = tables.reduce((sum, one) => sum + (one.rows ?? 0), 0);
  const own = judge(kinds, `${rows} rows`);
  if (own.verdict === 'missed') return own;
  const live = compared
    ? compared.differences
    : failuresOf(bySource).flatMap((one) => (kinds.some((kind) => kind === one.kind) ? [one.words] : []));
  if (compared ? !compared.equal : live.length > 0) return { verdict: 'missed', measured: inShort(live) };
  if (!compared && !bySource) return own;
  const within = `within ${percentOf(tolerance)} of the live database`;
  return { verdict: 'met', measured: hasManifest ? `${own.measured}; ${within}` : `${rows} rows, ${within}` };
}

/** The newest value of every table that tells when its rows came. */
function latest(byManifest: Comparison | undefined): Judged {
  if (byManifest === undefined) return notJudged('there is no manifest to say which records are the latest');
  const dated = byManifest.tables.filter((one) => one.left?.newest?.value);
  if (dated.length === 0) return notJudged('no table tells when its rows came');
  const behind = dated.filter((one) => one.right?.newest?.value !== one.left?.newest?.value);
  if (behind.length > 0)
    return {
      verdict: 'missed',
      measured: inShort(
        behind.map(
          (one) =>
            `the newest row of ${one.table} is of ${one.right?.newest?.value ?? 'no time'}, not of ${one.left?.newest?.value}`,
        ),
      ),
    };
  const newest = dated
    .map((one) => one.left?.newest?.value ?? '')
    .sort()
    .at(-1);
  return { verdict: 'met', measured: `in ${dated.length} tables, the newest of ${newest}` };
}

function failuresOf(comparison: Comparison | undefined): readonly Difference[] {
  return comparison?.differences.filter((one) => one.severity === 'failure') ?? [];
}

function notJudged(measured: string): Judged {
  return { verdict: 'not-judged', measured };
}

/** The first three say what it is about; how many more there are is enough. */
function inShort(sentences: readonly string[]): string {
  const more = sentences.length - 3;
  return [...sentences.slice(0, 3), ...(more > 0 ? [`and ${more} more`] : [])].join(' ') || 'they differ';
}

/** `5%`, without the dust of binary fractions. */
export function percentOf(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}
