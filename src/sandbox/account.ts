import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SandboxProblem } from './problem.ts';

/** Who the server runs as, where that is not ourselves. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const candidates = ['postgres', '_postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. Where we are root: the account `postgres`, else `nobody`, from /etc/passwd
 * (passwd(5)). Undefined where we are not root: the server then runs as ourselves.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((l) => l.split(':'));
  for (const name of candidates) {
    const line = lines.find((fields) => fields[0] === name);
    const uid = Number(line?.[2]);
    const gid = Number(line?.[3]);
    if (line && Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 && gid > 0)
      return { name, uid, gid };
  }
  throw new SandboxProblem(
    "PostgreSQL does not run as root, and there is neither an account 'postgres' nor 'nobody' to run it as. " +
      'Start Drillbook as an ordinary user.',
  );
}

/** True where the account may enter this folder and all above it. Supplementary groups do not count: we drop them. */
export async function mayEnter(account: Account, folder: string): Promise<boolean> {
  try {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
  } catch {
    return false;
  }
  const above = dirname(folder);
  return above === folder ? true : mayEnter(account, above);
}
