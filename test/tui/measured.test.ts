import { beforeAll, expect, test } from 'vitest';
import { detailOf } from '../../src/tui/detail.ts';
import { questionOf } from '../../src/tui/question.ts';
import { Readings } from '../../src/tui/readings.ts';
import { runHandlers, type Ways } from '../../src/tui/run-handlers.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const runbook = `# Bring it back

## 1. Restore

\`\`\`bash
pg_restore -d members a.dump
\`\`\`

**Success criteria**:

- Restore completes in < 1 minute
- Application can connect and query data

## 2. Follow-up

- [ ] Tell the team
`;

function atCriterion(durationMs: number) {
  const run = new PaperRun(procedureOf(runbook), { mode: 'drill', target: targetIn('sandbox') });
  run.send({ type: 'next' });
  run.send({ type: 'run', command: 'restore/1' });
  run.finish({ durationMs });
  return run;
}

function press(run: PaperRun, action: 'measured' | 'holds'): void {
  const ways: Ways = {
    send: async (intent) => void run.send(intent),
    ask: () => {},
    show: () => {},
    finish: () => {},
    quit: () => {},
  };
  void runHandlers(run.state, new Readings(), ways)[action]?.();
}

function shown(run: PaperRun): string {
  const { core, tail } = detailOf(run.state, new Readings(), 60);
  return [...core, ...tail].map((line) => line.map((part) => part.text).join('')).join('\n');
}

test.each([
  [12_300, 'met', /measured: 12\.3 s, so it is met/],
  [90_000, 'missed', /measured: 90\.0 s, so it is missed/],
] as const)('what the run can measure is measured: %i ms is %s', (durationMs, verdict, words) => {
  const run = atCriterion(durationMs);
  expect(questionOf(run.state).context).toBe('measured');
  expect(shown(run)).toMatch(words);
  press(run, 'measured');
  expect(run.events.at(-1)).toMatchObject({ type: 'criterion-judged', verdict, by: 'measured' });
});

test('what it cannot measure is asked', () => {
  const run = atCriterion(1000);
  press(run, 'measured');
  expect(questionOf(run.state).context).toBe('criterion');
  expect(shown(run)).toMatch(/Look, then say whether it holds/);
  press(run, 'holds');
  expect(run.events.at(-1)).toMatchObject({ type: 'criterion-judged', verdict: 'met', by: 'asked' });
});
