import { beforeAll, describe, expect, test } from 'vitest';
import { lineOf } from '../../src/plain/line.ts';
import type { Permissions } from '../../src/plain/permissions.ts';
import { runPlain } from '../../src/plain/run.ts';
import { here } from '../../src/run/here.ts';
import { PaperSession } from '../support/paper-session.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const nothing: Permissions = { yes: false, confirm: [], options: [], done: [] };

const runbook = `# Restore

## 1. Pre-checks

- [ ] The team knows

\`\`\`bash
psql "postgresql://db.internal:5432/members" -c "SELECT 1"
\`\`\`

## 2. Restore

\`\`\`bash
dropdb -h db.internal members
\`\`\`

**Success criteria**:

- Restore completes in < 10 minutes

## 3. Maintenance mode off

### Option A: Render

\`\`\`bash
echo render
\`\`\`

### Option B: Docker Compose

\`\`\`bash
echo compose
\`\`\`
`;

type Where = Parameters<typeof targetIn>;

function begin(
  environment: Where[0],
  mode: 'incident' | 'drill' = 'drill',
  more: Where[1] = {},
  end?: (text: string) => object,
) {
  const run = new PaperRun(procedureOf(runbook), { mode, target: targetIn(environment, more) });
  run.send({ type: 'next' });
  return { run, session: new PaperSession(run, end) };
}

describe('on the sandbox', () => {
  test('nothing waits for a person but a choice that the target does not make', async () => {
    const { session, run } = begin('sandbox');
    expect(await runPlain(session, nothing)).toMatchObject({
      kind: 'needs-person',
      next: expect.stringMatching(/--option/),
    });
    expect(run.state.status).toBe('stopped');
    const unattended = run.events.filter((event) => event.type === 'check-answered');
    expect(unattended).toMatchObject([{ unattended: true }]);
  });

  test('with the tag of the target it runs from start to end', async () => {
    const { session, run } = begin('sandbox', 'drill', { tags: ['docker'] });
    expect(await runPlain(session, nothing)).toEqual({ kind: 'passed' });
    expect(run.state.outcome).toBe('passed');
    expect(run.events.filter((event) => event.type === 'criterion-judged')).toMatchObject([
      { verdict: 'met', by: 'measured' },
    ]);
  });

  test('a failed command fails a drill, and what comes after it does not run', async () => {
    const { session, run } = begin('sandbox', 'drill', { tags: ['docker'] }, (text) =>
      text.startsWith('dropdb') ? { verdict: 'failed', exit: { kind: 'code', code: 1 } } : {},
    );
    expect(await runPlain(session, nothing)).toMatchObject({ kind: 'failed' });
    expect(run.state).toMatchObject({ status: 'finished', outcome: 'failed' });
    expect(
      run.events.some((event) => event.type === 'command-started' && event.text.includes('compose')),
    ).toBe(false);
  });

  test('in an incident the run stays open for somebody to take up', async () => {
    const { session, run } = begin('sandbox', 'incident', { tags: ['docker'] }, () => ({
      verdict: 'failed',
    }));
    expect(await runPlain(session, nothing)).toMatchObject({ kind: 'failed' });
    expect(run.state.status).toBe('stopped');
  });

  test('a criterion that was missed fails the run at its end', async () => {
    const { session, run } = begin('sandbox', 'drill', { tags: ['docker'] }, () => ({
      durationMs: 3_600_000,
    }));
    expect(await runPlain(session, nothing)).toMatchObject({ kind: 'failed' });
    expect(run.state.outcome).toBe('failed');
  });
});

test('what is stopped while a guard is asked for does not begin', async () => {
  const { session, run } = begin('staging');
  const all = { ...nothing, yes: true, done: ['all'], confirm: ['members'] };
  const guarded = () =>
    session.intents.some((intent) => intent.type === 'run' && intent.command === dropping(run));
  expect(await runPlain(session, all, guarded)).toEqual({ kind: 'failed', reason: 'it was interrupted' });
  expect(
    run.events.some((event) => event.type === 'command-started' && event.text.startsWith('dropdb')),
  ).toBe(false);
});

function dropping(run: PaperRun): string | undefined {
  for (const item of run.state.started.procedure.items)
    if (item.kind === 'step')
      for (const part of item.parts)
        if (part.kind === 'command' && part.text.startsWith('dropdb')) return part.id;
  return undefined;
}

