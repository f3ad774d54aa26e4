import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fold } from '../../src/run/fold.ts';
import { here } from '../../src/run/here.ts';
import type { Intent } from '../../src/run/intent.ts';
import type { Environment } from '../../src/run/target.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const runbook = `# Restore

## 1. Pre-checks

- [ ] The team knows

\`\`\`bash
psql "postgresql://db.internal:5432/members" -c "SELECT 1"
\`\`\`

## 2. Safety backup

\`\`\`bash
pg_dump -Fc -f a.dump "postgresql://db.internal:5432/members"
pg_restore -f /dev/null a.dump
\`\`\`

## 3. Maintenance mode on

### Option A: Render

\`\`\`bash
echo render
\`\`\`

### Option B: Docker

\`\`\`bash
echo docker
\`\`\`

## 4. Restore

\`\`\`bash
dropdb -h db.internal members
\`\`\`
`;

const words = ['members', 'RESTORE members', 'DESTROY members', 'because', ''];

/** What somebody might press, sense or nonsense, with what the world answers in between. */
const press = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('on' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      phrase: fc.constantFrom(undefined, ...words),
      by: fc.constantFrom('none', 'enter', 'phrase', 'override'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('finish' as const), well: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('settle-part' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('intent' as const),
      intent: fc.constantFrom<Intent>(
        { type: 'next' },
        { type: 'interrupt' },
        { type: 'open-shell' },
        { type: 'skip-step', reason: 'x' },
        { type: 'note', text: 'n' },
        { type: 'stop', reason: 'r' },
        { type: 'finish', outcome: 'passed' },
        { type: 'accept-runbook', reason: 'r' },
        { type: 'accept-identity', reason: 'r' },
        { type: 'settle', as: 'succeeded', note: 'n' },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

/** The sensible thing, as a calm person does it. */
function goOn(run: PaperRun): void {
  const at = here(run.state);
  if (run.state.running) run.finish();
  else if (run.state.interrupted) run.send({ type: 'settle', as: 'failed', note: 'looked' });
  else if (run.state.status === 'stopped')
    run.record({ type: 'run-resumed', host: 'h', version: '0', tornBytes: 0 });
  else if (at.kind === 'choice')
    run.send({ type: 'choose', choice: at.choice.id, option: at.choice.options[0]!.id });
  else if (at.kind === 'step-done') run.send({ type: 'next' });
  else if (at.kind === 'part' && at.part.kind === 'check')
    run.send({ type: 'check', part: at.part.id, answer: 'ticked' });
  else if (at.kind === 'part') {
    const asked = run.send({ type: 'run', command: at.part.id });
    if (asked.kind !== 'guarded') return;
    const { guard } = asked;
    run.send({
      type: 'run',
      command: at.part.id,
      confirmation: guard.kind === 'phrase' ? { by: 'phrase', phrase: guard.phrase } : { by: 'enter' },
    });
  }
}

function play(run: PaperRun, step: typeof press extends fc.Arbitrary<infer T> ? T : never): void {
  const at = here(run.state);
  switch (step.do) {
    case 'on':
      goOn(run);
      return;
    case 'run': {
      const command = at.kind === 'part' ? at.part.id : 'nothing';
      const phrase = step.phrase ?? '';
      const confirmation =
        step.by === 'enter'
          ? { by: 'enter' as const }
          : step.by === 'phrase'
            ? { by: 'phrase' as const, phrase }
            : step.by === 'override'
              ? { by: 'override' as const, reason: 'x', phrase }
              : undefined;
      run.send({ type: 'run', command, ...(confirmation ? { confirmation } : {}) });
      return;
    }
    case 'finish':
      if (run.state.running) run.finish({ verdict: step.well ? 'succeeded' : 'failed' });
      return;
    case 'settle-part':
      if (at.kind === 'choice')
        run.send({ type: 'choose', choice: at.choice.id, option: at.choice.options[0]!.id });
      else if (at.kind === 'part' && at.part.kind === 'check')
        run.send({ type: 'check', part: at.part.id, answer: 'ticked' });
      else if (at.kind === 'part') run.send({ type: 'skip-part', part: at.part.id, reason: 'x' });
      return;
    case 'intent':
      run.send(step.intent);
      return;
    case 'crash': {
      const { running } = run.state;
      if (run.state.status === 'finished') return;
      run.record({ type: 'run-resumed', host: 'h', version: '0', tornBytes: 0 });
      if (running)
        run.record({
          type: 'command-interrupted',
          command: running.command,
          attempt: running.attempt,
          alive: false,
        });
    }
  }
}

test.each(['sandbox', 'local', 'staging', 'production'] as const)(
  'whatever is pressed on %s, the state is its events, and nothing destroys unconfirmed',
  (environment: Environment) => {
    const procedure = procedureOf(runbook);
    let destroyed = 0;
    fc.assert(
      fc.property(fc.array(press, { maxLength: 120, size: 'max' }), (steps) => {
        const run = new PaperRun(procedure, { mode: 'incident', target: targetIn(environment) });
        run.send({ type: 'next' });
        for (const step of steps) play(run, step);

        expect(run.state).toEqual(fold(run.events));
        for (const [index, event] of run.events.entries()) {
          if (event.type !== 'command-started' || event.effect !== 'destroys') continue;
          destroyed++;
          const before = run.events[index - 1];
          expect(before).toMatchObject({
            type: 'guard-confirmed',
            command: event.command,
            effect: 'destroys',
          });
          if (environment === 'sandbox' || before?.type !== 'guard-confirmed') continue;
          expect(before.phrase).toBe(environment === 'production' ? 'RESTORE members' : 'members');
          const asked = run.events.slice(0, index).findLastIndex(({ type }) => type === 'identity-read');
          const between = run.events.slice(asked + 1, index).map(({ type }) => type);
          expect(between.filter((type) => type !== 'guard-overridden')).toEqual(['guard-confirmed']);
        }
        const running = run.events.reduce(
          (open, { type }) =>
            open +
            (type === 'command-started'
              ? 1
              : type === 'command-finished' || type === 'command-interrupted'
                ? -1
                : 0),
          0,
        );
        expect(running).toBe(run.state.running ? 1 : 0);
      }),
      { numRuns: 300 },
    );
    // Else the test would say nothing.
    expect(destroyed).toBeGreaterThan(0);
  },
);
