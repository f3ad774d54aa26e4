import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { removeSandbox } from '../../src/sandbox/sandbox.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export const entry = here('entry.ts');

/** A folder of its own for a test's sandbox, which the server's account can pass through. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function removeAll(folder: string): Promise<void> {
  await removeSandbox(join(folder, 'home'));
  await rm(folder, { recursive: true, force: true });
}

/** Waits until the condition holds; a failing test names what it waited for. */
export async function until<T>(what: string, condition: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

export interface Owner {
  readonly child: ChildProcess;
  readonly variables: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly progress: string[];
}

/** Starts a process that owns the sandbox of a home and waits until it stands. */
export async function startOwner(home: string, as: { uid?: number; gid?: number } = {}): Promise<Owner> {
  const { child, progress } = spawnOwner(home, as);
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the owner ended with ${code}: ${progress.join(' | ')}`);
  });
  ended.catch(() => {});
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return { child, progress, ...JSON.parse(line) };
}

/** Starts a process that owns the sandbox of a home, without waiting. */
export function spawnOwner(home: string, as: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [here('owner.ts'), home, entry], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    ...as,
  });
  const progress: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => progress.push(line));
  return { child, progress };
}

/** Ends a process the hard way and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
