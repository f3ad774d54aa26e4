import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, type Ended, events, openDesk } from './desk.ts';

const execute = promisify(execFile);

let desk: Desk;
const at = (name: string) => join(desk.folder, name);

beforeAll(async () => {
  desk = await openDesk();
  await mkdir(at('folder.md'));
  await writeFile(at('binary.md'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0xff, 0xfe]));
  await writeFile(at('empty.md'), '');
  await writeFile(at('blank.md'), ' \n\n\t\n');
  await writeFile(at('words.md'), '# Only words\n\nNothing is to be done.\n');
  await writeFile(
    at('values.md'),
    '# Values\n\n## Greet\n\n```bash\necho "$NOBODY_SET_THIS on <host>"\n```\n',
  );
  await writeFile(at('fine.md'), '# Fine\n\n## Look\n\n```bash\necho fine\n```\n');
});
afterAll(() => desk.close());

/** One clear sentence, and no trace of a stack. */
function said({ stdout, stderr }: Ended, sentence: RegExp): void {
  expect(stderr).toMatch(sentence);
  expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+|this should not have happened|node:internal/m);
}

const run = (file: string, ...more: string[]) => ['run', file, '--plain', '--mode', 'drill', ...more];

test.each<readonly [string, readonly string[], number, RegExp]>([
  ['a missing file', run('missing.md'), 2, /^drillbook: there is no file missing\.md$/m],
  ['a directory', run('folder.md'), 2, /^drillbook: folder\.md is a folder: name a Markdown file/m],
  ['a binary file', run('binary.md'), 2, /^drillbook: binary\.md is a binary file/m],
  ['an empty document', run('empty.md'), 2, /^drillbook: empty\.md is empty/m],
  ['a document of blanks', run('blank.md'), 2, /^drillbook: blank\.md is empty/m],
  ['a document without commands', run('words.md'), 2, /^drillbook: words\.md has no steps or commands/m],
  [
    'an unknown target',
    run('fine.md', '--target', 'nowhere'),
    2,
    /^drillbook: there is no target nowhere\. Known: sandbox/m,
  ],
  ['an unknown procedure', run('fine.md#other'), 2, /^drillbook: fine\.md has no procedure "other"/m],
  ['an unknown mode', ['run', 'fine.md', '--plain', '--mode', 'fun'], 2, /^drillbook: there is no mode fun/m],
  ['an unknown command', ['frobnicate'], 2, /^drillbook: there is no command frobnicate/m],
  ['an unknown option', ['run', 'fine.md', '--frobnicate'], 2, /^drillbook: unknown option '--frobnicate'/m],
  [
    'a value that nobody asks for',
    run('fine.md', '--input', 'X=1'),
    2,
    /^drillbook: the procedure does not ask for X/m,
  ],
  ['a run that is not there', ['resume', 'nothing', '--plain'], 2, /^drillbook: there is no run nothing/m],
  ['nothing to resume', ['resume', '--plain'], 2, /^drillbook: there is no unfinished run/m],
  ['no terminal for the screens', [], 2, /^drillbook: there is no terminal here/m],
])('%s', async (_, args, code, sentence) => {
  const ended = await desk.run(args);
  expect(ended.code, ended.stderr).toBe(code);
  said(ended, sentence);
  expect(await desk.runs()).toEqual([]);
});

test('values that nobody gave need a person, and are named', async () => {
  const ended = await desk.run(run('values.md', '--target', 'sandbox'));
  expect(ended.code, ended.stderr).toBe(3);
  said(ended, /the command needs a value for .*NOBODY_SET_THIS/);
  const [id] = await desk.runs();
  expect((await desk.journal(id!)).at(-1)!.type).toBe('run-stopped');
  const given = await desk.run(
    run('values.md', '--target', 'sandbox', '--input', 'NOBODY_SET_THIS=hello', '--input', 'host=here'),
  );
  expect(given.code, given.stderr).toBe(0);
  expect(given.stdout).toContain('hello on here');
});

test('a project file with a fault is named with its place', async () => {
  const folder = at('project');
  await mkdir(folder);
  await writeFile(join(folder, 'drillbook.yaml'), 'targets:\n  live:\n    environment: moon\n');
  const ended = await desk.run(run('../fine.md'), { cwd: folder });
  expect(ended.code).toBe(1);
  said(ended, /drillbook\.yaml:\d+:\d+: targets\.live/);
});

