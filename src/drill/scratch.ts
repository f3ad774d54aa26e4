import { rm } from 'node:fs/promises';
import { dropDatabase } from '../backup/engines/postgres/fresh.ts';
import { parseLogin } from '../backup/engines/postgres/login.ts';
import { connectMaintenance } from '../backup/engines/postgres/maintenance.ts';
import { readIdentity } from '../backup/identity.ts';
import type { Environment, Identity } from '../run/target.ts';
import type { Lease } from './lease.ts';

/** Two servers that a drill must keep apart. */
export interface Sides {
  readonly source: {
    readonly identity?: Identity;
    readonly address: string;
    readonly environment: Environment;
  };
  readonly scratch: {
    readonly identity: Identity;
    readonly address: string;
    readonly environment: Environment;
  };
}

/**
 * Why a drill may not restore there; undefined where it may. Production's own server is no place for a drill, by
 * whatever address it is reached: a physical copy with the same system identifier counts as the same. Pure.
 */
export function unfitScratch({ source, scratch }: Sides): string | undefined {
  if (scratch.environment === 'production') return 'the scratch server is a production target';
  if (scratch.identity.replica) return 'the scratch server is a replica, which takes no database';
  if (scratch.identity.exists)
    return `there is a database ${scratch.identity.database} on the scratch server already`;
  if (source.environment !== 'production') return undefined;
  const [one, other] = [source.identity?.system, scratch.identity.system];
  const same =
    (one !== undefined && one === other) ||
    source.address === scratch.address ||
    source.identity?.address === scratch.identity.address;
  return same ? "the scratch server is the production database's own server" : undefined;
}

/** A URL of PostgreSQL whose sessions may only read: the server refuses every write of theirs. */
export function readOnlyUrl(url: string): string {
  const readOnly = '-c%20default_transaction_read_only%3Don';
  if (/[?&]options=/.test(url)) return url.replace(/([?&]options=[^&#]*)/, `$1%20${readOnly}`);
  return `${url}${url.includes('?') ? '&' : '?'}options=${readOnly}`;
}

/** True where the scratch database of a drill is there. Throws a `BackupError` where the server can't be asked. */
export async function isThere(url: string): Promise<boolean> {
  const login = parseLogin(url);
  const client = await connectMaintenance(login);
  try {
    const { rowCount } = await client.query('select from pg_catalog.pg_database where datname = $1', [
      login.database,
    ]);
    return rowCount === 1;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Gives back what a drill has taken: its database, with whoever is still in it, and its folder. Resolves to what was
 * there of it. Throws where the server is not the one of the lease, or can't be reached.
 */
export async function giveBack(
  lease: Pick<Lease, 'database' | 'folder' | 'system'>,
  url: string,
): Promise<readonly string[]> {
  await rm(lease.folder, { recursive: true, force: true });
  const identity = await readIdentity(url);
  if ('failure' in identity) throw new Error(identity.failure);
  if (lease.system !== undefined && identity.system !== undefined && lease.system !== identity.system)
    throw new Error(`the server at ${identity.address} is another one than that of the drill`);
  if (identity.database !== lease.database)
    throw new Error(`${identity.database} is not the scratch database of the drill`);
  if (!identity.exists) return [];
  const client = await connectMaintenance(parseLogin(url));
  try {
    await dropDatabase(client, lease.database);
  } finally {
    await client.end().catch(() => {});
  }
  return [`the scratch database ${lease.database}`];
}
