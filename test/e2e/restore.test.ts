import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Desk, databases, openDesk, type SandboxFacts } from './desk.ts';
import { members, membersOfBackup, ready, restored } from './restored.ts';
import { offered, way } from './way.ts';

let desk: Desk;
afterEach(() => desk.close());

/** The private modes that a program has switched and not switched back. */
function modesLeft(raw: string): readonly string[] {
  const now = new Map<string, boolean>();
  for (const [, modes, set] of raw.matchAll(/\u001B\[\?([\d;]+)([hl])/g))
    for (const mode of modes!.split(';')) now.set(mode, set === 'h');
  // The cursor (25) and what stands at the edge of a line (7) are on from the beginning.
  return [...now].filter(([mode, on]) => on !== (mode === '25' || mode === '7')).map(([mode]) => mode);
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
      const screen = await offered(at, see, enter);
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
    await at.see('Runbooks');
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
    expect((await desk.run(['log', 'list'])).stdout).toMatch(
      /Restore a PostgreSQL database.*passed|passed.*Restore a PostgreSQL database/,
    );
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
  expect(names.sort()).toEqual([
    expect.stringMatching(/^2.*\.json$/),
    expect.stringMatching(/^2.*\.md$/),
    'backup-log.md',
  ]);
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
