import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { BackupError } from '../../error.ts';

export type ToolName = 'pg_dump' | 'pg_dumpall' | 'pg_restore' | 'psql';

/** A client tool that was found and asked for its version. */
export interface ClientTool {
  readonly name: ToolName;
  readonly path: string;
  /** As it says itself: "15.14". */
  readonly version: string;
  readonly major: number;
}

/** Where packages put the tools of one version, beside PATH. */
const homes: readonly (readonly [string, RegExp, string])[] = [
  ['/usr/lib/postgresql', /^\d+$/, 'bin'],
  ['/usr', /^pgsql-\d+$/, 'bin'],
  ['/opt/homebrew/opt', /^(?:postgresql@\d+|libpq)$/, 'bin'],
  ['/usr/local/opt', /^(?:postgresql@\d+|libpq)$/, 'bin'],
  ['/Applications/Postgres.app/Contents/Versions', /^\d+$/, 'bin'],
];

/**
 * Finds the client tool that fits a server best: the same major version, else the oldest newer one, on PATH and in
 * the folders that packages use. Throws a `BackupError` with the sentence that helps where there is none, because
 * pg_dump refuses a newer server.
 */
export async function findTool(name: ToolName, serverMajor: number): Promise<ClientTool> {
  const tools = await installed(name);
  const fitting = tools
    .filter((tool) => tool.major >= serverMajor)
    // A stable sort keeps PATH's order among equals.
    .sort((a, b) => a.major - b.major);
  if (fitting[0] !== undefined) return fitting[0];
  const newest = tools.sort((a, b) => b.major - a.major)[0];
  if (newest === undefined)
    throw new BackupError(
      'tool',
      `${name} is not installed. Install PostgreSQL's client tools, version ${serverMajor} or newer (Debian: apt install postgresql-client-${serverMajor}; macOS: brew install postgresql@${serverMajor}).`,
    );
  throw new BackupError(
    'version',
    `${name} is version ${newest.version} (${newest.path}) but the server is version ${serverMajor}; it refuses a newer server. Install postgresql-client-${serverMajor} or put its folder first in PATH.`,
  );
}

async function installed(name: ToolName): Promise<ClientTool[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  for (const [home, pattern, bin] of homes) {
    const names = await readdir(home).catch(() => [] as string[]);
    for (const one of names) if (pattern.test(one)) folders.push(join(home, one, bin));
  }
  const tools = await Promise.all(
    [...new Set(folders)].map(async (folder) => {
      const path = join(folder, name);
      return (await executable(path)) ? ask(name, path) : undefined;
    }),
  );
  return tools.filter((tool) => tool !== undefined);
}

async function ask(name: ToolName, path: string): Promise<ClientTool | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    const match = /\b((\d+)(?:\.\d+|devel|beta\d+|rc\d+)*)/.exec(stdout);
    return match === null ? undefined : { name, path, version: match[1]!, major: Number(match[2]) };
  } catch {
    return undefined;
  }
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
