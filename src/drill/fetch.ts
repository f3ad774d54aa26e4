import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Backup, findBackup, readCatalog } from '../backup/catalog.ts';
import { decompressor } from '../backup/compression.ts';
import { copyBackup } from '../backup/copy.ts';
import { staying } from '../backup/engines/postgres/load.ts';
import { BackupError } from '../backup/error.ts';
import { bytesText } from '../backup/health/wording.ts';
import { manifestFile } from '../backup/manifest.ts';
import type { Store } from '../backup/store.ts';
import { openStore } from '../backup/stores/open.ts';
import { verifyBackup } from '../backup/verify.ts';
import type { Judged } from './criterion.ts';

export interface Fetched {
  /** As it lies in the drill's own folder, opened where it was encrypted. */
  readonly backup: Backup;
  /** Where it came from. */
  readonly location: string;
  readonly takenAt: Date;
  readonly durationMs: number;
  readonly judged: Judged;
}

/**
 * Fetches a backup into a folder of its own: the bytes are held against the manifest on their way, opened where they
 * are encrypted, read back, and the archive is read to its end. What is wrong with the backup is a verdict; what keeps
 * the store from being read is thrown as a `BackupError`.
 */
export async function fetchBackup(
  from: Store,
  backup: Backup,
  folder: string,
  signal: AbortSignal,
): Promise<Fetched | { readonly judged: Judged }> {
  const began = performance.now();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const to = await openStore(folder);
    const { file } = await copyBackup({
      from,
      to,
      backup,
      recoding: { kind: backup.encrypted ? 'decrypt' : 'as it is' },
      signal,
    });
    const copy = findBackup(await readCatalog(to), file);
    const { passed, checks } = await verifyBackup({ store: to, backup: copy, level: 'archive', signal });
    const durationMs = performance.now() - began;
    if (!passed)
      return missed(checks.find((one) => one.verdict === 'failed')?.words ?? 'it could not be verified');
    await staysWhereItIsPut(to, copy, signal);
    return {
      backup: copy,
      location: backup.location,
      takenAt: backup.takenAt,
      durationMs,
      judged: {
        verdict: 'met',
        measured: `${bytesText(backup.bytes)} in ${(durationMs / 1000).toFixed(1)} s${copy.manifest ? ', as its manifest says' : '; it has no manifest'}`,
      },
    };
  } catch (error) {
    if (
      error instanceof BackupError &&
      (error.kind === 'damaged' || error.kind === 'dump' || error.kind === 'unsafe')
    )
      return missed(error.message);
    throw error;
  }
}

/** SQL text is run as it stands: one that changes the database by itself would leave the scratch one. Throws a `BackupError`. */
async function staysWhereItIsPut(store: Store, { file, format }: Backup, signal: AbortSignal): Promise<void> {
  if (format !== 'plain' && format !== 'plain-gzip' && format !== 'plain-zstd') return;
  const stored = await store.read(file, { signal });
  const tail = { bytes: Buffer.alloc(0) as Buffer };
  const read = async (text: AsyncIterable<Uint8Array>) => {
    for await (const _ of staying(text, tail));
  };
  if (format === 'plain') return read(stored);
  await pipeline(stored, decompressor(format === 'plain-gzip' ? 'gzip' : 'zstd'), read, { signal });
}

/** Keeps the manifest of what was fetched beside the journal, as evidence; nothing where it has none. */
export async function keepManifest(folder: string, { backup }: Fetched, runFolder: string): Promise<void> {
  if (backup.manifest === undefined) return;
  const text = await readFile(join(folder, manifestFile(backup.name)));
  await writeFile(join(runFolder, keptManifest), text, { mode: 0o600 });
}

/** The manifest of the drilled backup, in the run's folder. */
export const keptManifest = 'manifest.json';

function missed(measured: string): { readonly judged: Judged } {
  return { judged: { verdict: 'missed', measured } };
}
