import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/read.ts';
import { note, temporaryFolder } from './events.ts';

const script = new URL('./appender.ts', import.meta.url).pathname;

/** Runs the appender until `until` says stop, then kills it; gives every line that it printed. */
async function append(
  folder: string,
  options: { size?: number; limitKb?: number; until?: (lines: number) => boolean },
): Promise<readonly string[]> {
  const args = [script, folder, String(options.size ?? 100)];
  const child: ChildProcess =
    options.limitKb === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn('bash', ['-c', `ulimit -f ${options.limitKb}; exec "$@"`, 'bash', process.execPath, ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
  const lines: string[] = [];
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line);
    if (options.until?.(lines.length)) child.kill('SIGKILL');
  }
  await exited;
  return lines;
}

describe('a journal whose process is killed with SIGKILL', () => {
  it.each([1, 2, 7, 40, 150, 400])('keeps every acknowledged event (killed after %i)', async (count) => {
    const folder = await temporaryFolder();
    const acknowledged = await append(folder, { size: 50 * count, until: (lines) => lines >= count });
    const reading = await readJournal(folder);
    expect(reading.broken).toBeUndefined();
    expect(acknowledged.length).toBeGreaterThanOrEqual(count);
    expect(reading.events.length).toBeGreaterThanOrEqual(acknowledged.length);

    const { journal } = await openJournal(folder, 'per');
    const { seq } = await journal.append(note('resumed'));
    await journal.close();
    expect(seq).toBe(reading.events.length + 1);
    const after = await readJournal(folder);
    expect(after.torn ?? after.broken).toBeUndefined();
    expect(after.events).toHaveLength(seq);
  });
});

describe('a journal on a disk that fills up', () => {
  it('refuses what would begin and stays whole', async ({ skip }) => {
    const disk = await smallDisk();
    if (disk === undefined) return skip('a small disk cannot be mounted here');
    const folder = join(disk, 'run');

    const lines = await append(folder, { size: 700 });
    const reading = await readJournal(folder);
    expect(lines.find((line) => line.startsWith('note refused'))).toMatch(
      /journal\.jsonl could not be written: the disk is full\. Free some space/,
    );
    expect(lines.find((line) => line.startsWith('command '))).toMatch(
      /^command refused: .* the disk is full/,
    );
    expect(reading.torn ?? reading.broken).toBeUndefined();
    const acknowledged = lines.filter((line) => /^\d+$/.test(line)).length;
    expect(reading.events).toHaveLength(acknowledged + (lines.at(-1) === 'end recorded' ? 1 : 0));
  });

  it('keeps a reserve for the facts after the last command', async ({ skip }) => {
    const disk = await smallDisk();
    if (disk === undefined) return skip('a small disk cannot be mounted here');
    const { createJournal } = await import('../../src/journal/journal.ts');
    const { commandFinished, commandStarted, started } = await import('./event-samples.ts');
    const folder = join(disk, 'run');
    const journal = await createJournal(folder, 'olga');
    await journal.appendAll([started(), commandStarted()]);
    await fill(join(disk, 'dump.sql'));

    await journal.append(commandFinished('x'.repeat(4_000)));
    expect(await readdir(folder)).toEqual(['journal.jsonl']);
    await fill(join(disk, 'more.sql'), 30_000);
    await expect(journal.append(commandStarted(2))).rejects.toThrow(/the disk is full/);
    await journal.append({ type: 'run-stopped', reason: 'the disk is full' });
    await journal.close();
    const reading = await readJournal(folder);
    expect(reading.torn ?? reading.broken).toBeUndefined();
    expect(reading.events.map((event) => event.type)).toEqual([
      'run-started',
      'command-started',
      'command-finished',
      'run-stopped',
    ]);
  });

  it('says so where the file system is read-only', async ({ skip }) => {
    const disk = await smallDisk();
    if (disk === undefined) return skip('a small disk cannot be mounted here');
    const { createJournal } = await import('../../src/journal/journal.ts');
    const { started } = await import('./event-samples.ts');
    const journal = await createJournal(join(disk, 'run'), 'olga');
    await journal.append(started());
    await journal.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(createJournal(join(disk, 'other'), 'olga')).rejects.toThrow(/is on a read-only file system/);
    await expect(openJournal(join(disk, 'run'), 'olga')).rejects.toThrow(/is on a read-only file system/);
    expect((await readJournal(join(disk, 'run'))).events).toHaveLength(1);
  });

  it('stays whole where a limit on the size of files stops it', async () => {
    const folder = await temporaryFolder();
    const lines = await append(folder, { size: 900, limitKb: 100 });
    const reading = await readJournal(folder);
    expect(lines.find((line) => line.startsWith('note refused'))).toMatch(/ulimit -f unlimited/);
    expect(reading.torn ?? reading.broken).toBeUndefined();
    const acknowledged = lines.filter((line) => /^\d+$|started$|recorded$/.test(line)).length;
    expect(reading.events).toHaveLength(acknowledged);
    expect((await stat(join(folder, 'journal.jsonl'))).size).toBe(
      (await readFile(join(folder, 'journal.jsonl'))).lastIndexOf(10) + 1,
    );
  });
});

/** A disk of 300 KB, unmounted at the end of the test; undefined where this user or system may not mount one. */
async function smallDisk(): Promise<string | undefined> {
  const disk = join(await temporaryFolder(), 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', [disk]));
  return disk;
}

/** Takes all the space that a disk has left, or some of it. */
async function fill(file: string, atMost = Number.POSITIVE_INFINITY): Promise<void> {
  const { open } = await import('node:fs/promises');
  const handle = await open(file, 'w');
  try {
    for (let written = 0; written < atMost; written += 1_000) await handle.write(Buffer.alloc(1_000, 'x'));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    await handle.close();
  }
}
