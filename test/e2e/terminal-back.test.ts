import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { product } from '../support/product.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { events, lives, until } from './desk.ts';

let folder: string;
let at: Terminal | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-given-back-'));
  await writeFile(
    join(folder, 'wait.md'),
    '# Wait\n\n## Wait\n\n### Step 1: Wait\n\n```bash\nsleep 1000\n```\n\n## Ask\n\n### Step 1: Ask\n\n```bash\n{ stty -echo -opost; printf "\\033[?25l"; echo as\'\'ked; read -r x; }\n```\n',
  );
  // A target of one's own: no sandbox is warmed up.
  await writeFile(
    join(folder, 'drillbook.yaml'),
    'targets:\n  nowhere:\n    environment: local\n    url: postgresql:///nowhere\n',
  );
  // A fault of ours, in the very moment that the test asks for it.
  await writeFile(
    join(folder, 'fault.mjs'),
    "process.on('SIGUSR2', () => setImmediate(() => { throw new Error('nobody caught it'); }));\n",
  );
});
afterEach(async () => {
  await at?.close();
  at = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A shell around the product compares the modes of the terminal, as the person's own shell would find them. */
async function sit(procedure = 'wait'): Promise<Terminal> {
  const script =
    'before=$(stty -a); "$0" "$@"; code=$?; [ "$before" = "$(stty -a)" ] && echo "SAME $code" || { echo "CHANGED $code"; stty -a; }';
  at = openTerminal({
    columns: 100,
    rows: 30,
    command: 'bash',
    args: [
      '-c',
      script,
      process.execPath,
      '--import',
      join(folder, 'fault.mjs'),
      await product(),
      'run',
      `${join(folder, 'wait.md')}#${procedure}`,
      '--mode',
      'incident',
    ],
    cwd: folder,
    env: { HOME: folder, DRILLBOOK_HOME: join(folder, 'home'), DRILLBOOK_OPERATOR: 'test' },
    patience: 25_000,
  });
  await at.see('Against which target?');
  at.press('down');
  await at.see('▸ nowhere');
  at.press('down');
  await at.see('▸ no target');
  at.press('enter');
  await at.see('▸ Begin the run');
  at.press('enter');
  await at.see('⏎ run');
  return at;
}

function drillbook(): number {
  return Number(execFileSync('pgrep', ['-P', String(at!.pid)], { encoding: 'utf8' }).trim());
}

/** What the shell says after the product, and that the cursor is there. */
async function givenBack(): Promise<string> {
  await at!.exited();
  const said = at!.scrollback();
  expect(said).not.toContain('CHANGED');
  expect(at!.cursorVisible()).toBe(true);
  return /SAME \d+/.exec(said)?.[0] ?? said;
}

const ways: readonly (readonly [string, () => void, string])[] = [
  ['q', () => at!.type('q'), 'SAME 0'],
  ['SIGINT', () => process.kill(drillbook(), 'SIGINT'), 'SAME 130'],
  ['SIGTERM', () => process.kill(drillbook(), 'SIGTERM'), 'SAME 130'],
  ['SIGHUP', () => process.kill(drillbook(), 'SIGHUP'), 'SAME 130'],
  ['an error that nobody caught', () => process.kill(drillbook(), 'SIGUSR2'), 'SAME 1'],
];

test.each(ways)('between two commands: %s', async (_, end, wanted) => {
  await sit();
  end();
  expect(await givenBack()).toBe(wanted);
});

test('between two commands: Ctrl+C, twice', async () => {
  await sit();
  at!.press('ctrl+c');
  await at!.see('Stop this run?');
  at!.press('ctrl+c');
  expect(await givenBack()).toBe('SAME 130');
});

test.each(ways.slice(1))('while a command runs: %s', async (_, end, wanted) => {
  await sit();
  at!.press('enter');
  await at!.see(/running .*pid \d+/);
  end();
  expect(await givenBack()).toBe(wanted);
});

/** The shell of the command that was started last. */
async function spawned(): Promise<number> {
  const runs = join(folder, 'home', 'state', 'runs');
  const [run] = await readdir(runs);
  const journal = events(await readFile(join(runs, run!, 'journal.jsonl'), 'utf8'));
  return journal.findLast(({ type }) => type === 'command-spawned')!.pid;
}

test.each(ways.slice(1))(
  'while a command has the terminal and has changed it, and nothing of it is left: %s',
  async (_, end, wanted) => {
    await sit('ask');
    at!.press('enter');
    await at!.see('Run this?');
    at!.press('enter');
    await at!.see('asked');
    const command = await spawned();
    end();
    expect(await givenBack()).toBe(wanted);
    // Its own terminal is gone: the system tells it so, whether or not somebody else could.
    await until('the command has ended', async () => !(await lives(command)));
  },
);
