import { BackupError } from '../../error.ts';
import type { BackupFormat } from '../../format.ts';
import { readIdentity } from '../../identity.ts';
import type { Engine, Held } from '../engine.ts';
import { connect } from './connect.ts';
import { filter, readContents, readSequences } from './contents.ts';
import { readDatabase } from './database.ts';
import { dump } from './dump.ts';
import { readGlobals } from './globals.ts';
import { parseLogin } from './login.ts';
import { openSnapshot, snapshotTrouble } from './snapshot.ts';
import { findTool } from './tool.ts';

/** PostgreSQL 13 to 18 by its own client tools. */
export const postgresEngine: Engine = {
  name: 'postgres',
  format: 'custom',
  formats: ['custom', 'directory', 'plain', 'plain-gzip', 'plain-zstd'],
  hold: async (url, format, options): Promise<Held> => {
    const login = parseLogin(url);
    const identity = await readIdentity(url);
    if ('failure' in identity) throw new BackupError(identity.kind ?? 'unreachable', identity.failure);
    if (!identity.exists)
      throw new BackupError(
        'missing-database',
        `There is no database ${login.database} on ${identity.address}. Check the name in the URL.`,
      );
    const major = Number(identity.version.split(/\D/, 1)[0]);
    if (major < 13)
      throw new BackupError(
        'version',
        `The server is PostgreSQL ${identity.version}; backups want 13 or newer.`,
      );
    const tool = await findTool('pg_dump', major);
    const snapshot = await openSnapshot(login, countingConnections(format, options.jobs), { beside: true });
    const leader = snapshot.clients[0]!;
    try {
      const database = (await readDatabase(leader, login.database))!;
      return {
        identity,
        takenAt: snapshot.takenAt,
        ...(snapshot.lsn === '' ? {} : { lsn: snapshot.lsn }),
        client: { tool: tool.name, version: tool.version },
        database,
        dump: (more) => dump({ login, tool, snapshot: snapshot.id, format, ...options, ...more }),
        contents: (more) =>
          readContents(snapshot, { selection: options.selection, ...more }).catch((error) => {
            throw snapshotTrouble(error, login);
          }),
        globals: (signal) => readGlobals(login, major, signal),
        complete: async (contents) => {
          // A new connection: inside the snapshot a sequence dropped since would fail the whole transaction.
          const client = await connect(login);
          try {
            await client.query("set search_path = ''");
            const now = new Map(
              (await readSequences(client, filter(options.selection))).map((one) => [
                `${one.schema}.${one.name}`,
                one,
              ]),
            );
            return {
              ...contents,
              sequences: contents.sequences.map((one) => {
                const later = now.get(`${one.schema}.${one.name}`);
                return later === undefined || (later.value === one.value && later.called === one.called)
                  ? one
                  : { ...one, after: later.value };
              }),
            };
          } catch (error) {
            throw snapshotTrouble(error, login);
          } finally {
            await client.end().catch(() => {});
          }
        },
        close: snapshot.close,
      };
    } catch (error) {
      await snapshot.close();
      throw snapshotTrouble(error, login);
    }
  },
};

/**
 * Over how many connections rows are counted while they are dumped. One is done before a dump that is compressed by one
 * process, which it must not keep waiting for a core; the others are faster.
 */
function countingConnections(format: BackupFormat, jobs = 1): number {
  switch (format) {
    case 'custom':
    case 'plain-gzip':
      return 1;
    case 'directory':
      return jobs;
    default:
      return 2;
  }
}
