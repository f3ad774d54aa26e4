import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exit } from '../../src/cli/exit.ts';
import { guardFor } from '../../src/run/guard.ts';
import { environments } from '../../src/run/target.ts';
import { phases } from '../../src/runbook/phase.ts';
import { drillSettings } from '../../src/settings/drill-settings.ts';
import { parseProjectFile } from '../../src/settings/project-file.ts';
import { targetSettings } from '../../src/settings/target-settings.ts';
import { linksOf, pages, root, tablesOf } from './page.ts';

describe.each(await pages.list())('%s', (path) => {
  test('its links and the files that it names are there', async () => {
    const page = await pages.read(path);
    const named = [...page.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, file]) => file!);
    for (const [, , picture] of page.matchAll(/(src|srcset)="([^"]+)"/g))
      await access(join(root, dirname(path), picture!));
    for (const link of linksOf(page)) await access(join(root, dirname(path), link));
    for (const file of named) await access(join(root, file));
  });

  test('settings on it are settings', async () => {
    for (const [, yaml] of (await pages.read(path)).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)) {
      if (yaml!.startsWith('    ')) {
        const within = `targets:\n  members:\n    environment: production\n    url: env:MEMBERS_URL\n${yaml}`;
        expect(() => parseProjectFile(path, within.replaceAll('age1…', 'age1abc'))).not.toThrow();
      } else expect(() => parseProjectFile(path, yaml!)).not.toThrow();
    }
  });
});

test('the table of guards is that of the program', async () => {
  const { head, rows } = tablesOf(await pages.read('docs/guards.md'))[0]!;
  expect(head.slice(1).sort()).toEqual([...environments].sort());
  for (const [effect, ...cells] of rows)
    for (const [at, cell] of cells.entries()) {
      const guard = guardFor({
        effect: effect as 'reads',
        environment: head[at + 1] as 'local',
        mode: 'incident',
        database: 'members',
        restoring: true,
        thing: undefined,
        elsewhere: undefined,
      });
      switch (guard.kind) {
        case 'run':
          expect(cell).toBe('runs');
          break;
        case 'enter':
          expect(cell).toMatch(guard.caution ? /Enter/ : /^Enter/);
          break;
        case 'phrase':
          expect(cell).toContain(guard.phrase === 'members' ? "type the database's name" : 'RESTORE');
          expect(cell.includes('safety backup')).toBe(guard.needsSafetyBackup);
          break;
        case 'refuse':
          throw new Error(`${effect} is refused in an incident`);
      }
    }
});

test('fields of a target and of its drill are all on the page, and no others', async () => {
  const page = await pages.read('docs/targets-and-stores.md');
  const [fields] = tablesOf(page);
  const named = fields!.rows.flatMap(([cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  expect(named.sort()).toEqual(Object.keys(targetSettings.shape).sort());
  const drills = page.slice(page.indexOf('\n## Drills'));
  expect(
    Object.keys(drillSettings.shape).filter((name) => !new RegExp(`\\b${name}\\b`).test(drills)),
  ).toEqual([]);
});

test('exit codes and phases are those of the program', async () => {
  const page = await pages.read('docs/unattended.md');
  const codes = tablesOf(page).find(({ head }) => head[0] === 'exit code')!;
  expect(codes.rows.map(([code]) => Number(code))).toEqual(Object.values(exit));
  const writing = await readFile(join(root, 'docs/write-a-runbook.md'), 'utf8');
  expect(phases.filter((phase) => !writing.includes(phase))).toEqual([]);
});

test('every picture is on a page, in light and in dark', async () => {
  const shown = new Set<string>();
  for (const path of await pages.list())
    for (const [, picture] of (await pages.read(path)).matchAll(/pictures\/([\w-]+\.svg)/g))
      shown.add(picture!);
  expect([...shown].sort()).toEqual((await readdir(join(root, 'docs/pictures'))).sort());
});
