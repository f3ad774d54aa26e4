import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.close());

test('without a screen, too, a command that says nothing for too long is told, and goes on', async () => {
  desk = await openDesk();
  const runbook = join(desk.folder, 'wait.md');
  await writeFile(
    runbook,
    '# Wait\n\n## Wait\n\n### Step 1: Wait\n\n```bash {silence=50ms}\nuntil test -e go; do sleep 0.05; done\n```\n',
  );
  const work = desk.start(['run', runbook, '--mode', 'incident', '--plain', '--yes']);
  await work.see('goes on, look at it');
  await writeFile(join(desk.folder, 'go'), '');
  const { code, stdout, stderr } = await work.ended();
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^drillbook: no output for [\d.]+s: process \d+ goes on, look at it$/m);
  expect(stdout).toContain('\npassed');
});
