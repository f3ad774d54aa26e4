import { beforeAll, expect, test } from 'vitest';
import { PaperRun, procedureOf } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const runbook = '# R\n\n## Look\n\n### Step 1: Look\n\n```bash\nsleep 300 &\n```\n';

/** A run whose one command has ended and left two processes behind. */
function withBackground(): PaperRun {
  const run = new PaperRun(procedureOf(runbook), { mode: 'drill', target: null });
  run.send({ type: 'next' });
  const [step] = run.state.started.procedure.items;
  const command = step?.kind === 'step' && step.parts.find((part) => part.kind === 'command');
  if (!command) throw new Error('no command');
  const decision = run.send({ type: 'run', command: command.id, confirmation: { by: 'enter' } });
  expect(decision.kind).toBe('accepted');
  return run.finish({
    background: [
      { pid: 11, birth: 'b', command: 'sleep 300' },
      { pid: 12, command: 'port-forward' },
    ],
  });
}

test('what a command leaves running is a thing of the run', () => {
  const run = withBackground();
  expect(run.state.background).toEqual([
    { pid: 11, birth: 'b', command: 'sleep 300', by: expect.any(String), since: run.state.time },
    { pid: 12, command: 'port-forward', by: expect.any(String), since: run.state.time },
  ]);
});

test.each(['passed', 'failed', 'abandoned'] as const)(
  'a run does not finish as %s while something runs unknowingly',
  (outcome) => {
    const run = withBackground();
    const refusal = run.send({ type: 'finish', outcome });
    expect(refusal).toMatchObject({ kind: 'refused', needsPerson: true });
    expect(refusal.kind === 'refused' && refusal.reason).toContain('port-forward (pid 12)');

    run.send({ type: 'leave-background', pid: 12, note: 'needed until Monday' });
    expect(run.send({ type: 'finish', outcome }).kind).toBe('refused');
    run.record({ type: 'background-settled', pid: 11, as: 'ended' });
    expect(run.send({ type: 'finish', outcome }).kind).toBe('accepted');
    expect(run.state.background.map(({ settled }) => settled)).toEqual(['ended', 'left']);
  },
);

test('a stop climbs from SIGTERM to SIGKILL', () => {
  const run = withBackground();
  const signals = [1, 2, 3].map(() => run.send({ type: 'stop-background', pid: 11 }));
  expect(signals.map((decision) => decision.kind === 'accepted' && decision.action)).toMatchObject([
    { kind: 'stop-background', signal: 'SIGTERM', process: { pid: 11, birth: 'b' } },
    { signal: 'SIGKILL' },
    { signal: 'SIGKILL' },
  ]);
});

test('only what runs in the background can be settled', () => {
  const run = withBackground();
  run.send({ type: 'leave-background', pid: 11 });
  for (const type of ['stop-background', 'leave-background'] as const)
    for (const pid of [11, 99]) expect(run.send({ type, pid }).kind).toBe('refused');
});
