import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Programs that runbooks and Drillbook call. */
export const knownTools = [
  'bash',
  'git',
  'psql',
  'pg_dump',
  'pg_restore',
  'sqlite3',
  'age',
  'aws',
  'docker',
  'railway',
  'render',
  'kubectl',
  'shellcheck',
] as const;

/** Where a program is on PATH; undefined where it is not. */
export async function whereIs(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((one) => one.startsWith('/'))) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/**
 * What a program says of its version: the first number with a dot in it, `yes` where it says none. Undefined where the
 * program is not there. Waits `timeoutMs` at most.
 */
export async function versionOf(
  name: string,
  environment: NodeJS.ProcessEnv,
  timeoutMs = 4000,
): Promise<string | undefined> {
  const path = await whereIs(name, environment);
  if (path === undefined) return undefined;
  try {
    const { stdout, stderr } = await promisify(execFile)(path, ['--version'], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      env: environment,
    });
    return /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'yes';
  } catch {
    return 'yes';
  }
}
