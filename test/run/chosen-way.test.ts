import { beforeAll, expect, test } from 'vitest';
import { takenWays } from '../../src/run/chosen-way.ts';
import { here } from '../../src/run/here.ts';
import { choicesOf } from '../../src/run/plan.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const runbook = `# Bring it back

## Restore

### Step 1: Look

\`\`\`bash
pwd
\`\`\`

### Step 2: Restore

#### Option A: Docker

\`\`\`bash
date
\`\`\`

#### Option B: Railway

\`\`\`bash
uptime
\`\`\`

### Step 3: Verify

\`\`\`bash
whoami
\`\`\`
`;

/** Runs what the run stands at until it stands at a choice or at its end. */
function goOn(run: PaperRun): void {
  for (let turn = 0; turn < 20; turn++) {
    const at = here(run.state);
    if (at.kind === 'choice' || at.kind === 'end') return;
    if (at.kind === 'step-done') run.send({ type: 'next' });
    else if (at.part.kind === 'command') {
      run.send({ type: 'run', command: at.part.id, confirmation: { by: 'enter' } });
      run.finish({});
    }
  }
  throw new Error('it never comes to an end');
}

function atEnd() {
  const run = new PaperRun(procedureOf(runbook), { mode: 'drill', target: targetIn('sandbox') });
  const choice = choicesOf(run.state.started.procedure.items)[0]!;
  const [docker, railway] = choice.options;
  goOn(run);
  expect(here(run.state)).toMatchObject({ kind: 'choice' });
  run.send({ type: 'choose', choice: choice.id, option: docker!.id });
  goOn(run);
  expect(here(run.state).kind).toBe('end');
  return { run, choice, docker: docker!, railway: railway! };
}

function ran(run: PaperRun): readonly string[] {
  return run.events.flatMap((event) => (event.type === 'command-started' ? [event.text] : []));
}

test('another way can be taken to the last moment: the run goes on where it begins, and ends once more', () => {
  const { run, choice, docker, railway } = atEnd();
  expect(takenWays(run.state)).toMatchObject([{ option: docker.title }]);
  expect(ran(run)).toEqual(['pwd', 'date', 'whoami']);
  run.send({ type: 'choose', choice: choice.id, option: railway.id });
  expect(run.events.at(-1)).toMatchObject({ type: 'option-chosen', option: railway.id, instead: docker.id });
  expect(here(run.state).kind).not.toBe('end');
  goOn(run);
  expect(here(run.state).kind).toBe('end');
  // What was done before the choice and behind it is not done again; what was done on the way that was left stays.
  expect(ran(run)).toEqual(['pwd', 'date', 'whoami', 'uptime']);
  expect(Object.values(run.state.parts).filter(({ status }) => status === 'succeeded')).toHaveLength(4);
  expect(takenWays(run.state)).toMatchObject([{ option: railway.title }]);
});

test('the same way once more is no fact', () => {
  const { run, choice, docker } = atEnd();
  const before = run.events.length;
  expect(run.send({ type: 'choose', choice: choice.id, option: docker.id }).kind).toBe('accepted');
  expect(run.events).toHaveLength(before);
});
