import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';
import { type Desk, openDesk } from './desk.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let cluster: Cluster;
let objects: Bucket;
let ana: Desk;
let bob: Desk;
let carl: Desk;

const runbook = `# Move the members

## Move

### Step 1: Look

\`\`\`bash
MARK=blue
TOKEN_OF_ANA=hush-hush-3141
\`\`\`

### Step 2: Ask

- [ ] The lead agrees

### Step 3: Go on

\`\`\`bash
echo "mark is $MARK, token is [$TOKEN_OF_ANA]"
\`\`\`
`;

beforeAll(async () => {
  [cluster, objects, ana, bob, carl] = await Promise.all([
    startCluster(),
    startBucket(),
    openDesk(),
    openDesk(),
    openDesk(),
  ]);
  await cluster.create('members');
  const url = `postgresql:///members?host=${cluster.folder}&user=${cluster.user}`;
  for (const { folder } of [ana, bob, carl]) {
    await writeFile(join(folder, 'move.md'), runbook);
    await writeFile(
      join(folder, 'drillbook.yaml'),
      `shared: ${objects.address('ops')}\ntargets:\n  members:\n    environment: staging\n    url: ${url}\n`,
    );
  }
});
afterAll(async () => {
  await ana?.close();
  await bob?.close();
  await carl?.close();
  await objects?.stop();
  await cluster?.stop();
});

test('a run is handed over between two homes through a store; the first cannot go on', async () => {
  const as = (name: string) => ({
    env: { ...objects.environment, DRILLBOOK_OPERATOR: name } as Record<string, string>,
  });
  const begun = await ana.run(
    ['run', 'move.md', '--mode', 'incident', '--target', 'members', '--plain', '--yes'],
    as('ana'),
  );
  expect(begun.code, begun.stderr).toBe(3);
  const [id] = await ana.runs();
  const run = id!;
  // While it is Ana's, somebody else can look on, and nobody can take it.
  const seen = await bob.run(['watch', run, '--once'], as('bob'));
  expect(seen.stdout).toContain('step 1/3: Look');
  expect((await bob.run(['handover', 'take', run], as('bob'))).code).toBe(2);

  const given = await ana.run(['handover', 'give', run, '--to', 'bob', '--note', 'lead is asked'], as('ana'));
  expect(given.code, given.stderr).toBe(0);
  const waits = await bob.run(['handover', 'list'], as('bob'));
  expect(waits.stdout).toContain(`${run}  Move: from ana`);
  expect(waits.stdout).toContain('waits for bob (lead is asked)');

  // Two take it at the same moment: one gets it, and gets it whole.
  const takers = [bob, carl] as const;
  const takes = await Promise.all(
    takers.map((desk, at) => desk.run(['handover', 'take', run], as(['bob', 'carl'][at]!))),
  );
  expect(takes.map(({ code }) => code).sort(), takes.map(({ stderr }) => stderr).join()).toEqual([0, 1]);
  const first = takes.findIndex(({ code }) => code === 0);
  const name = ['bob', 'carl'][first]!;
  const winner = takers[first]!;
  expect(takes[1 - first]!.stderr).toContain(`was taken already by ${name}`);

  // Whoever gave it cannot go on, not even before the other has begun to.
  const refused = await ana.run(['resume', run, '--plain', '--yes', '--done', 'all'], as('ana'));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`was handed over, and ${name} on `);

  const done = await winner.run(['resume', run, '--plain', '--yes', '--done', 'all'], as(name));
  expect(done.code, done.stderr).toBe(0);
  expect(done.stderr).toContain('the server is the one that the run began with');
  // What the shell held came along, but nothing that may be secret.
  expect(done.stdout).toContain('mark is blue, token is []');
  const again = await ana.run(['resume', run, '--plain', '--yes', '--done', 'all'], as('ana'));
  expect(again.code).toBe(1);

  const proved = await winner.run(['log', 'verify', run]);
  expect(proved.code, proved.stdout).toBe(0);
  const entry = JSON.parse((await winner.run(['log', 'show', run, '--json'])).stdout);
  expect(entry.outcome).toBe('passed');
  expect(entry.operators).toEqual(['ana', name]);
  expect(entry.timeline.map(({ text }: { text: string }) => text).join('\n')).toContain('Handed over to bob');
  // Whoever gave it sees how it ended.
  const end = await ana.run(['watch', run], as('ana'));
  expect(end.code).toBe(0);
  expect(end.stdout).toContain('mark is $MARK');
  expect(end.stdout).toMatch(/passed/);
});
