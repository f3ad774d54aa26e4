import { beforeAll, expect, test } from 'vitest';
import { Readings } from '../../src/tui/readings.ts';
import { runHandlers, type Ways } from '../../src/tui/run-handlers.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const ways: Ways = { send: async () => {}, ask: () => {}, show: () => {}, finish: () => {}, quit: () => {} };

test('there is a key for background processes while one of them wants a word', () => {
  const run = new PaperRun(
    procedureOf('# R\n\n## 1. Go\n\n```bash\nsleep 300 &\n```\n\n## 2. On\n\n```bash\ntrue\n```\n'),
    {
      mode: 'drill',
      target: targetIn('sandbox'),
    },
  );
  run.send({ type: 'next' });
  const key = () => runHandlers(run.state, new Readings(), ways).background;
  expect(key()).toBeUndefined();
  run.send({ type: 'run', command: 'go/1' });
  run.finish({ background: [{ pid: 4121, command: 'sleep 300' }] });
  expect(key()).toBeTypeOf('function');
  expect(run.send({ type: 'finish', outcome: 'failed' })).toMatchObject({ kind: 'refused' });
  run.send({ type: 'leave-background', pid: 4121 });
  expect(key()).toBeUndefined();
  expect(run.send({ type: 'finish', outcome: 'failed' })).toMatchObject({ kind: 'accepted' });
});
