import { z } from 'zod';
import { markerFile } from './create.ts';
import { BackupError } from './error.ts';
import { type BackupFormat, splitFile } from './format.ts';
import { type Manifest, manifestFile, readManifest } from './manifest.ts';
import { parseName } from './name.ts';
import { type Pin, pinFile, pinSchema } from './pin.ts';
import type { Store, StoredFile } from './store.ts';
import { type Verification, verificationPattern, verificationSchema } from './verification.ts';

/** A backup as a store holds it. */
export interface Backup {
  readonly name: string;
  /** The file with the data. */
  readonly file: string;
  readonly format: BackupFormat;
  /** Encrypted with age; absent where it is not. */
  readonly encrypted?: true;
  /** As stored now; a whole backup has as many as its manifest says. */
  readonly bytes: number;
  readonly location: string;
  /** Snapshot time by the manifest, else by the name, else the file's own time. */
  readonly takenAt: Date;
  /** Absent for a dump that somebody else made. */
  readonly manifest?: Manifest;
  /** Why the manifest can't be used, where there is one. */
  readonly damage?: string;
  /** What keeps it from retention. */
  readonly pin?: Pin;
  /** The newest last. */
  readonly verifications: readonly Verification[];
}

/** What a crash or a running backup left without a manifest: never a backup. */
export interface Unfinished {
  readonly name: string;
  readonly startedAt?: Date;
  readonly host?: string;
  readonly pid?: number;
  readonly files: readonly string[];
}

export interface Catalog {
  /** By snapshot time, the newest last. */
  readonly backups: readonly Backup[];
  readonly unfinished: readonly Unfinished[];
}

/** Reads a store: backups with their manifests, dumps that others put there, and what was never finished. */
export async function readCatalog(store: Store): Promise<Catalog> {
  const files = await store.list();
  const byName = new Map(files.map((one) => [one.file, one]));
  const unfinished: Unfinished[] = [];
  const described = await inTurns(files, async (one) => {
    const split = splitFile(one.file);
    if (split === undefined) return undefined;
    const hasManifest = byName.has(manifestFile(split.name));
    if (!hasManifest && byName.has(markerFile(split.name))) return undefined;
    return describe(store, files, one, split, hasManifest);
  });
  const backups = [...described.filter((one) => one !== undefined), ...(await readLost(store, files))];
  for (const one of files) {
    const name = one.file.endsWith('.in-progress.json')
      ? one.file.slice(0, -'.in-progress.json'.length)
      : undefined;
    if (name === undefined || byName.has(manifestFile(name))) continue;
    const marker = markerSchema.safeParse(await readJson(store, one.file));
    unfinished.push({
      name,
      files: files.filter((other) => other.file.startsWith(`${name}.`)).map((other) => other.file),
      ...(marker.success
        ? { startedAt: new Date(marker.data.startedAt), host: marker.data.host, pid: marker.data.pid }
        : {}),
    });
  }
  backups.sort((a, b) => a.takenAt.getTime() - b.takenAt.getTime() || (a.name < b.name ? -1 : 1));
  return { backups, unfinished };
}

/**
 * The backup of a name, a file name, a location, or `latest`. Throws a `BackupError` of kind `not-found` that names what is
 * there.
 */
export function findBackup(catalog: Catalog, name: string, target?: string): Backup {
  const ours = catalog.backups.filter((one) => target === undefined || targetOf(one) === target);
  // The latest is the newest that may stand for a whole database; a damaged one stays in the choice, to be refused
  // loudly and not passed over in silence.
  const complete = ours.filter(
    (one) => (one.manifest ?? one.damage) !== undefined && one.manifest?.selection === undefined,
  );
  const found =
    name === 'latest'
      ? (complete.at(-1) ?? ours.at(-1))
      : catalog.backups.find((one) => one.name === name || one.file === name || one.location === name);
  if (found !== undefined) return found;
  const newest = ours.slice(-3).map((one) => one.name);
  const others = [...new Set(catalog.backups.flatMap((one) => targetOf(one) ?? []))].sort();
  throw new BackupError(
    'not-found',
    `There is no backup ${name === 'latest' && target !== undefined ? `of ${target}` : name} in the store. ${newest.length > 0 ? `The newest are ${newest.join(', ')}.` : others.length > 0 ? `It has backups of ${others.join(', ')}.` : 'The store has none.'}`,
  );
}

/**
 * A whole backup by chance, for a drill that is to find what nobody looked for. `chance` gives a number from 0 up to,
 * not including, what it is given. Throws a `BackupError` of kind `not-found` where there is none.
 */
export function randomBackup(
  catalog: Catalog,
  target: string | undefined,
  chance: (below: number) => number,
): Backup {
  const whole = catalog.backups.filter(
    (one) =>
      one.manifest !== undefined &&
      one.manifest.selection === undefined &&
      (target === undefined || targetOf(one) === target),
  );
  return (
    whole[whole.length === 0 ? 0 : chance(whole.length)] ??
    findBackup({ ...catalog, backups: [] }, 'latest', target)
  );
}

