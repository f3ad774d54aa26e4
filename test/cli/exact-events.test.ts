import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exactEvents } from '../../src/cli/exact-events.ts';
import { Facts } from '../../src/cli/facts.ts';
import { begunWith, copyOf } from '../../src/cli/runbook-file.ts';
import { Redaction } from '../../src/execution/redaction.ts';
import { createJournal } from '../../src/journal/journal.ts';
import type { RecordedEvent } from '../../src/run/state.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

const runbook =
  '# Clean up\n\n## 1. Remove\n\n```bash\nrm -rf data/postgres/*\n```\n\n## 2. Then\n\n```bash\ntrue\n```\n';
const sha256 = createHash('sha256').update(runbook).digest('hex');

let folder: string;
beforeAll(async () => {
  await loadSyntax();
  folder = await mkdtemp(join(tmpdir(), 'drillbook-exact-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function begun(run: string) {
  const redaction = new Redaction(['postgres']);
  const journal = await createJournal(join(folder, run), 'ana', Date.now, (text) => redaction.text(text));
  const [started] = new PaperRun(procedureOf(runbook), { target: targetIn('sandbox') }).events;
  const exact = {
    ...started!,
    runbook: { path: '/r.md', title: 'R', sha256, contacts: [] },
  } as RecordedEvent;
  const { seq, time, operator, prev, ...event } = exact;
  const first = await journal.append(event as never);
  return {
    journal,
    first,
    exact: { ...exact, seq, time, operator, prev },
    facts: new Facts(journal, [first], [exact]),
  };
}

function commandIn(state: { started: { procedure: unknown } }): string {
  return /rm -rf [^"]*/.exec(JSON.stringify(state.started.procedure))![0].replace(/\\n.*/, '');
}

describe('a secret that is also a word of the runbook', () => {
  test('is masked where it is shown and kept, and never where it is run', async () => {
    const { facts, journal } = await begun('one');
    expect(commandIn(facts.shown)).toBe('rm -rf data/[redacted]/*');
    expect(commandIn(facts.exact)).toBe('rm -rf data/postgres/*');
    await facts.append([{ type: 'command-edited', command: 'remove/1', text: 'rm -rf data/postgres/old' }]);
    expect(facts.shown.parts['remove/1']?.edited).toBe('rm -rf data/[redacted]/old');
    expect(facts.exact.parts['remove/1']?.edited).toBe('rm -rf data/postgres/old');
    expect(JSON.stringify(facts.events)).not.toContain('data/postgres');
    await journal.close();
  });

  test("comes back on a resume from the run's own copy of the runbook, by its hash", async () => {
    const { first, journal } = await begun('two');
    await journal.close();
    const copy = join(folder, 'two', 'runbook.md');
    await writeFile(copy, runbook);
    const [exact] = await exactEvents(join(folder, 'two'), [first]);
    expect(commandIn({ started: exact as never })).toBe('rm -rf data/postgres/*');
    await writeFile(copy, `${runbook}changed`);
    const [masked] = await exactEvents(join(folder, 'two'), [first]);
    expect(commandIn({ started: masked as never })).toBe('rm -rf data/[redacted]/*');
  });
});

describe('a secret that stands in the runbook', () => {
  const source = '# R\n\n```bash\nPGPASSWORD=hunter2xyz psql postgres://u:hunter9abc@db/x\n```\n';
  const sha256 = createHash('sha256').update(source).digest('hex');

  test('is masked in the copy, which has a hash of its own; a runbook without one is kept byte for byte', () => {
    const { bytes, maskedCopy } = copyOf({ source, bytes: Buffer.from(source) });
    expect(bytes.toString()).toBe(
      source.replace('hunter2xyz', '[redacted]').replace('hunter9abc', '[redacted]'),
    );
    expect(maskedCopy).toBe(createHash('sha256').update(bytes).digest('hex'));
    const latin1 = Buffer.from('# R\xe9sum\xe9', 'latin1');
    expect(copyOf({ source: latin1.toString('utf8'), bytes: latin1 })).toEqual({ bytes: latin1 });
  });

  test('comes from the runbook itself, as long as that is what the run began with', async () => {
    const path = join(folder, 'lying-there.md');
    const run = await mkdtemp(join(folder, 'run-'));
    await writeFile(path, source);
    await writeFile(join(run, 'runbook.md'), copyOf({ source, bytes: Buffer.from(source) }).bytes);
    expect((await begunWith(run, { path, sha256 }))?.toString()).toBe(source);
    await writeFile(path, `${source}changed`);
    expect(await begunWith(run, { path, sha256 })).toBeUndefined();
  });
});

test('a value that was masked is no value any more', async () => {
  const given = {
    type: 'input-given',
    name: 'X',
    value: 'a[redacted]b',
    secret: false,
    source: 'flag',
    seq: 2,
    time: '',
    operator: 'a',
    prev: '',
  } as RecordedEvent;
  const { first, journal } = await begun('three');
  await journal.close();
  const [, input] = await exactEvents(join(folder, 'three'), [first, given]);
  expect(input).toMatchObject({ secret: true });
  expect(input).not.toHaveProperty('value');
});
