import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { beginRun } from '../../src/cli/begin.ts';
import { loadGrammars } from '../../src/cli/grammars.ts';
import { resumeRun } from '../../src/cli/resume-run.ts';
import type { RunSession } from '../../src/cli/run-session.ts';
import { readRunbook } from '../../src/cli/runbook-file.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { here } from '../../src/run/here.ts';
import { rereadable } from '../../src/run/reread.ts';
import { product } from '../support/product.ts';

const token = 'tok-3141592653';
let entry: string;
let folder: string;
let environment: Record<string, string>;
const open = new Set<RunSession>();

beforeAll(async () => {
  entry = await product();
  await loadGrammars();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-guesses-'));
  await mkdir(join(folder, 'bin'));
  // Writes down what it was given.
  await writeFile(join(folder, 'bin', 'kqueue'), `#!/bin/sh\necho "$@" >> '${folder}/said'\n`);
  await chmod(join(folder, 'bin', 'kqueue'), 0o755);
  environment = {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOME: folder,
    DRILLBOOK_HOME: join(folder, 'home'),
    DRILLBOOK_OPERATOR: 'ana',
    GIVEN: 'tok-2718281828',
  };
  await writeFile(
    join(folder, 'queue.md'),
    `# Queue\n\n## Look\n\n### Step 1: Look\n\n\`\`\`bash\necho "$API_TOKEN"\n\`\`\`\n\nThe queue:\n\n\`\`\`\nkqueue drain ${token}\n\`\`\`\n`,
  );
});
afterEach(async () => {
  for (const session of open) await session.close();
  open.clear();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command that waits, confirming what only wants Enter. */
async function runHere(session: RunSession): Promise<void> {
  const at = here(session.state());
  if (at.kind !== 'part') throw new Error(`nothing waits: ${at.kind}`);
  const intent = { type: 'run', command: at.part.id } as const;
  const asked = await session.dispatch(intent);
  if (asked.kind === 'guarded') await session.dispatch({ ...intent, confirmation: { by: 'enter' } });
  await session.settled();
}

test('a block that was read the other way is so after a resume too, and runs as it is written', async () => {
  const settings = await readSettings(environment, folder);
  const file = await readRunbook(join(folder, 'queue.md'));
  const first = await beginRun(
    {
      file,
      procedure: file.runbook.procedures[0]!,
      mode: 'incident',
      held: undefined,
      // What is a secret is masked wherever it stands, in the procedure of the journal too.
      inputs: [{ name: 'API_TOKEN', value: token, secret: true, source: 'operator' }],
    },
    settings,
    environment,
  );
  open.add(first);
  await runHere(first);
  const [guess] = rereadable(first.state());
  expect(await first.dispatch({ type: 'reread', block: guess!.block, role: 'commands' })).toMatchObject({
    kind: 'accepted',
  });
  await first.close();
  const { run } = first.state().started;
  expect(await readFile(join(first.folder, 'journal.jsonl'), 'utf8')).not.toContain(token);

  const { session } = await resumeRun(run, settings, environment, () => {});
  open.add(session);
  expect(session.state().rereads).toEqual({ [guess!.block]: 'commands' });
  const at = here(session.state());
  expect(at.kind === 'part' && at.part.text).toMatch(/^kqueue drain \S+$/);
  expect(at.kind === 'part' && at.part.text).not.toContain(token);
  await runHere(session);
  expect(await readFile(join(folder, 'said'), 'utf8')).toBe(`drain ${token}\n`);
});

function drillbook(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [entry, ...args], { cwd: folder, env: environment }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    ),
  );
}

const unattended = [
  'run',
  'queue.md',
  '--mode',
  'incident',
  '--plain',
  '--yes',
  '--input',
  'API_TOKEN=env:GIVEN',
];

test('without a terminal a flag reads it so; without the flag it is said', async () => {
  const as = await drillbook(...unattended);
  expect(as.code, as.err).toBe(0);
  expect(as.err).toMatch(/^line 13 is read as sample, a guess \(.+\): --reread 13 reads it as commands$/m);
  expect(as.out).not.toContain('kqueue');

  const otherwise = await drillbook(...unattended, '--reread', '13');
  expect(otherwise.code, otherwise.err).toBe(0);
  expect(otherwise.out).toContain('line 13 is read as commands now, not as sample');
  expect(otherwise.out).toContain(`$ kqueue drain ${token}`);
  expect(await readFile(join(folder, 'said'), 'utf8')).toBe(`drain ${token}\n`);
  // The entry is made anew from the journal, by a program that has read no runbook.
  const { out } = await drillbook('log', 'list', '--json');
  const { runs } = JSON.parse(out) as { runs: readonly { id: string; startedAt: string }[] };
  const id = runs.toSorted((x, y) => x.startedAt.localeCompare(y.startedAt)).at(-1)!.id;
  const entryText = await drillbook('log', 'draft', id);
  expect(entryText.code, entryText.err).toBe(0);
  expect(entryText.out).toContain('the block at line 13 as commands instead of sample');
});

test('a run that is taken up again may read it so as well', async () => {
  await writeFile(
    join(folder, 'queue.md'),
    '# Queue\n\n## Look\n\n### Step 1: Look\n\n```bash\necho "$API_TOKEN"\n```\n\nThe queue:\n\n```\nkqueue drain <queue>\n```\n',
  );
  const stopped = await drillbook('run', 'queue.md', '--mode', 'incident', '--plain');
  expect(stopped.code, stopped.err).toBe(3);
  const resume = ['resume', '--plain', '--yes', '--input', 'API_TOKEN=env:GIVEN', '--input', 'queue=mails'];
  const wrong = await drillbook(...resume, '--reread', '7');
  expect(wrong.code, wrong.out).toBe(2);
  expect(wrong.err).toContain('they begin at 13');
  const resumed = await drillbook(...resume, '--reread', '13');
  expect(resumed.code, resumed.err).toBe(0);
  expect(resumed.out).toContain('$ kqueue drain mails');
});

test('a line at which nothing was guessed is refused, before anything begins', async () => {
  const wrong = await drillbook(...unattended, '--reread', '7');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('no block that was read by guess begins at line 7; they begin at 13');
  expect((await drillbook(...unattended, '--reread', 'all')).err).toContain('wants the number of a line');
});
