import { beforeAll, describe, expect, test } from 'vitest';
import { deviationsOf } from '../../src/incident/deviations.ts';
import { indexOf } from '../../src/incident/procedure-index.ts';
import { fold } from '../../src/run/fold.ts';
import { here } from '../../src/run/here.ts';
import { isHere, rereadable } from '../../src/run/reread.ts';
import type { RunState } from '../../src/run/state.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

// Fences without a language may be commands or what they print: two guesses, one each way.
const markdown = `# Restore

## Restore

### Step 1: Look

\`\`\`bash
pg_restore --list members.dump
\`\`\`

Look at the queue:

\`\`\`
kqueue drain all
dropdb -h db.internal members
\`\`\`

### Step 2: Go on

\`\`\`
aws s3 ls
\`\`\`
`;

function begin(environment: 'sandbox' | 'production' = 'sandbox') {
  const run = new PaperRun(procedureOf(markdown), { target: targetIn(environment) });
  run.send({ type: 'next' });
  return run;
}

/** The thing that waits, by its text. */
function waits(state: RunState): string {
  const at = here(state);
  return at.kind === 'part' ? at.part.text : at.kind;
}

function partHere(state: RunState): string {
  const at = here(state);
  if (at.kind !== 'part') throw new Error(`nothing waits: ${at.kind}`);
  return at.part.id;
}

/** Runs the command that waits, as it is allowed on the sandbox. */
function runHere(run: PaperRun): void {
  const intent = { type: 'run', command: partHere(run.state) } as const;
  if (run.send(intent).kind === 'guarded') run.send({ ...intent, confirmation: { by: 'enter' } });
  run.finish();
}

test('the sample in front of the operator can be read as commands, once it is reached', () => {
  const run = begin();
  expect(rereadable(run.state)).toEqual([]);
  runHere(run);
  const [guess] = rereadable(run.state);
  expect(guess).toMatchObject({ role: 'sample', other: { role: 'commands' } });
  expect(waits(run.state)).toBe('step-done');
  expect(run.send({ type: 'reread', block: guess!.block, role: 'commands' }).kind).toBe('accepted');
  expect(waits(run.state)).toBe('kqueue drain all');
  expect(rereadable(run.state).map((one) => isHere(run.state, one))).toEqual([true]);
  expect(run.state.rereads).toEqual({ [guess!.block]: 'commands' });
});

test('and back again: the first reading is there as it was', () => {
  const run = begin();
  runHere(run);
  const before = run.state.started.procedure;
  const { block } = rereadable(run.state)[0]!;
  run.send({ type: 'reread', block, role: 'commands' });
  run.send({ type: 'reread', block, role: 'sample' });
  expect(run.state.started.procedure).toEqual(before);
  expect(waits(run.state)).toBe('step-done');
});

test('the guards hold for what was read by hand as for anything else', () => {
  const run = begin('production');
  runHere(run);
  const { block } = rereadable(run.state)[0]!;
  run.send({ type: 'reread', block, role: 'commands' });
  run.record({ type: 'part-skipped', part: partHere(run.state), reason: 'empty' });
  expect(waits(run.state)).toBe('dropdb -h db.internal members');
  // Nothing destroys on production without a safety backup of this run.
  expect(run.send({ type: 'run', command: partHere(run.state) })).toMatchObject({ kind: 'refused' });
  expect(run.events.some(({ type }) => type === 'guard-refused')).toBe(true);
});

describe('refused', () => {
  test('once a command of the block has run, or was settled otherwise', () => {
    const run = begin();
    runHere(run);
    const { block } = rereadable(run.state)[0]!;
    run.send({ type: 'reread', block, role: 'commands' });
    runHere(run);
    expect(rereadable(run.state)).toEqual([]);
    expect(run.send({ type: 'reread', block, role: 'sample' })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/run or settled already/),
    });
  });

  test('for a block of another step, one that is no guess, a reading that it cannot have', () => {
    const run = begin();
    const [first, second] = run.state.started.procedure.guesses!;
    const refusalOf = (block: string, role: 'commands' | 'sample' | 'file') =>
      run.send({ type: 'reread', block, role });
    expect(refusalOf(second!.block, second!.other.role as 'sample')).toMatchObject({
      reason: 'that block stands in another step',
    });
    expect(refusalOf('nothing', 'sample')).toMatchObject({ kind: 'refused' });
    expect(refusalOf(first!.block, 'file')).toMatchObject({ kind: 'refused' });
    expect(refusalOf(first!.block, 'sample')).toMatchObject({ reason: 'it is read so already' });
    expect(run.events.some(({ type }) => type === 'block-reread')).toBe(false);
  });

  test('while a command runs', () => {
    const run = begin();
    run.send({ type: 'run', command: partHere(run.state) });
    const [first] = run.state.started.procedure.guesses!;
    expect(run.send({ type: 'reread', block: first!.block, role: 'commands' })).toMatchObject({
      reason: 'a command is running',
    });
  });
});

test('the events alone give the state, however often they are folded', () => {
  const run = begin();
  runHere(run);
  run.send({ type: 'reread', block: rereadable(run.state)[0]!.block, role: 'commands' });
  runHere(run);
  expect(fold(run.events)).toEqual(run.state);
});

test('it is a deviation, with the line and why it was a guess', () => {
  const run = begin();
  runHere(run);
  run.send({ type: 'reread', block: rereadable(run.state)[0]!.block, role: 'commands' });
  const found = deviationsOf(run.events, indexOf(run.state.started.procedure));
  expect(found).toMatchObject([
    {
      kind: 'reread',
      what: 'the block at line 13 as commands instead of sample',
      reason: expect.stringMatching(/guess: \S/),
    },
  ]);
});
