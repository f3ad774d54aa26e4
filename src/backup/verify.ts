import type { Backup } from './catalog.ts';
import { once } from './create.ts';
import { readArchive } from './engines/postgres/archive.ts';
import { restoreToScratch } from './engines/postgres/scratch.ts';
import { verifySqlite } from './engines/sqlite/verify.ts';
import { BackupError, firstLine } from './error.ts';
import { hashing } from './hash.ts';
import { opened } from './opened.ts';
import type { Store } from './store.ts';
import { type Check, type Level, type Verification, verificationFile } from './verification.ts';

export interface VerifyRequest {
  readonly store: Store;
  readonly backup: Backup;
  readonly level: Level;
  /** For the level `restore`: a database of the server that takes the scratch database; its name is not used. */
  readonly scratchUrl?: string;
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly bytes: number;
    readonly of: number;
    readonly words: string;
  }) => void;
  /** Told why the result can't be kept beside the backup, where reading is all that one may do there; else it is thrown. */
  readonly onUnkept?: (words: string) => void;
}

/**
 * Verifies a backup and keeps the result beside it. Each level includes the ones before. A backup that is not whole
 * is a result with `passed: false`; only what keeps the verification itself from being done is thrown.
 */
export async function verifyBackup(request: VerifyRequest): Promise<Verification> {
  const { store, backup } = request;
  const began = performance.now();
  const at = new Date();
  const checks: Check[] = [checkManifest(backup)];
  // The archive is read from the same bytes that are hashed: a store that is no folder is passed over once.
  checks.push(...(await readThrough(request)));
  if (
    request.level === 'restore' &&
    backup.format !== 'sqlite' &&
    !checks.some((one) => one.verdict === 'failed')
  )
    checks.push(...(await restoreToScratch(request)));
  const decisive = checks.some((one) => one.verdict === 'passed' && one.check !== 'manifest');
  const result: Verification = {
    schema: 1,
    backup: backup.name,
    file: backup.file,
    level: request.level,
    at: at.toISOString(),
    durationMs: Math.round(performance.now() - began),
    passed: decisive && !checks.some((one) => one.verdict === 'failed'),
    checks,
  };
  try {
    await keep(store, result, at);
  } catch (error) {
    // Who may only read a store still learns whether the backup is whole.
    if (request.onUnkept === undefined || !(error instanceof BackupError)) throw error;
    request.onUnkept(error.message);
  }
  return result;
}

function checkManifest(backup: Backup): Check {
  if (backup.damage !== undefined) return { check: 'manifest', verdict: 'failed', words: backup.damage };
  if (backup.manifest === undefined)
    return {
      check: 'manifest',
      verdict: 'unknown',
      words: `${backup.file} has no manifest: nobody can say what should be in it.`,
    };
  return { check: 'manifest', verdict: 'passed', words: 'The manifest is whole.' };
}

async function readThrough(request: VerifyRequest): Promise<Check[]> {
  const { store, backup, signal } = request;
  const source = hashing(await store.read(backup.file, { signal }), (bytes) =>
    request.onProgress?.({ bytes, of: backup.bytes, words: 'reading' }),
  );
  const checks: Check[] = [];
  try {
    if (request.level === 'bytes') for await (const _ of source.bytes);
    else if (backup.format === 'sqlite')
      checks.push(
        ...(await verifySqlite(backup, opened(store, backup, source.bytes), request.level, {
          signal,
          scratch: store.scratch,
        })),
      );
    else
      checks.push(
        await readArchive(backup, opened(store, backup, source.bytes), {
          ...(backup.encrypted ? {} : { path: store.path?.(backup.file) }),
          signal,
          scratch: store.scratch,
        }),
      );
  } catch (error) {
    if (signal?.aborted) throw new BackupError('aborted', 'The verification was stopped as asked.', error);
    // Encrypted bytes that do not open are a result, with the sum of all of them.
    if (backup.encrypted && error instanceof BackupError && error.kind === 'damaged')
      return [
        checkBytes(backup, source.sum()),
        { check: 'archive', verdict: 'failed', words: error.message },
      ];
    throw error instanceof BackupError
      ? error
      : new BackupError('store', `${backup.location} can't be read: ${firstLine(error)}.`, error);
  }
  return [checkBytes(backup, source.sum()), ...checks];
}

function checkBytes(backup: Backup, sum: { readonly sha256: string; readonly bytes: number }): Check {
  const { manifest } = backup;
  if (manifest === undefined)
    return sum.bytes === 0
      ? { check: 'bytes', verdict: 'failed', words: `${backup.file} is empty.` }
      : {
          check: 'bytes',
          verdict: 'unknown',
          words: `${sum.bytes} bytes, SHA-256 ${sum.sha256}; nothing to hold it against.`,
        };
  if (sum.bytes !== manifest.bytes)
    return {
      check: 'bytes',
      verdict: 'failed',
      words: `${backup.file} has ${sum.bytes} bytes, the manifest says ${manifest.bytes}.`,
    };
  if (sum.sha256 !== manifest.sha256)
    return {
      check: 'bytes',
      verdict: 'failed',
      words: `The SHA-256 of ${backup.file} is ${sum.sha256}, the manifest says ${manifest.sha256}: the bytes changed since the backup was made.`,
    };
  return { check: 'bytes', verdict: 'passed', words: `${sum.bytes} bytes with the SHA-256 of the manifest.` };
}

async function keep(store: Store, result: Verification, at: Date): Promise<void> {
  const text = `${JSON.stringify(result, undefined, 1)}\n`;
  for (let turn = 1; ; turn += 1) {
    try {
      await store.write(verificationFile(result.backup, at, turn), once(text));
      return;
    } catch (error) {
      if (!(error instanceof BackupError && error.kind === 'already-there') || turn > 100) throw error;
    }
  }
}
