import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { encrypted } from './age.ts';
import { type Backup, readCatalog, readText, targetOf } from './catalog.ts';
import { markerFile, once } from './create.ts';
import { BackupError } from './error.ts';
import { encryptedEnding } from './format.ts';
import { hashing } from './hash.ts';
import { type Manifest, manifestFile, writeManifest } from './manifest.ts';
import { parseName } from './name.ts';
import { opened } from './opened.ts';
import { pinFile } from './pin.ts';
import type { Store } from './store.ts';
import { verificationPattern } from './verification.ts';

/** Whether a copy is as the backup is, or encrypted anew. */
export type Recoding =
  | { readonly kind: 'as it is' }
  | { readonly kind: 'encrypt'; readonly recipients: readonly string[] }
  | { readonly kind: 'decrypt' };

export interface CopyRequest {
  readonly from: Store;
  readonly to: Store;
  readonly backup: Backup;
  readonly recoding: Recoding;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly phase: 'copying' | 'reading back';
    readonly bytes: number;
  }) => void;
}

export interface Copied {
  readonly name: string;
  readonly file: string;
  readonly location: string;
  readonly bytes: number;
  readonly sha256: string;
  /** True where the same backup was there already, and nothing was done. */
  readonly existing: boolean;
}

/**
 * Copies a backup into another store, or into the same one under the next free name where it is encrypted anew. The
 * bytes are held against the manifest on their way and read back from the new place; the manifest is written last, as
 * it was where the bytes are the same. Verifications (of the same bytes) and a pin go along. Throws a `BackupError`;
 * nothing that looks like a backup is left then.
 */
export async function copyBackup(request: CopyRequest): Promise<Copied> {
  const { from, to, backup, recoding, signal } = request;
  if (backup.damage !== undefined)
    throw new BackupError('damaged', `${backup.damage} A damaged backup is not copied.`);
  const there = await copyOf(request);
  if (there !== undefined) return there;
  // Its own ending, which for a foreign dump need not be the usual one of its format.
  const ending = backup.file.slice(
    backup.name.length,
    backup.encrypted ? -encryptedEnding.length : undefined,
  );
  const locked = recoding.kind === 'encrypt' || (recoding.kind === 'as it is' && backup.encrypted === true);
  const name = await claim(to, backup.name, from.location === to.location, signal);
  const file = `${name}${ending}${locked ? encryptedEnding : ''}`;
  try {
    const sum = await move(request, file);
    await readBack(request, file, sum);
    await alongside(request, name, sum.sha256);
    if (backup.manifest !== undefined) {
      const text = await manifestText(request, name, file, sum);
      await to.write(manifestFile(name), once(text), { signal });
    }
    await to.remove(markerFile(name)).catch(() => {});
    return { name, file, location: to.locate(file), ...sum, existing: false };
  } catch (error) {
    for (const left of [manifestFile(name), file, pinFile(name), markerFile(name)])
      await to.remove(left).catch(() => {});
    if (signal?.aborted)
      throw new BackupError('aborted', 'The copy was stopped as asked; nothing of it was left.', error);
    throw error;
  }
}

interface Sum {
  readonly bytes: number;
  readonly sha256: string;
}

/** The copy that an earlier run made, where it is whole; throws where something else has the name. */
async function copyOf({ to, from, backup, recoding }: CopyRequest): Promise<Copied | undefined> {
  const catalog = await readCatalog(to).catch((error) => {
    // A new folder is made by the first write.
    if (error instanceof BackupError && error.kind === 'not-found') return { backups: [], unfinished: [] };
    throw error;
  });
  const sha256 = backup.manifest?.sha256;
  const same = catalog.backups.find(
    (one) =>
      one.damage === undefined &&
      one.manifest !== undefined &&
      sha256 !== undefined &&
      (recoding.kind === 'as it is'
        ? one.manifest.sha256 === sha256
        : (one.manifest.copied?.sha256 === sha256 || one.manifest.sha256 === sha256) &&
          isEncryptedTo(one.manifest, recoding)),
  );
  if (same?.manifest !== undefined)
    return {
      name: same.name,
      file: same.file,
      location: same.location,
      bytes: same.manifest.bytes,
      sha256: same.manifest.sha256,
      existing: true,
    };
  if (from.location === to.location && recoding.kind === 'as it is')
    throw new BackupError('already-there', `${backup.name} is in ${to.location} already.`);
  return undefined;
}

function isEncryptedTo(manifest: Manifest, recoding: Recoding): boolean {
  const now = [...(manifest.encryption?.recipients ?? [])].sort();
  const wanted = recoding.kind === 'encrypt' ? [...recoding.recipients].sort() : [];
  return now.length === wanted.length && now.every((one, index) => one === wanted[index]);
}

