import { beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../../src/run/fold.ts';
import { here } from '../../src/run/here.ts';
import type { RunState } from '../../src/run/state.ts';
import { canTakeRemedy } from '../../src/run/take-remedy.ts';
import { compile } from '../../src/runbook/compile.ts';
import type { Runbook, Symptom } from '../../src/runbook/runbook.ts';
import { PaperRun, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

const markdown = `# Members

## Restore

### Step 1: Restore it

\`\`\`bash
pg_restore --dbname members members.dump
\`\`\`

### Step 2: Look

\`\`\`bash
psql -c 'select 1'
\`\`\`

## Troubleshooting

### The role does not exist

Make it, then go on:

\`\`\`bash
createuser <role>
\`\`\`

### Old sessions hold it

\`\`\`bash
dropdb members
\`\`\`

### The disk is slow

It takes its time.

### The port is wrong

Look for it with \`psql -p 5433 -l\`.
`;

let runbook: Runbook;

beforeAll(async () => {
  await loadSyntax();
  runbook = compile(markdown);
});

function symptom(words: string): Symptom {
  return runbook.symptoms.find(({ title }) => title.includes(words))!;
}

/** The first step, with its command as `how` says. */
function begin(how: 'open' | 'failed' | 'succeeded', environment: 'sandbox' | 'production' = 'sandbox') {
  const run = new PaperRun(runbook.procedures[0]!, { target: targetIn(environment) });
  run.send({ type: 'next' });
  if (how === 'open') return run;
  runHere(run, how);
  return run;
}

function runHere(run: PaperRun, verdict: 'failed' | 'succeeded' = 'succeeded'): void {
  const intent = { type: 'run', command: partHere(run.state).id } as const;
  const decision = run.send(intent);
  if (decision.kind === 'guarded')
    run.send({
      ...intent,
      confirmation:
        decision.guard.kind === 'phrase' ? { by: 'phrase', phrase: decision.guard.phrase } : { by: 'enter' },
    });
  run.finish({ verdict });
}

function partHere(state: RunState) {
  const at = here(state);
  if (at.kind !== 'part') throw new Error(`nothing waits: ${at.kind}`);
  return at.part;
}

const take = (words: string) => ({ type: 'take-remedy', symptom: symptom(words) }) as const;

describe('what helps, taken up where a command has failed', () => {
  test('is the next thing to do, and then the command that failed is there again', () => {
    const run = begin('failed');
    expect(canTakeRemedy(run.state, symptom('role'))).toBe(true);
    expect(run.send(take('role')).kind).toBe('accepted');
    expect(partHere(run.state)).toMatchObject({ kind: 'command', text: 'createuser <role>' });
    run.send({ type: 'give', name: 'role', value: 'members', secret: false, source: 'operator' });
    runHere(run);
    expect(here(run.state)).toMatchObject({ kind: 'part', status: 'failed' });
    expect(partHere(run.state).text).toContain('pg_restore');
    expect(run.state.step).toBe(run.state.started.procedure.items[0]!.id);
  });

  test('asks for its values before it runs', () => {
    const run = begin('failed');
    expect(run.state.started.procedure.placeholders).toEqual([]);
    run.send(take('role'));
    expect(run.state.started.procedure.placeholders).toMatchObject([{ text: '<role>', name: 'role' }]);
    expect(run.send({ type: 'run', command: partHere(run.state).id })).toMatchObject({
      kind: 'refused',
      reason: 'the command needs a value for role',
    });
  });

  test('meets the guard of what it would do', () => {
    const run = begin('open', 'production');
    run.send(take('sessions'));
    const { id, text } = partHere(run.state);
    expect(text).toBe('dropdb members');
    expect(run.send({ type: 'run', command: id })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('no safety backup'),
    });
    expect(run.events.at(-1)).toMatchObject({ type: 'guard-refused', command: id, effect: 'destroys' });
  });

  test('is journaled whole: the same events make the same run again', () => {
    const run = begin('failed');
    run.send(take('role'));
    expect(run.events.at(-1)).toMatchObject({
      type: 'remedy-taken',
      title: 'The role does not exist',
      line: symptom('role').range.line,
    });
    expect(fold(structuredClone(run.events))).toEqual(run.state);
  });

  test('can be taken again, with attempts of its own', () => {
    const run = begin('failed');
    for (const _time of [1, 2]) {
      run.send(take('sessions'));
      runHere(run);
    }
    const taken = run.events.flatMap((event) => (event.type === 'command-started' ? [event] : [])).slice(1);
    expect(taken.map(({ attempt, text }) => [attempt, text])).toEqual([
      [1, 'dropdb members'],
      [1, 'dropdb members'],
    ]);
    expect(new Set(taken.map(({ command }) => command)).size).toBe(2);
    expect(partHere(run.state).text).toContain('pg_restore');
  });
});

test('a step that was done is open again', () => {
  const run = begin('succeeded');
  expect(here(run.state).kind).toBe('step-done');
  run.send(take('sessions'));
  expect(partHere(run.state).text).toBe('dropdb members');
});

test('a command that stands only in a sentence is run where the remedy has no other', () => {
  const run = begin('failed');
  run.send(take('port'));
  expect(partHere(run.state)).toMatchObject({ kind: 'command', text: 'psql -p 5433 -l' });
});

test('a remedy of words is only read, and nothing is taken up before a step, in a preview or while a command runs', () => {
  const run = begin('failed');
  expect(canTakeRemedy(run.state, symptom('slow'))).toBe(false);
  expect(run.send(take('slow')).kind).toBe('refused');
  const preview = new PaperRun(runbook.procedures[0]!, { mode: 'preview' });
  expect(preview.send(take('role')).kind).toBe('refused');
  preview.send({ type: 'next' });
  expect(preview.send(take('role')).kind).toBe('refused');
  const running = begin('open');
  const intent = { type: 'run', command: partHere(running.state).id } as const;
  if (running.send(intent).kind === 'guarded') running.send({ ...intent, confirmation: { by: 'enter' } });
  expect(running.state.running).toBeDefined();
  expect(canTakeRemedy(running.state, symptom('role'))).toBe(false);
  expect(running.send(take('role')).kind).toBe('refused');
});
