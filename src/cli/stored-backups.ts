import { setTimeout as pause } from 'node:timers/promises';
import { type Backup, type Catalog, readCatalog } from '../backup/catalog.ts';
import type { BackupKind } from '../backup/kind.ts';
import { parseName } from '../backup/name.ts';
import { openStore } from '../backup/stores/open.ts';

/** How long a screen waits for a store far away; ms. */
const patience = 15_000;

/** A backup to choose from: its file or address, and what a person needs to tell it from the others. */
export interface StoredBackup {
  readonly path: string;
  readonly label: string;
}

/**
 * The backups of a store (a folder or an address), the best to restore first: the newest that has a manifest and was
 * verified, then those with a manifest, then foreign dumps. What a run saved before its own restore comes last: it
 * holds the damage. A store that cannot be read, or not soon enough for somebody who waits, has none.
 */
export async function storedBackups(place: string): Promise<readonly StoredBackup[]> {
  const catalog = await read(place).catch(() => undefined);
  const backups = [...(catalog?.backups ?? [])];
  backups.sort((a, b) => rank(a) - rank(b) || b.takenAt.getTime() - a.takenAt.getTime());
  return backups.map((backup) => ({ path: backup.location, label: labelOf(backup) }));
}

async function read(place: string): Promise<Catalog> {
  const store = await openStore(place);
  const late = new AbortController();
  try {
    return await Promise.race([
      readCatalog(store),
      pause(patience, undefined, { signal: late.signal }).then(() => {
        throw new Error(`${store.location} did not answer in ${patience / 1000} s`);
      }),
    ]);
  } finally {
    late.abort();
    store.close?.();
  }
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
  return `${backup.file} · ${taken} UTC · ${size(backup.bytes)} · ${state}${backup.encrypted ? ' · encrypted' : ''}`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}