describe('elsewhere', () => {
  test('what only a person may decide ends it, one after the other, and says what to give', async () => {
    const given: Partial<Permissions>[] = [
      { done: ['all'] },
      { confirm: ['members'] },
      { options: ['Option A: Render'] },
      { yes: true },
    ];
    const asked: string[] = [];
    for (let n = 0; n <= given.length; n++) {
      const { session } = begin('staging');
      const ending = await runPlain(session, Object.assign({}, nothing, ...given.slice(0, n)) as Permissions);
      asked.push(ending.kind === 'needs-person' ? ending.next : ending.kind);
    }
    expect(asked).toEqual([
      expect.stringMatching(/--done/),
      'give --confirm "members"',
      expect.stringMatching(/--option/),
      'passed',
      'passed',
    ]);
  });

  test('the wrong phrase is no phrase', async () => {
    const { session, run } = begin('staging');
    expect(
      await runPlain(session, { ...nothing, yes: true, done: ['all'], confirm: ['Members'] }),
    ).toMatchObject({ kind: 'needs-person' });
    expect(
      run.events.some((event) => event.type === 'command-started' && event.text.startsWith('dropdb')),
    ).toBe(false);
  });

  test('a drill on production stops at the first command that is more than reading, whatever is given', async () => {
    const { session, run } = begin('production');
    const all = {
      ...nothing,
      yes: true,
      done: ['all'],
      confirm: ['members', 'RESTORE members', 'DESTROY members'],
    };
    expect(await runPlain(session, all)).toMatchObject({
      kind: 'needs-person',
      reason: expect.stringMatching(/drill may only read/),
    });
    expect(run.events.filter((event) => event.type === 'command-started')).toHaveLength(1);
  });

  test('a command that wants a terminal is left for a person', async () => {
    const run = new PaperRun(
      procedureOf('# R\n\n## 1. Look\n\n```bash\nwatch date\n```\n\n## 2. Then\n\n```bash\ntrue\n```\n'),
      {
        mode: 'drill',
        target: targetIn('sandbox'),
      },
    );
    run.send({ type: 'next' });
    expect(await runPlain(new PaperSession(run), nothing)).toMatchObject({
      kind: 'needs-person',
      reason: expect.stringMatching(/terminal/),
    });
  });

  test('an interrupted command is settled only as somebody says', async () => {
    const { session, run } = begin('sandbox', 'drill', { tags: ['docker'] });
    run.send({ type: 'check', part: 'pre-checks/1', answer: 'ticked' });
    const id = run.events.find((event) => event.type === 'run-started') && 'restore/1';
    const at = here(run.state);
    if (at.kind === 'part') run.send({ type: 'by-hand', command: at.part.id, note: 'test' });
    run.send({ type: 'next' });
    run.record({
      type: 'command-started',
      command: id!,
      attempt: 1,
      text: 'dropdb',
      effect: 'destroys',
      interactive: false,
      output: '1.log',
    });
    run.record({ type: 'command-interrupted', command: id!, attempt: 1, alive: false });
    expect(await runPlain(session, nothing)).toMatchObject({
      kind: 'needs-person',
      next: expect.stringMatching(/--settle/),
    });
    run.record({ type: 'run-resumed', host: 'h', version: '0', tornBytes: 0 });
    expect(await runPlain(session, { ...nothing, settle: { as: 'succeeded', note: 'it is gone' } })).toEqual({
      kind: 'passed',
    });
  });
});

test('a preview walks to the end and runs nothing', async () => {
  const run = new PaperRun(procedureOf(runbook), { mode: 'preview', target: targetIn('production') });
  run.send({ type: 'next' });
  expect(await runPlain(new PaperSession(run), nothing)).toEqual({ kind: 'passed' });
  expect(run.events.some((event) => event.type === 'command-started')).toBe(false);
  const text = run.events.map((event) => lineOf(event, run.state)).join('\n');
  expect(text).toMatch(/^\$ dropdb .*\n {2}destroys: /m);
  expect(text).toMatch(/^(by hand|to check|criterion): /m);
  expect(text).not.toContain('skipped');
});

test('what failed in an earlier passage is tried again, once', async () => {
  let fails = true;
  const { session, run } = begin('sandbox', 'incident', { tags: ['docker'] }, (text) =>
    fails && text.startsWith('dropdb') ? { verdict: 'failed' } : {},
  );
  expect(await runPlain(session, nothing)).toMatchObject({ kind: 'failed' });
  run.record({ type: 'run-resumed', host: 'h', version: '0', tornBytes: 0 });
  expect(await runPlain(session, nothing)).toMatchObject({ kind: 'failed' });
  fails = false;
  run.record({ type: 'run-resumed', host: 'h', version: '0', tornBytes: 0 });
  expect(await runPlain(session, nothing)).toEqual({ kind: 'passed' });
  const tries = run.events.filter(
    (event) => event.type === 'command-started' && event.text.startsWith('dropdb'),
  );
  expect(tries).toHaveLength(3);
});

test('every event has a line or says nothing on purpose', async () => {
  const { session, run } = begin('sandbox', 'drill', { tags: ['docker'] });
  await runPlain(session, nothing);
  const lines = run.events.map((event) => lineOf(event, run.state)).filter((line) => line !== undefined);
  expect(lines[0]).toMatch(/^drill: .*members on db\.internal:5432 \(sandbox\)/);
  expect(lines).toContainEqual(expect.stringMatching(/^\nstep 2\/3: Restore \[restore\]/));
  expect(lines).toContainEqual(expect.stringMatching(/^guard: destroys, confirmed by flag/));
  expect(lines.at(-1)).toBe('\npassed');
});

test('a guessed block is read the other way where a flag says so, once', async () => {
  const markdown =
    '# Look\n\n## Look\n\n### Step 1: Look\n\n```bash\necho look\n```\n\nThe queue:\n\n```\nkqueue drain --all\nkqueue state\n```\n';
  const run = new PaperRun(procedureOf(markdown), { mode: 'drill', target: targetIn('sandbox') });
  run.send({ type: 'next' });
  const [guess] = run.state.started.procedure.guesses!;
  expect(guess).toMatchObject({ role: 'sample', range: { line: 13 } });
  const permissions: Permissions = { ...nothing, reread: [13] };
  expect(await runPlain(new PaperSession(run), permissions)).toEqual({ kind: 'passed' });
  expect(run.events.filter(({ type }) => type === 'block-reread')).toMatchObject([
    { role: 'commands', line: 13 },
  ]);
  expect(run.events.flatMap((event) => (event.type === 'command-started' ? [event.text] : []))).toEqual([
    'echo look',
    'kqueue drain --all',
    'kqueue state',
  ]);
});
