import { join } from 'node:path';
import { type Backup, readCatalog } from '../backup/catalog.ts';
import type { BackupKind } from '../backup/kind.ts';
import { parseName } from '../backup/name.ts';
import { directoryStore } from '../backup/stores/directory.ts';

/** A backup to choose from: its file, and what a person needs to tell it from the others. */
export interface StoredBackup {
  readonly path: string;
  readonly label: string;
}

/**
 * The backups of a folder, the best to restore first: the newest that has a manifest and was verified, then those
 * with a manifest, then foreign dumps. What a run saved before its own restore comes last: it holds the damage.
 * A folder that cannot be read has none.
 */
export async function storedBackups(folder: string): Promise<readonly StoredBackup[]> {
  const catalog = await readCatalog(directoryStore(folder)).catch(() => undefined);
  const backups = [...(catalog?.backups ?? [])];
  backups.sort((a, b) => rank(a) - rank(b) || b.takenAt.getTime() - a.takenAt.getTime());
  return backups.map((backup) => ({ path: join(folder, backup.file), label: labelOf(backup) }));
}

function rank(backup: Backup): number {
  const last = backup.verifications.at(-1);
  if (last && !last.passed) return 4;
  if (savedByRun(backup)) return 3;
  if (!backup.manifest) return 2;
  return last ? 0 : 1;
}

function savedByRun(backup: Backup): boolean {
  const kind: BackupKind | undefined = backup.manifest?.kind ?? parseName(backup.name)?.kind;
  return kind === 'pre-restore';
}

function labelOf(backup: Backup): string {
  const last = backup.verifications.at(-1);
  const state = last
    ? last.passed
      ? 'verified'
      : 'FAILED verification'
    : backup.manifest
      ? 'not verified'
      : 'no manifest';
  const taken = backup.takenAt.toISOString().slice(0, 16).replace('T', ' ');
  return `${backup.file} · ${taken} UTC · ${size(backup.bytes)} · ${state}`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}
