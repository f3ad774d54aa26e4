import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPartial } from '../../contents.ts';
import { BackupError } from '../../error.ts';
import type { Engine, Held } from '../engine.ts';
import { readSqlite } from './contents.ts';
import { sqliteFile } from './file.ts';
import { sqliteIdentity } from './identity.ts';
import { integrityFaults } from './integrity.ts';
import { openLive, openStill, rowsOf, sqlite, sqliteTrouble } from './library.ts';

/** Pages that are copied before anybody can stop it. */
const atOnce = 2_000;

/**
 * SQLite through its online backup: the live file with what is in its WAL, copied under a read lock to a file beside
 * the store, of which everything else is read. Faults of the live file come as warnings of the manifest: a damaged
 * copy is better than none, and nobody should take it for a good one.
 */
export const sqliteEngine: Engine = {
  name: 'sqlite',
  format: 'sqlite',
  formats: ['sqlite'],
  hold: async (url, _format, options): Promise<Held> => {
    if (isPartial(options.selection))
      throw new BackupError(
        'dump',
        'An SQLite backup is always the whole file; leave out --schema and --table.',
      );
    const path = sqliteFile(url);
    const identity = await sqliteIdentity(url);
    if (!identity.exists)
      throw new BackupError('missing-database', `There is no file ${path}. Check the path in the URL.`);
    const scratch = (await options.scratch?.()) ?? (await mkdtemp(join(tmpdir(), 'drillbook-')));
    const copy = join(scratch, 'copy.sqlite');
    const close = () => rm(scratch, { recursive: true, force: true });
    try {
      const live = await openLive(path);
      let takenAt: string;
      try {
        // One read transaction over all steps: the copy is of one moment, and no writer can make it begin again.
        live.exec('begin');
        rowsOf(live, 'select count(*) from sqlite_schema');
        takenAt = new Date().toISOString();
        await (await sqlite()).backup(live, copy, {
          rate: atOnce,
          progress: () => options.signal?.throwIfAborted(),
        });
      } finally {
        live.close();
      }
      const { size } = await stat(copy);
      const still = await openStill(copy);
      const encoding = String(Object.values(rowsOf(still, 'pragma encoding')[0] ?? {})[0] ?? 'UTF-8');
      const faults = integrityFaults(still);
      return {
        identity,
        takenAt,
        client: { tool: 'sqlite', version: identity.version },
        database: {
          owner: '',
          encoding,
          collate: '',
          ctype: '',
          connectionLimit: -1,
          grants: [],
          settings: [],
          bytes: size,
        },
        warnings: faults.map((one) => `The live file fails its integrity check: ${one}.`),
        dump: ({ signal }) => createReadStream(copy, { highWaterMark: 1 << 20, signal }),
        contents: (more) =>
          readSqlite(still, more).catch((error) => {
            throw sqliteTrouble(error, path);
          }),
        complete: async (contents) => contents,
        close: async () => {
          if (still.isOpen) still.close();
          await close();
        },
      };
    } catch (error) {
      await close();
      if (options.signal?.aborted)
        throw new BackupError(
          'aborted',
          'The backup was stopped as asked; nothing was left in the store.',
          error,
        );
      throw sqliteTrouble(error, path);
    }
  },
};
