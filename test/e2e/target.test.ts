import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, database, openDesk, type SandboxFacts, sql, type Terminal } from './desk.ts';
import { restored } from './restored.ts';

let desk: Desk;
let at: SandboxFacts;
let terminal: Terminal | undefined;

beforeAll(async () => {
  desk = await openDesk();
  at = await desk.sandbox();
  // The sandbox's server under other names: what an environment asks for can be seen without a danger to anybody.
  const target = (environment: string) => `  ${environment}:
    environment: ${environment}
    url: "${at.url}"
    store: ${at.store}
    application: ${at.application}
    health: ${at.application}/health/ready
`;
  const targets = ['local', 'staging', 'production'].map(target).join('');
  await writeFile(join(desk.folder, 'drillbook.yaml'), `targets:\n${targets}`);
  const runbook = (name: string, command: string) =>
    writeFile(join(desk.folder, name), `# Throw away\n\n## Restore\n\n\`\`\`bash\n${command}\n\`\`\`\n`);
  await runbook('drop.md', 'psql -X "$DATABASE_URL" -c "DROP TABLE precious"');
  await runbook('other.md', `psql -X "${database(at.url, 'bystander')}" -c "DROP TABLE precious"`);
});
afterAll(() => desk.close());

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

beforeEach(async () => {
  await sql(at.url, 'CREATE TABLE IF NOT EXISTS precious (id int)');
});

const precious = async () => (await sql(at.url, "SELECT to_regclass('precious') AS name"))[0]!.name !== null;
const drop = (environment: string, mode: string, ...more: string[]) =>
  desk.run(['run', 'drop.md', '--plain', '--target', environment, '--mode', mode, ...more]);

describe.each([
  ['local', 'drill'],
  ['staging', 'incident'],
] as const)('on %s, mode %s', (environment, mode) => {
  test('what destroys wants the name of the database, exactly', async () => {
    for (const given of [[], ['--yes'], ['--confirm', 'Members'], ['--confirm', 'RESTORE members']]) {
      const ended = await drop(environment, mode, ...given);
      expect(ended.code, ended.stderr).toBe(3);
      expect(ended.stderr).toContain('give --confirm "members". To go on: drillbook resume');
      expect(await precious()).toBe(true);
    }
    const confirmed = await drop(environment, mode, '--confirm', 'members');
    expect(confirmed.code, confirmed.stderr).toBe(0);
    expect(await precious()).toBe(false);
  });
});

describe('on production', () => {
  test('a drill changes nothing', async () => {
    const ended = await drop(
      'production',
      'drill',
      '--yes',
      '--confirm',
      'RESTORE members',
      '--confirm',
      'members',
    );
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toContain('a drill may only read on a production target');
    expect(await precious()).toBe(true);
  });

  test('a training does not even begin', async () => {
    const before = (await desk.run(['log', 'list', '--json'])).stdout;
    const ended = await drop('production', 'training', '--yes', '--confirm', 'RESTORE members');
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toContain('training runs on the sandbox only, and this target is production');
    expect(ended.stdout).toBe('');
    expect((await desk.run(['log', 'list', '--json'])).stdout).toBe(before);
  });

  test('nothing is destroyed without a safety backup, whatever is confirmed', async () => {
    const ended = await drop(
      'production',
      'incident',
      '--yes',
      '--confirm',
      'RESTORE members',
      '--confirm',
      'DESTROY precious',
    );
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toContain('this run has no safety backup yet');
    expect(await precious()).toBe(true);
  });

  test('at the screens the missing backup is overridden with a reason, and the phrase still typed', async () => {
    terminal = desk.terminal(100, 30, ['run', 'drop.md', '--mode', 'incident', '--target', 'production']);
    await terminal.see('▸ Begin the run');
    terminal.press('enter');
    await terminal.see(/asks for the typed phrase/);
    expect(terminal.screen()).toContain('PRODUCTION');
    terminal.press('enter');
    await terminal.see('no safety backup');
    terminal.type('!');
    await terminal.see('Overriding');
    terminal.type('the disk is dying');
    terminal.press('enter');
    const asked = await terminal.see('Type the phrase exactly');
    const phrase = /((?:RESTORE|DESTROY) \S+)/.exec(asked)![1]!;
    terminal.type(phrase.toLowerCase());
    terminal.press('enter');
    await terminal.see('not the phrase');
    expect(await precious()).toBe(true);
    terminal.press('ctrl+u');
    terminal.type(phrase);
    await terminal.see(`▸ ${phrase}`);
    terminal.press('enter');
    await terminal.see('Every step is done');
    expect(await precious()).toBe(false);
    const journal = await desk.journal((await desk.runs()).at(-1)!);
    expect(journal.find(({ type }) => type === 'guard-overridden')).toMatchObject({
      reason: 'the disk is dying',
    });
    terminal.press('ctrl+c');
    await terminal.see('Stop this run?');
    terminal.press('ctrl+c');
    expect((await terminal.exited()).code).toBe(130);
  });

  test('the whole restore, with everything that a person decides given beforehand', async () => {
    const ended = await desk.run([
      'run',
      desk.runbook,
      '--plain',
      ...['--target', 'production', '--mode', 'incident', '--yes', '--done', 'all'],
      ...['--option', 'Option A: Switch of the application (sandbox)', '--confirm', 'RESTORE members'],
    ]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('confirmed by flag "RESTORE members"');
    await restored(at);
  });
});

test('a command that goes to another database is pointed out at the screens', async () => {
  terminal = desk.terminal(100, 30, ['run', 'other.md', '--mode', 'incident', '--target', 'local']);
  await terminal.see('▸ Begin the run');
  terminal.press('enter');
  await terminal.see(/asks for the typed phrase/);
  terminal.press('enter');
  await terminal.see('Type the phrase exactly');
  await terminal.see(/connects to the database\s+bystander/);
  terminal.press('esc', 'ctrl+c');
  await terminal.see('Stop this run?');
  terminal.press('ctrl+c');
  expect((await terminal.exited()).code).toBe(130);
});

test('without a terminal, the name of the target does not open another database', async () => {
  const other = (...more: string[]) =>
    desk.run(['run', 'other.md', '--plain', '--target', 'local', '--mode', 'incident', '--yes', ...more]);
  const refused = await other('--confirm', 'members');
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(/give --confirm "precious"/);
  // With its own name it would run; there is no such database, so nothing can come of it here.
  const confirmed = await other('--confirm', 'precious');
  expect(confirmed.code).toBe(1);
  expect(confirmed.stdout).toMatch(/although psql connects to the database bystander, not to members/);
  expect(await precious()).toBe(true);
});
