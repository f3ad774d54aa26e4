import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { birthOf } from '../../src/execution/process-fate.ts';
import { holderOfRun, type Locking, lockRun, lockTarget } from '../../src/journal/lock.ts';
import { temporaryFolder } from './events.ts';

const script = new URL('./holder.ts', import.meta.url).pathname;

async function otherProcess(folder: string, operator = 'olga') {
  const child = spawn(process.execPath, [script, folder, operator], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, exited, locking: JSON.parse(line) as Locking };
}

describe('the lock of a run', () => {
  it('is one process at a time; a living one is named with what to do', async () => {
    const folder = await temporaryFolder();
    const other = await otherProcess(folder);
    expect(other.locking.kind).toBe('locked');
    const mine = await lockRun(folder, 'the-run', 'per');
    expect(mine).toMatchObject({ kind: 'held', holder: { pid: other.child.pid, operator: 'olga' } });
    expect(mine.kind === 'held' && mine.message).toMatch(
      /^The run the-run is in the hands of olga since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(run the-run, process \d+ on this machine\)\. Go on there, or stop that run first\.$/,
    );
    expect(await holderOfRun(folder)).toMatchObject({ pid: other.child.pid });
  });

  it('is free again when it was released', async () => {
    const folder = await temporaryFolder();
    const other = await otherProcess(folder);
    other.child.stdin.end();
    await other.exited;
    expect(await holderOfRun(folder)).toBeUndefined();
    const mine = await lockRun(folder, 'the-run', 'per');
    expect(mine.kind === 'locked' && mine.lock.tookOver).toBeUndefined();
    expect(mine.kind).toBe('locked');
  });

  it('is taken from a process that was killed with SIGKILL, and says from whom', async () => {
    const folder = await temporaryFolder();
    const other = await otherProcess(folder);
    other.child.kill('SIGKILL');
    await other.exited;
    expect(await holderOfRun(folder)).toBeUndefined();
    const mine = await lockRun(folder, 'the-run', 'per');
    expect(mine).toMatchObject({
      kind: 'locked',
      lock: { tookOver: { pid: other.child.pid, operator: 'olga' } },
    });
  });

  it('is not kept by a later process with the same number', async () => {
    const folder = await temporaryFolder();
    const other = await otherProcess(folder);
    if (other.locking.kind !== 'locked') throw new Error('the other process has no lock');
    const record = JSON.parse(await readFile(other.locking.lock.file, 'utf8'));
    await writeFile(other.locking.lock.file, JSON.stringify({ ...record, birth: 'another-boot:1' }));
    expect((await lockRun(folder, 'the-run', 'per')).kind).toBe('locked');
  });

  it('is never taken from another machine; the sentence says which file to remove', async () => {
    const folder = await temporaryFolder();
    const mine = await lockRun(folder, 'the-run', 'per');
    if (mine.kind !== 'locked') throw new Error('no lock');
    const record = JSON.parse(await readFile(mine.lock.file, 'utf8'));
    await writeFile(mine.lock.file, JSON.stringify({ ...record, host: 'other-laptop', pid: 1 }));
    const held = await lockRun(folder, 'the-run', 'olga');
    expect(held.kind === 'held' && held.message).toContain(`on other-laptop). Go on there`);
    expect(held.kind === 'held' && held.message).toContain(mine.lock.file);
  });

  it('goes to exactly one of many that find the same stale lock', async () => {
    const folder = await temporaryFolder();
    const dead = await otherProcess(folder);
    dead.child.kill('SIGKILL');
    await dead.exited;
    const many = await Promise.all(Array.from({ length: 6 }, (_, n) => otherProcess(folder, `op${n}`)));
    const winners = many.filter((one) => one.locking.kind === 'locked');
    expect(winners).toHaveLength(1);
    for (const one of many)
      if (one.locking.kind === 'held') expect(one.locking.holder.pid).toBe(winners[0]!.child.pid);
  });

  it('releases only what is its own, and twice is no harm', async () => {
    const folder = await temporaryFolder();
    const first = await lockRun(folder, 'the-run', 'per');
    if (first.kind !== 'locked') throw new Error('no lock');
    await first.lock.release();
    const second = await lockRun(folder, 'the-run', 'per');
    await first.lock.release();
    expect(second.kind).toBe('locked');
    expect((await lockRun(folder, 'the-run', 'olga')).kind).toBe('held');
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('refuses a lock file that it cannot read, and names it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'run.1.lock'), 'what is this');
    await expect(lockRun(folder, 'the-run', 'per')).rejects.toThrow(
      /run\.1\.lock is not a lock that Drillbook wrote/,
    );
  });
});

describe('the lock of a target', () => {
  it('is one run at a time, whatever the name of the target', async () => {
    const state = await temporaryFolder();
    for (const target of ['production', 'Production', '../../etc', 'größe 1', 'große 1', '']) {
      const first = await lockTarget(state, target, 'run-a', 'olga');
      const second = await lockTarget(state, target, 'run-b', 'per');
      expect(first.kind).toBe('locked');
      expect(second).toMatchObject({ kind: 'held', holder: { run: 'run-a' } });
      if (first.kind === 'locked') await first.lock.release();
    }
    expect(await readdir(state)).toEqual(['locks']);
    expect(await readdir(join(state, 'locks'))).toHaveLength(6);
  });
});

describe('the birth of a process', () => {
  it('is the same each time, differs between processes, and is gone with the process', async () => {
    const mine = await birthOf(process.pid);
    expect(mine).toBeDefined();
    expect(await birthOf(process.pid)).toBe(mine);
    const other = await otherProcess(await temporaryFolder());
    expect(await birthOf(other.child.pid!)).not.toBe(mine);
    other.child.kill('SIGKILL');
    await other.exited;
    expect(await birthOf(other.child.pid!)).toBeUndefined();
  });
});