/** Takes a name by a marker that only one writer can create: the backup's own, or the next free where it may change. */
async function claim(
  to: Store,
  own: string,
  mayChange: boolean,
  signal: AbortSignal | undefined,
): Promise<string> {
  const stem = parseName(own) === undefined ? own : own.replace(/(-\d{8}-\d{6})-\d+$/, '$1');
  const names = mayChange
    ? Array.from({ length: 99 }, (_, index) => (index === 0 ? own : `${stem}-${index + 1}`))
    : [own];
  const marker = {
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    token: randomBytes(8).toString('hex'),
  };
  for (const name of names) {
    try {
      await to.write(markerFile(name), once(`${JSON.stringify({ name, ...marker })}\n`), { signal });
    } catch (error) {
      if (error instanceof BackupError && error.kind === 'already-there') continue;
      throw error;
    }
    const taken = (await to.list()).some(
      (one) => one.file.startsWith(`${name}.`) && one.file !== markerFile(name),
    );
    if (!taken) return name;
    await to.remove(markerFile(name));
  }
  throw new BackupError(
    'already-there',
    `${to.location} has other files of the name ${own} already: another backup of it, or a copy that was interrupted. Look with "drillbook backup list", and prune or remove what is not wanted.`,
  );
}

/** Reads, checks, recodes and writes in one pass. */
async function move(request: CopyRequest, file: string): Promise<Sum> {
  const { from, to, backup, recoding, signal, onProgress } = request;
  const source = hashing(await from.read(backup.file, { signal }), (bytes) =>
    onProgress?.({ phase: 'copying', bytes }),
  );
  const plain = recoding.kind === 'as it is' ? source.bytes : opened(from, backup, source.bytes);
  const made = hashing(recoding.kind === 'encrypt' ? encrypted(plain, recoding.recipients) : plain);
  async function* checked() {
    yield* made.bytes;
    // Before the store makes it a file: what was read must be what the manifest says.
    const read = source.sum();
    if (backup.manifest !== undefined && read.sha256 !== backup.manifest.sha256)
      throw new BackupError(
        'damaged',
        `${backup.location} is damaged: its SHA-256 is ${read.sha256}, the manifest says ${backup.manifest.sha256}. It was not copied.`,
      );
  }
  const written = await to.write(file, checked(), { signal, expect: backup.bytes });
  const sum = made.sum();
  if (written.bytes !== sum.bytes)
    throw new BackupError('store', `${to.locate(file)} has ${written.bytes} of ${sum.bytes} bytes.`);
  return sum;
}

async function readBack(request: CopyRequest, file: string, sum: Sum): Promise<void> {
  const { to, signal, onProgress } = request;
  const back = hashing(await to.read(file, { signal }), (bytes) =>
    onProgress?.({ phase: 'reading back', bytes }),
  );
  for await (const _ of back.bytes);
  const found = back.sum();
  if (found.sha256 !== sum.sha256)
    throw new BackupError(
      'damaged',
      `${to.locate(file)} reads back with the SHA-256 ${found.sha256}, not ${sum.sha256} as it was written. The copy was removed; don't trust this store until you know why.`,
    );
}

/** The pin, and the verifications where they are of these very bytes. */
async function alongside({ from, to, backup }: CopyRequest, name: string, sha256: string): Promise<void> {
  if (backup.pin !== undefined)
    await to.write(pinFile(name), once(`${JSON.stringify({ ...backup.pin, backup: name })}\n`));
  if (sha256 !== backup.manifest?.sha256 || name !== backup.name) return;
  for (const { file } of await from.list())
    if (file.startsWith(`${name}.`) && verificationPattern.test(file))
      await to.write(file, once(await readText(from, file))).catch((error) => {
        if (!(error instanceof BackupError && error.kind === 'already-there')) throw error;
      });
}

async function manifestText({ from, backup, recoding }: CopyRequest, name: string, file: string, sum: Sum) {
  if (recoding.kind === 'as it is') return readText(from, manifestFile(backup.name));
  const { seal: _seal, encryption: _encryption, ...kept } = backup.manifest!;
  return writeManifest({
    ...kept,
    name,
    file,
    ...sum,
    ...(recoding.kind === 'encrypt'
      ? { encryption: { method: 'age' as const, recipients: [...recoding.recipients] } }
      : {}),
    copied: { from: backup.location, sha256: backup.manifest!.sha256, at: new Date().toISOString() },
  });
}

/** Those of a store that can be copied whole: with a manifest, not damaged, of a target where one is named. */
export function copyable(backups: readonly Backup[], target: string | undefined): readonly Backup[] {
  return backups.filter(
    (one) =>
      one.manifest !== undefined &&
      one.damage === undefined &&
      (target === undefined || targetOf(one) === target),
  );
}
