import type pg from 'pg';
import { qualified } from './contents.ts';
import { addressOf, type Login } from './engines/postgres/login.ts';
import { withChildren } from './engines/postgres/part.ts';
import type { Readiness } from './engines/postgres/prepare.ts';
import { readParticipants } from './engines/postgres/record.ts';
import { BackupError } from './error.ts';
import type { RestoreRequest } from './restore.ts';

/** Throws where the server is a replica. */
export async function refuseReplica(client: pg.Client, login: Login): Promise<void> {
  const { rows } = await client.query('select pg_catalog.pg_is_in_recovery() as replica');
  if (rows[0].replica)
    throw new BackupError(
      'unsafe',
      `${addressOf(login)} is a replica and takes no changes. Give the URL of the primary.`,
    );
}

/** Throws where the backup can't be restored in this place, on this server, with what was accepted. */
export function refuseUnfit(request: RestoreRequest, readiness: Readiness): void {
  const { backup } = request;
  if (backup.damage !== undefined && !request.withoutManifest)
    throw new BackupError(
      'damaged',
      `${backup.damage} To load the dump all the same, without comparing, ask for it without its manifest (--without-manifest).`,
    );
  if (backup.manifest === undefined && !request.withoutManifest)
    throw new BackupError(
      'unsafe',
      `${backup.file} has no manifest, so nobody can say afterwards whether all of it is there. Ask for it without manifest (--without-manifest) if that is all there is.`,
    );
  if (backup.manifest?.selection !== undefined && request.place.kind === 'swap')
    throw new BackupError(
      'unsafe',
      `${backup.name} is a partial backup; swapping it in would lose the rest of the database. Restore it into a database of its own.`,
    );
  if (readiness.missingRoles.length > 0 && !request.withoutOwners)
    throw new BackupError(
      'version',
      `The server has no role ${readiness.missingRoles.join(', ')}, which things in the dump belong to. Create them (${backup.manifest?.globals === undefined ? 'pg_dumpall --roles-only' : `drillbook backup show ${backup.name} --globals | psql`}), or restore without owners and grants (--without-owners).`,
    );
}

/** Throws where an earlier restore of the database stopped half way. */
export async function refuseUnfinished(client: pg.Client, login: Login): Promise<void> {
  const open = (await readParticipants(client, login.database)).find((one) => one.record.role !== 'old');
  if (open !== undefined)
    throw new BackupError(
      'unsafe',
      `A restore of ${login.database} from ${open.record.backup} was interrupted (${open.name} is ${open.record.phase}). Continue it ('drillbook backup restore --continue') or undo it ('drillbook backup undo') first.`,
    );
}

/** The chosen tables with their partitions; undefined where all are meant. Throws where a name is not in the backup. */
export function chosenTables({ tables, backup, place }: RestoreRequest): readonly string[] | undefined {
  if (tables === undefined || tables.length === 0) return undefined;
  if (place.kind !== 'into')
    throw new BackupError(
      'unsafe',
      'Single tables are restored into a new database (--into), from where rows can be taken over; swapped in they would lose the rest.',
    );
  const { manifest } = backup;
  if (manifest === undefined)
    throw new BackupError('unsafe', `${backup.file} has no manifest to find tables by. Restore all of it.`);
  const known = manifest.contents.tables.map(qualified);
  const missing = tables.filter((one) => !known.includes(one));
  if (missing.length > 0)
    throw new BackupError(
      'not-found',
      `${backup.name} has no table ${missing.join(', ')}. It has ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}.`,
    );
  return withChildren(manifest.contents, tables);
}
