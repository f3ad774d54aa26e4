import { endTrouble, start } from '../../child.ts';
import { toolEnvironment } from './environment.ts';
import type { Login } from './login.ts';
import { findTool } from './tool.ts';

/**
 * Roles, memberships, role settings and tablespaces of a server as SQL, by pg_dumpall and without passwords: what a
 * dump leans on and does not hold. Throws a `BackupError`.
 */
export async function readGlobals(login: Login, serverMajor: number, signal?: AbortSignal): Promise<string> {
  const tool = await findTool('pg_dumpall', serverMajor);
  const child = start(
    tool.path,
    [
      '--globals-only',
      '--no-role-passwords',
      '--no-password',
      `--database=dbname='${quoted(login.database)}'`,
    ],
    { environment: toolEnvironment(login), signal },
  );
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const trouble = endTrouble('pg_dumpall', await child.ended);
  if (trouble !== undefined) throw trouble;
  // Newer tools guard a script by a key that is another one each time; a psql that is older stops there.
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\\(?:un)?restrict .*\n/gm, '');
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
