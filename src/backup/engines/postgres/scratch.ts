import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Backup } from '../../catalog.ts';
import { compareContents } from '../../compare.ts';
import { BackupError } from '../../error.ts';
import { stamp } from '../../name.ts';
import type { Store } from '../../store.ts';
import type { Check } from '../../verification.ts';
import { readContents } from './contents.ts';
import { createFresh, dropDatabase } from './fresh.ts';
import { load } from './load.ts';
import { type Login, parseLogin, withDatabase } from './login.ts';
import { connectMaintenance, readDatabases, tryLock, unlock } from './maintenance.ts';
import { prepareFresh } from './prepare.ts';
import { openSnapshot } from './snapshot.ts';

const scratchName = /^drillbook_scratch_\d{8}_\d{6}_[0-9a-f]{8}$/;

export interface ScratchRequest {
  readonly store: Store;
  readonly backup: Backup;
  /** Any database of the server that takes the scratch database. */
  readonly scratchUrl?: string;
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly bytes: number;
    readonly of: number;
    readonly words: string;
  }) => void;
}

/**
 * Restores a backup into a database of its own, compares it with its manifest and drops it. What an earlier run left
 * behind when it was killed is dropped first: such a database has our name and nobody holds its lock.
 */
export async function restoreToScratch(request: ScratchRequest): Promise<Check[]> {
  const { backup } = request;
  if (request.scratchUrl === undefined)
    throw new BackupError('url', 'A test restore wants a server: give the URL of any database on it.');
  const login = parseLogin(request.scratchUrl);
  const name = `drillbook_scratch_${stamp(new Date()).replace('-', '_')}_${randomBytes(4).toString('hex')}`;
  const client = await connectMaintenance(login);
  try {
    await sweep(client);
    await tryLock(client, name);
    const scratch = withDatabase(login, name);
    await createFresh(client, name, backup.manifest?.database);
    try {
      const prepared = await prepareFresh(client, scratch, backup);
      try {
        await load({
          ...request,
          login: scratch,
          serverMajor: prepared.serverMajor,
          withoutOwners: prepared.missingRoles.length > 0,
          onProgress: (words, bytes) => request.onProgress?.({ bytes, of: backup.bytes, words }),
        });
      } catch (error) {
        if (error instanceof BackupError && ['dump', 'damaged', 'unsafe'].includes(error.kind))
          return [{ check: 'restore', verdict: 'failed', words: error.message }];
        throw error;
      }
      return await compareScratch(request, scratch, prepared.missingRoles.length > 0);
    } finally {
      await dropDatabase(client, name);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

async function compareScratch(
  request: ScratchRequest,
  scratch: Login,
  ignoreGrants: boolean,
): Promise<Check[]> {
  const { manifest } = request.backup;
  const restored: Check = { check: 'restore', verdict: 'passed', words: 'It restores without an error.' };
  if (manifest === undefined)
    return [
      restored,
      {
        check: 'contents',
        verdict: 'unknown',
        words: 'Without a manifest nobody can say whether all of it is there.',
      },
    ];
  request.onProgress?.({ bytes: request.backup.bytes, of: request.backup.bytes, words: 'comparing' });
  const snapshot = await openSnapshot(scratch, Math.max(2, request.jobs ?? 1), { lockTables: false });
  try {
    const contents = await readContents(snapshot, {
      selection: manifest.selection,
      freshlyLoaded: true,
      like: manifest.contents,
      signal: request.signal,
    });
    const comparison = compareContents(manifest.contents, contents, {
      left: 'the manifest',
      right: 'the restored database',
      ignoreGrants,
    });
    const failures = comparison.differences.filter((one) => one.severity === 'failure');
    return [
      restored,
      failures.length === 0
        ? {
            check: 'contents',
            verdict: 'passed',
            words: `${comparison.tables.length} tables are as the manifest says.`,
          }
        : {
            check: 'contents',
            verdict: 'failed',
            words: `${failures.length} differences: ${failures
              .slice(0, 5)
              .map((one) => one.words)
              .join(' ')}`,
          },
    ];
  } finally {
    await snapshot.close();
  }
}

async function sweep(client: pg.Client): Promise<void> {
  for (const { name } of await readDatabases(client)) {
    if (!scratchName.test(name) || !(await tryLock(client, name))) continue;
    try {
      await dropDatabase(client, name);
    } finally {
      await unlock(client, name);
    }
  }
}
