import { copyFile, link, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, manifestFile, readManifest, writeManifest } from '../../backup/manifest.ts';
import { backupName } from '../../backup/name.ts';
import { verificationPattern } from '../../backup/verification.ts';

/** The newest backup of a store that has a manifest. Throws where there is none. */
async function newestManifest(store: string): Promise<Manifest> {
  const names = (await readdir(store)).filter((name) => name.endsWith('.manifest.json')).sort();
  const manifests = await Promise.all(
    names.map(async (name) => readManifest(await readFile(join(store, name), 'utf8'), name)),
  );
  const [newest] = manifests.sort((a, b) => b.takenAt.localeCompare(a.takenAt));
  if (!newest) throw new Error(`the store ${store} has no backup`);
  return newest;
}

/** The same backup under the name and time of another day; its data may be shared or copied. */
async function redated(store: string, from: Manifest, at: Date, copied: boolean): Promise<string> {
  const name = backupName(from.target, from.kind, at);
  const file = `${name}${from.file.slice(from.name.length)}`;
  if (copied) await copyFile(join(store, from.file), join(store, file));
  else await link(join(store, from.file), join(store, file));
  const { seal: _seal, ...open } = from;
  const time = at.toISOString();
  await writeFile(
    join(store, manifestFile(name)),
    writeManifest({ ...open, name, file, takenAt: time, finishedAt: time }),
  );
  return file;
}

/** Adds a backup for each of so many days before the newest one, one file under many names. */
export async function addOlderBackups(store: string, days: number): Promise<void> {
  const newest = await newestManifest(store);
  const taken = Date.parse(newest.takenAt);
  for (let day = 1; day <= days; day++)
    await redated(store, newest, new Date(taken - day * 24 * 3600 * 1000), false);
}

/**
 * Puts a backup into a store that is newer than all others, and whose end is missing: its listing is whole. No backup
 * of the store counts as verified then. Gives the names of the cut file and of the one before, which is good.
 */
export async function addCutBackup(store: string): Promise<{ readonly cut: string; readonly good: string }> {
  const newest = await newestManifest(store);
  const cut = await redated(store, newest, new Date(Date.parse(newest.takenAt) + 60_000), true);
  await truncate(join(store, cut), Math.floor(newest.bytes * 0.9));
  for (const name of await readdir(store))
    if (verificationPattern.test(name)) await rm(join(store, name), { force: true });
  return { cut, good: newest.file };
}
