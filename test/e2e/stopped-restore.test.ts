import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, databases, openDesk, patience, type SandboxFacts } from './desk.ts';

let desk: Desk;
let at: SandboxFacts;

beforeAll(async () => {
  desk = await openDesk();
  at = await desk.sandbox();
});
afterAll(() => desk.close());

const isNew = (name: string) => name.startsWith('members_new_');

/** A restore by hand that gets one Ctrl+C as soon as the server looks as wanted. */
async function stoppedWhen(reached: (found: Record<string, boolean>) => boolean) {
  const work = desk.start(['backup', 'restore', '--confirm', 'RESTORE members'], {
    env: { DATABASE_URL: at.url, BACKUP_DIR: at.store },
  });
  for (const end = performance.now() + patience; !reached(await databases(at.url)); )
    if (performance.now() > end) throw new Error('the restore never came so far');
  work.kill('SIGINT');
  return work.ended();
}

test('one Ctrl+C while the backup is loaded: nothing of it is left, and the live database is open', async () => {
  const { code, stderr } = await stoppedWhen((found) => Object.keys(found).some(isNew));
  expect(code, stderr).toBe(130);
  expect(await databases(at.url)).toEqual({ members: true });
});

test('one Ctrl+C in the swap: it is brought to its end, and the live name is open', async () => {
  const { code, stderr } = await stoppedWhen(({ members }) => members === false);
  expect(code, stderr).toBe(0);
  const found = await databases(at.url);
  expect(found.members).toBe(true);
  expect(Object.keys(found).filter(isNew)).toEqual([]);
});
