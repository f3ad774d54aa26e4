import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Desk, databases, openDesk, type SandboxFacts, sql } from './desk.ts';

let desk: Desk;
afterEach(() => desk.close());

/** What a person sees before each Enter, from Home to the entry: a text of the screen, and what Enter does. */
const way: readonly (readonly [see: string, enter: string])[] = [
  ['▸ Drill a restore on the sandbox', 'open'],
  ['▸ Drill', 'choose'],
  ['▸ sandbox', 'choose'],
  ['▸ Begin the run', 'accept'],
  ['▶ ☐ The incident is declared', 'tick'],
  ['▶ ☐ Everybody who uses', 'tick'],
  ['command 1 of 4 · Which server', 'run'],
  ['command 2 of 4 · Client tools', 'run'],
  ['command 3 of 4 · The restored database', 'run'],
  ['command 4 of 4 · What does', 'run'],
  ['Next: 2 Pre-checks', 'next step'],
  ['command 1 of 3 · Newest first', 'run'],
  ['command 2 of 3 · Are its bytes', 'run'],
  ['command 3 of 3 · Read the archive', 'run'],
  ['Next: 3 Safety backup', 'next step'],
  ['command 1 of 3 · The name', 'run'],
  ['command 2 of 3 · Dump under', 'run'],
  ['command 3 of 3 · It counts', 'run'],
  ['Next: 4 Maintenance mode on', 'next step'],
  ['▸ Option A: Switch of the application', 'choose'],
  ['command 1 of 2 · The application stops', 'run'],
  ['command 2 of 2 · Seen from outside', 'run'],
  ['Next: 5 Close the live database', 'next step'],
  ['command 1 of 3 · No new connections', 'run'],
  ['command 2 of 3 · End those', 'run'],
  ['Run this? Enter runs it', 'confirm'],
  ['command 3 of 3 · Nobody left', 'run'],
  ['Next: 6 Restore into', 'next step'],
  ['command 1 of 4 · Remove what', 'run'],
  ['Run this? Enter runs it', 'confirm'],
  ['command 2 of 4 · An empty database', 'run'],
  ['command 3 of 4 · Restore, and stop', 'run'],
  ['command 4 of 4 · Statistics', 'run'],
  ['Next: 7 Verify', 'next step'],
  ['command 1 of 3 · Against the manifest', 'run'],
  ['command 2 of 3 · The triggers', 'run'],
  ['command 3 of 3 · Tables by size', 'run'],
  ['Must hold: Record counts match', 'holds'],
  ['Must hold: Restore completes', 'holds'],
  ['Next: 8 Restore: swap', 'next step'],
  ['command 1 of 4 · Owner, settings', 'run'],
  ['command 2 of 4 · The name', 'run'],
  ['command 3 of 4 · Both names', 'run'],
  ['Run this? Enter runs it', 'confirm'],
  ['command 4 of 4 · The live name', 'run'],
  ['Next: 9 Maintenance mode off', 'next step'],
  ['▸ Option A: Switch of the application', 'choose'],
  ['The application serves again', 'run'],
  ['Next: 10 Health check', 'next step'],
  ['Ready again: 200', 'run'],
  ['▶ ☐ A person has used', 'tick'],
  ['Next: 11 Follow-up', 'next step'],
  ['▶ ☐ The team and the users', 'tick'],
  ['▶ ☐ The error logs', 'tick'],
  ['▶ ☐ The day on which', 'tick'],
  ['▶ ☐ The incident entry', 'tick'],
  ['Every step is done', 'finish'],
  ['Proposed: passed', 'choose'],
  ['(1 of 2)', 'done'],
  ['(2 of 2)', 'done'],
  ['Entry written', 'back'],
];