/** Whose backup it is, by its manifest or its name. */
export function targetOf(backup: Backup): string | undefined {
  return backup.manifest?.target ?? parseName(backup.name)?.target;
}

/** Whose backups a store has, sorted. Dumps that somebody else made count only where there is nothing else. */
export function targetsOf({ backups }: Catalog): string[] {
  const own = backups.filter((one) => (one.manifest ?? one.damage) !== undefined);
  return [...new Set((own.length > 0 ? own : backups).flatMap((one) => targetOf(one) ?? []))].sort();
}

/** All the bytes of a small file of the store. */
export async function readText(store: Store, file: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(file)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Backups read at the same time. */
const atOnce = 8;

const markerSchema = z.object({ startedAt: z.iso.datetime(), host: z.string(), pid: z.number() });

async function describe(
  store: Store,
  files: readonly StoredFile[],
  file: StoredFile,
  split: { readonly name: string; readonly format: BackupFormat; readonly encrypted: boolean },
  hasManifest: boolean,
): Promise<Backup> {
  let manifest: Manifest | undefined;
  let damage: string | undefined;
  if (hasManifest) {
    try {
      const read = readManifest(await readText(store, manifestFile(split.name)), manifestFile(split.name));
      if (read.file === file.file) manifest = read;
      else damage = `The manifest ${manifestFile(split.name)} describes ${read.file}, not ${file.file}.`;
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      damage = error.message;
    }
  }
  if (manifest !== undefined && manifest.bytes !== file.bytes)
    damage = `${file.file} has ${file.bytes} bytes, its manifest says ${manifest.bytes}: it was cut off or replaced.`;
  const verifications: Verification[] = [];
  for (const other of files) {
    if (!other.file.startsWith(`${split.name}.`) || !verificationPattern.test(other.file)) continue;
    const parsed = verificationSchema.safeParse(await readJson(store, other.file));
    if (parsed.success && parsed.data.file === file.file) verifications.push(parsed.data);
  }
  const pin = files.some((other) => other.file === pinFile(split.name))
    ? pinSchema.safeParse(await readJson(store, pinFile(split.name)))
    : undefined;
  verifications.sort((a, b) => (a.at < b.at ? -1 : 1));
  return {
    name: split.name,
    file: file.file,
    format: split.format,
    bytes: file.bytes,
    ...(split.encrypted ? { encrypted: true as const } : {}),
    location: store.locate(file.file),
    takenAt:
      manifest !== undefined ? new Date(manifest.takenAt) : (parseName(split.name)?.at ?? file.modifiedAt),
    ...(manifest === undefined ? {} : { manifest }),
    ...(damage === undefined ? {} : { damage }),
    // A pin that can't be read still pins: who wrote it wanted the backup kept.
    ...(pin === undefined ? {} : { pin: pin.success ? pin.data : unreadablePin(split.name) }),
    verifications,
  };
}

/**
 * The backups of which only the manifest is left: somebody, or a lifecycle rule, took the bytes away. They stay in the
 * list as damaged, for a backup must not go unnoticed. What is being made or removed right now is not among them.
 */
async function readLost(store: Store, files: readonly StoredFile[]): Promise<Backup[]> {
  const orphans = orphansOf(files);
  if (orphans.length === 0) return [];
  // A listing is not made in one instant: what it saw half of may be whole by now, or gone.
  const now = await store.list();
  const still = new Set(orphansOf(now));
  const found = await inTurns(
    orphans.filter((name) => still.has(name)),
    async (name) => {
      const manifest = await readManifestOf(store, name);
      const split = manifest === undefined ? undefined : splitFile(manifest.file);
      if (manifest === undefined || split?.name !== name) return undefined;
      const missing = { file: manifest.file, bytes: 0, modifiedAt: new Date(manifest.takenAt) };
      return {
        ...(await describe(store, now, missing, split, true)),
        damage: `${manifest.file} is gone, only its manifest is left. If it was removed on purpose, remove ${manifestFile(name)} too.`,
      };
    },
  );
  return found.filter((one) => one !== undefined);
}

function orphansOf(files: readonly StoredFile[]): string[] {
  const all = new Set(files.map((one) => one.file));
  const kept = new Set(files.flatMap((one) => splitFile(one.file)?.name ?? []));
  return [...all]
    .filter((file) => file.endsWith(manifestFile('')))
    .map((file) => file.slice(0, -manifestFile('').length))
    .filter((name) => name !== '' && !kept.has(name) && !all.has(markerFile(name)));
}

async function readManifestOf(store: Store, name: string): Promise<Manifest | undefined> {
  try {
    return readManifest(await readText(store, manifestFile(name)), manifestFile(name));
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}

function unreadablePin(name: string): Pin {
  return { schema: 1, backup: name, reason: 'a pin that cannot be read', at: new Date(0).toISOString() };
}

/** Answers in the order of the questions, some at a time: a store far away takes its time for each. */
async function inTurns<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < all.length) {
      const place = next++;
      answers[place] = await ask(all[place]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return answers;
}

async function readJson(store: Store, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(store, file));
  } catch {
    return undefined;
  }
}
