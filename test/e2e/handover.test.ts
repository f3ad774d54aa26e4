import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeState } from '../../src/execution/scratch-folder.ts';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';
import { type Desk, lives, openDesk, sql, until } from './desk.ts';

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

const long = `# Copy the members

## Copy

### Step 1: Mark

\`\`\`bash
MARK=green
\`\`\`

### Step 2: Copy

\`\`\`bash
echo copying
until [ -e copied ]; do sleep 0.05; done
\`\`\`

### Step 3: Say so

\`\`\`bash
echo "mark is $MARK"
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
    await writeFile(join(folder, 'long.md'), long);
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

  // What the shell held came along, but nothing that may be secret: no command runs with nothing in its place.
  const asks = await winner.run(['resume', run, '--plain', '--yes', '--done', 'all'], as(name));
  expect(asks.code, asks.stderr).toBe(3);
  expect(asks.stderr).toContain('the server is the one that the run began with');
  expect(asks.stderr).toContain('UNCERTAIN: TOKEN_OF_ANA: commands had set it (last by: TOKEN_OF_ANA=');
  expect(asks.stderr).toContain('the command needs a value for TOKEN_OF_ANA');
  const done = await winner.run(
    ['resume', run, '--plain', '--yes', '--done', 'all', '--input', 'TOKEN_OF_ANA=env:FROM_ANA'],
    { env: { ...as(name).env, FROM_ANA: 'told-by-phone' } },
  );
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toContain('mark is blue, token is [[redacted]]');
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

test('at the screens a run is handed over with a key and taken up with what is secret asked for again', async () => {
  const before = await ana.runs();
  const at = ana.terminal(
    100,
    30,
    ['run', 'move.md', '--mode', 'incident', '--target', 'members'],
    objects.environment as Record<string, string>,
  );
  await at.see('▸ Begin the run');
  at.press('enter');
  await at.see('⏎ run');
  at.press('enter');
  await at.until('the next command', (screen) => screen.includes('TOKEN_OF_ANA') && screen.includes('⏎ run'));
  at.press('enter');
  await at.see('Next: 2 Ask');
  at.type('h');
  await at.see('Who takes over?');
  at.type('bob');
  at.press('enter');
  await at.see('Unfinished runs');
  const run = (await ana.runs()).find((one) => !before.includes(one))!;
  const as = { ...objects.environment, DRILLBOOK_OPERATOR: 'bob' } as Record<string, string>;
  await until('it is in the store', async () =>
    (await bob.run(['handover', 'list'], { env: as })).stdout.includes(`${run}  Move: from ana`),
  );

  const there = bob.terminal(100, 30, ['handover', 'take', run], as);
  await there.see('Resuming a run');
  await there.see('TOKEN_OF_ANA');
  there.press('enter');
  await there.see('Next: 2 Ask');
  there.press('enter');
  await there.see('▶ ☐ The lead agrees');
  there.press('enter');
  await there.see('Next: 3 Go on');
  there.press('enter');
  await there.see('needs a value: TOKEN_OF_ANA');
  there.press('enter');
  await there.see('Value for $TOKEN_OF_ANA');
  there.type('told-by-phone');
  there.press('enter');
  await there.until(
    'the value is given',
    (now) => now.includes('⏎ run') && !/needs a value|Value for/.test(now),
  );
  there.press('enter');
  await there.see('mark is blue, token is [[redacted]]');
  expect(JSON.stringify(await bob.journal(run))).not.toContain('told-by-phone');
  expect(there.raw()).not.toContain('told-by-phone');
  // The server has a run in bob's hands until his Drillbook is gone.
  process.kill(there.pid, 'SIGTERM');
  await there.exited();
});

test('the machine of a run is lost: another goes on on a person’s word, and the first does not when it comes back', async () => {
  const as = (name: string) => ({
    env: { ...objects.environment, DRILLBOOK_OPERATOR: name } as Record<string, string>,
  });
  const before = await ana.runs();
  const begin = ['run', 'long.md', '--mode', 'incident', '--target', 'members', '--plain', '--yes'];
  const lost = ana.start(begin, as('ana'));
  await lost.see('copying');
  const run = (await ana.runs()).find((one) => !before.includes(one))!;
  // Whoever looks for it finds it, although nobody handed it over.
  await until('the store has the command', async () => {
    const { stdout } = await bob.run(['watch', run, '--once', '--json'], as('bob'));
    return (
      stdout.includes('"text":"until ') && stdout.trim().split('\n').at(-1)!.includes('"command-spawned"')
    );
  });
  expect((await bob.run(['handover', 'list'], as('bob'))).stdout).toContain(
    `${run}  Copy: goes on at ana on `,
  );

  const take = ['handover', 'take', run, '--gone', '--reason', 'her laptop is stolen'];
  const host = hostname();
  const confirmed = [...take, '--confirm', `GONE ${host}`];
  const held = await bob.run(confirmed, as('bob'));
  expect(held.code).toBe(1);
  expect(held.stderr).toContain('still has its connection to the server');

  lost.kill('SIGKILL');
  await lost.ended();
  const url = `postgresql:///members?host=${cluster.folder}&user=${cluster.user}`;
  await until('the server lets go of it', async () => {
    const [row] = await sql(url, `select count(*)::int as n from pg_locks where locktype = 'advisory'`);
    return row?.n === 0;
  });
  expect((await bob.run(take, as('bob'))).code).toBe(3);
  const taken = await bob.run(confirmed, as('bob'));
  expect(taken.code, taken.stderr).toBe(0);
  expect(taken.stderr).toContain('Its connection to the server of members is gone');
  expect(taken.stderr).toContain('a command was running: until [ -e copied ]');
  expect((await carl.run(confirmed, as('carl'))).code).toBe(1);

  const back = await ana.run(['resume', run, '--plain', '--yes'], as('ana'));
  expect(back.code).toBe(1);
  expect(back.stderr).toContain(`was taken over by bob on ${host}`);
  expect((await ana.run(['handover', 'give', run, '--to', 'carl'], as('ana'))).code).toBe(1);

  // Nothing that was running there is taken for done, nor for never begun.
  const open = await bob.run(['resume', run, '--plain', '--yes'], as('bob'));
  expect(open.code, open.stderr).toBe(3);
  expect(open.stderr).toMatch(/UNCERTAIN: what ana did on .* is not known here/);
  const done = await bob.run(
    ['resume', run, '--plain', '--yes', '--settle', 'succeeded: the rows are there'],
    as('bob'),
  );
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toContain('mark is green');
  const proved = await bob.run(['log', 'verify', run], as('bob'));
  expect(proved.code, proved.stdout).toBe(0);
  const entry = JSON.parse((await bob.run(['log', 'show', run, '--json'])).stdout);
  expect(entry.operators).toEqual(['ana', 'bob']);
  expect(entry.deviations).toContainEqual(
    expect.objectContaining({ kind: 'taken-over', reason: 'her laptop is stolen', operator: 'bob' }),
  );

  // The copy that outlived its Drillbook ends with this test, and what it held in memory goes.
  const orphan = (await ana.journal(run)).find(({ type }) => type === 'command-spawned')!.pid;
  await writeFile(join(ana.folder, 'copied'), '');
  await until('the copy has ended', async () => !(await lives(orphan)));
  await removeState(join(ana.folder, 'home/state/runs', run, 'state'));
});