test('preferences that cannot be used are told at a terminal, where the screens have gone again', async () => {
  await mkdir(at('torn/config'), { recursive: true });
  await writeFile(at('torn/config/preferences.json'), '{"targets":');
  const terminal = desk.terminal(100, 30, [], { DRILLBOOK_HOME: at('torn') });
  expect((await terminal.exited()).code).toBe(1);
  const screen = await terminal.see('move it away');
  expect(screen).toMatch(/^drillbook: the preferences in/m);
  expect(screen).not.toContain('Reading');
  await terminal.close();
});

test('a state folder that may not be written to', async () => {
  const home = at('locked');
  await mkdir(home);
  await chmod(home, 0o555);
  // Root may write everywhere: there somebody else tries.
  const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const ended = await desk.run(run('fine.md'), { env: { DRILLBOOK_HOME: home }, ...as });
  expect(ended.code, ended.stdout).toBe(1);
  said(ended, /^drillbook: .*locked.*(permission denied|no right to it)/m);
});

test('a file that is there is not written over unasked, and a new one is', async () => {
  await writeFile(at('kept.txt'), 'kept');
  await writeFile(at('over.md'), '# Over\n\n## Write\n\n```bash\necho new > kept.txt\n```\n');
  const over = ['run', 'over.md', '--plain', '--yes', '--mode', 'incident'];
  const ended = await desk.run(over);
  expect(ended.code, ended.stdout).toBe(3);
  said(
    ended,
    /a person must confirm: overwrites kept\.txt, which exists[\s\S]*--confirm "DESTROY kept\.txt"/,
  );
  expect(await readFile(at('kept.txt'), 'utf8')).toBe('kept');

  const terminal = desk.terminal(60, 20, ['resume']);
  await terminal.see('Resuming a run');
  terminal.press('enter');
  await terminal.see('overwrites kept.txt, which exists');
  await terminal.see('asks for the typed phrase DESTROY kept.txt');
  await rm(at('kept.txt'));
  terminal.press('enter');
  await terminal.see('Run this? Enter runs it');
  terminal.press('enter');
  await terminal.see('Every step is done');
  expect(await readFile(at('kept.txt'), 'utf8')).toBe('new\n');
});

test('a window of 20×5 says what it needs, and a larger one brings the screens back', async () => {
  const terminal = desk.terminal(20, 5, ['run', at('fine.md'), '--mode', 'preview']);
  await terminal.see('needs 60×');
  terminal.resize(80, 24);
  await terminal.see('target?');
  terminal.press('ctrl+c');
  expect((await terminal.exited()).code).toBe(130);
  expect(terminal.cursorVisible()).toBe(true);
});

test('a full disk: the command runs on, what could not be written is said, and the run goes on once there is room', async (context) => {
  const disk = at('disk');
  await mkdir(disk);
  const mounted = await execute('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).catch(
    () => undefined,
  );
  if (!mounted) context.skip('only root may mount a small disk');
  try {
    const home = join(disk, 'home');
    await writeFile(
      at('flood.md'),
      '# Flood\n\n## Flood\n\n```bash\nhead -c 8000000 /dev/zero | tr "\\0" x\necho behind\n```\n',
    );
    const ended = await desk.run(['run', 'flood.md', '--plain', '--yes', '--mode', 'incident'], {
      env: { DRILLBOOK_HOME: home },
    });
    expect(ended.code).toBe(1);
    said(ended, /^drillbook: .* could not be written: the disk is full\./m);
    expect(ended.stdout).toContain('The output could not be recorded');
    expect(ended.stdout).toContain('succeeded (exit 0');
    const [id] = await readdir(join(home, 'state', 'runs'));
    const journal = async () =>
      events(await readFile(join(home, 'state', 'runs', id!, 'journal.jsonl'), 'utf8'));
    // Of a command that begins now nobody could write down the end, if the disk kept no room for that.
    const begun = (await journal()).filter(({ type }) => type === 'command-started').length;
    expect(ended.stdout.includes('behind')).toBe(begun === 2);
    expect((await journal()).filter(({ type }) => type === 'command-finished')).toHaveLength(begun);

    await execute('mount', ['-o', 'remount,size=64m', disk]);
    if (begun === 1) {
      const again = await desk.run(['resume', '--plain', '--yes'], { env: { DRILLBOOK_HOME: home } });
      expect(again.code, again.stderr).toBe(0);
      expect(again.stdout).toContain('\n  behind\n');
    }
    expect((await journal()).at(-1)).toMatchObject({ type: 'run-finished', outcome: 'passed' });
    expect((await desk.run(['log', 'verify', id!], { env: { DRILLBOOK_HOME: home } })).code).toBe(0);
  } finally {
    await execute('umount', [disk]);
  }
});