/** What the sandbox planted after its backup, and what the backup holds. */
async function members(url: string): Promise<{ readonly all: number; readonly late: number }> {
  const [row] = await sql(
    url,
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE email LIKE '%@after-backup.example')::int AS late FROM members`,
  );
  return row as { all: number; late: number };
}

async function membersOfBackup({ store }: SandboxFacts): Promise<number> {
  const manifest = (await readdir(store)).find((name) => name.endsWith('.manifest.json'))!;
  const { contents } = JSON.parse(await readFile(join(store, manifest), 'utf8'));
  return contents.tables.find((table: { name: string }) => table.name === 'members').rows;
}

const ready = async ({ application }: SandboxFacts) => (await fetch(`${application}/health/ready`)).status;

/** The private modes that a program has switched and not switched back. */
function modesLeft(raw: string): readonly string[] {
  const now = new Map<string, boolean>();
  for (const [, modes, set] of raw.matchAll(/\u001B\[\?([\d;]+)([hl])/g))
    for (const mode of modes!.split(';')) now.set(mode, set === 'h');
  // The cursor (25) and what stands at the edge of a line (7) are on from the beginning.
  return [...now].filter(([mode, on]) => on !== (mode === '25' || mode === '7')).map(([mode]) => mode);
}

/** What must be true of the database after a restore, whoever ran it. */
async function restored(at: SandboxFacts): Promise<void> {
  expect(await members(at.url)).toEqual({ all: await membersOfBackup(at), late: 0 });
  const [purged] = await sql(
    at.url,
    "SELECT count(*)::int AS n FROM audit_logs WHERE action = 'members.purged'",
  );
  expect(purged).toEqual({ n: 0 });

  // The audit log still refuses what it refused.
  await expect(sql(at.url, 'UPDATE audit_logs SET actor = actor')).rejects.toThrow(/append-only/);
  await expect(sql(at.url, 'DELETE FROM audit_logs')).rejects.toThrow(/append-only/);
  await expect(sql(at.url, 'TRUNCATE audit_logs')).rejects.toThrow(/append-only/);

  // The database that was live is the way back: kept, and closed.
  const all = await databases(at.url);
  const old = Object.keys(all).filter((name) => name.startsWith('members_old_'));
  expect(all).toEqual({ members: true, [old[0]!]: false });
  await expect(sql(at.url.replace('/members?', `/${old[0]}?`), 'SELECT 1')).rejects.toThrow(
    /not currently accepting connections/,
  );
  expect(await ready(at)).toBe(200);
}

describe.each([
  [100, 30],
  [60, 20],
] as const)('a restore with Enter alone at %i×%i', (columns, rows) => {
  test('from home to the entry, and the database is what the backup holds', async () => {
    desk = await openDesk();
    const at = desk.shell(columns, rows, 'stty -g > before; "$0" "$1"; code=$?; stty -g > after; exit $code');
    let facts: SandboxFacts | undefined;
    for (const [see, enter] of way) {
      const screen = await at.until(
        `${see}, and Enter for: ${enter}`,
        (now) => now.includes(see) && new RegExp(`⏎ ${enter}\\b`).test(now) && /(all keys|back)$/.test(now),
      );
      expect(screen.split('\n').length).toBeLessThanOrEqual(rows);
      switch (see) {
        case '▶ ☐ The incident is declared': {
          facts = await desk.running();
          const before = await members(facts!.url);
          expect(before.late).toBe(25);
          expect(before.all).toBe((await membersOfBackup(facts!)) + 25 - 30);
          expect(await ready(facts!)).toBe(200);
          break;
        }
        case 'Next: 5 Close the live database':
          expect(await ready(facts!)).toBe(503);
          break;
        case 'Next: 6 Restore into':
          expect((await databases(facts!.url)).members).toBe(false);
          break;
        case 'Entry written':
          await restored(facts!);
      }
      at.press('enter');
    }
    await at.see('Recent entries');
    at.type('q');
    expect(await at.exited()).toEqual({ code: 0, signal: undefined });

    // The terminal is as it was.
    expect(at.cursorVisible()).toBe(true);
    expect(modesLeft(at.raw())).toEqual([]);
    expect(await readFile(join(desk.folder, 'after'), 'utf8')).toBe(
      await readFile(join(desk.folder, 'before'), 'utf8'),
    );
    // The scrollback is the record.
    for (const title of ['1 Pre-checks', '6 Restore into a new database', '11 Follow-up'])
      expect(at.scrollback().split(`✓ ${title}  `)).toHaveLength(2);

    await entryIsReadable('passed');
    const log = await desk.run(['log', 'verify']);
    expect(log.code, log.stderr).toBe(0);
    expect(await desk.running()).toBeUndefined();
  });
});

async function entryIsReadable(outcome: string): Promise<void> {
  const [run] = await desk.runs();
  const folder = join(desk.folder, 'home', 'state', 'runs', run!);
  const incidents = join(desk.folder, 'incidents');
  const names = await readdir(incidents);
  expect(names.sort()).toEqual([expect.stringMatching(/\.json$/), expect.stringMatching(/\.md$/)]);
  const markdown = await readFile(join(incidents, names[1]!), 'utf8');
  expect(markdown).toBe(await readFile(join(folder, 'entry.md'), 'utf8'));
  for (const text of [`– ${outcome}`, '## Timeline', 'Restore into a new database', 'ana', 'pg_restore'])
    expect(markdown).toContain(text);
  const entry = JSON.parse(await readFile(join(incidents, names[0]!), 'utf8'));
  expect(entry.outcome).toBe(outcome);
}

describe('the same without a terminal', () => {
  test('from start to entry without a flag more than mode and target', async () => {
    desk = await openDesk();
    const at = await desk.sandbox();
    expect((await members(at.url)).late).toBe(25);
    const { code, stdout, stderr } = await desk.run([
      'run',
      desk.runbook,
      '--mode',
      'drill',
      '--target',
      'sandbox',
      '--plain',
    ]);
    expect(stderr).toContain('entry: ');
    expect(code, stderr).toBe(0);
    for (const line of ['step 1/11: Pre-checks', 'step 11/11: Follow-up', 'HTTP 503', '\npassed'])
      expect(stdout).toContain(line);
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000B-\u001F]/);
    await restored(at);
    await entryIsReadable('passed');
  });
});
