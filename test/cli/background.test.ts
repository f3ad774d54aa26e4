import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunSession } from '../../src/cli/run-session.ts';
import { Surroundings } from '../../src/cli/surroundings.ts';
import { isAlive } from '../../src/execution/process-fate.ts';
import { createJournal } from '../../src/journal/journal.ts';
import type { RunState } from '../../src/run/state.ts';
import { started } from '../journal/events.ts';
import { procedureOf } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

let folder: string;
let session: RunSession;

beforeEach(async () => {
  await loadSyntax();
  folder = await mkdtemp(join(tmpdir(), 'drillbook-background-'));
  const surroundings = new Surroundings({
    url: undefined,
    base: {},
    cwd: folder,
    secrets: new Map(),
    release: async () => {},
  });
  const journal = await createJournal(folder, 'ana', Date.now, surroundings.mask);
  const procedure = procedureOf(
    '# R\n\n## Look\n\n### Step 1: Look\n\n```bash\nsleep 300 & sleep 301 &\n```\n',
  );
  const first = await journal.append(started({ mode: 'drill', procedure }));
  session = new RunSession(journal, [first], surroundings);
  await session.dispatch({ type: 'next' });
  const step = procedure.items[0]!;
  const command = step.kind === 'step' ? step.parts.find((part) => part.kind === 'command') : undefined;
  await session.dispatch({ type: 'run', command: command!.id, confirmation: { by: 'enter' } });
  await session.settled();
});

afterEach(async () => {
  for (const { pid, birth } of session.state().background)
    if (await isAlive(pid, birth)) process.kill(pid, 'SIGKILL');
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

function reached(holds: (state: RunState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds(session.state())) return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });
}

test('processes in the background are listed, stopped, waited for and left knowingly', async () => {
  const { background } = session.state();
  expect(background.map(({ command }) => command).sort()).toEqual(['sleep 300', 'sleep 301']);
  const [first, second] = background;
  expect((await session.dispatch({ type: 'finish', outcome: 'failed' })).kind).toBe('refused');

  await session.dispatch({ type: 'stop-background', pid: first!.pid });
  await reached((state) => state.background[0]!.settled === 'stopped');
  expect(await isAlive(first!.pid, first!.birth)).toBe(false);
  expect(await isAlive(second!.pid, second!.birth)).toBe(true);

  await session.dispatch({ type: 'leave-background', pid: second!.pid });
  expect((await session.dispatch({ type: 'finish', outcome: 'failed' })).kind).toBe('accepted');
  expect(await isAlive(second!.pid, second!.birth)).toBe(true);
});

test('a process that has ended by itself does not hold the end of the run up', async () => {
  for (const { pid } of session.state().background) process.kill(pid, 'SIGKILL');
  await reached((state) => state.background.every(({ settled }) => settled === 'ended'));
  expect((await session.dispatch({ type: 'finish', outcome: 'failed' })).kind).toBe('accepted');
});
