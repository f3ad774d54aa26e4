import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedOf, suggestionFor } from '../../src/cli/inputs.ts';
import { storedBackups } from '../../src/cli/stored-backups.ts';
import type { ReadyTarget } from '../../src/settings/targets.ts';
import { procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

let store: string;
beforeAll(async () => {
  await loadSyntax();
  store = await mkdtemp(join(tmpdir(), 'drillbook-store-'));
});
afterAll(() => rm(store, { recursive: true, force: true }));

function ready(): ReadyTarget {
  const plain = (value: string) => ({ value, secret: false });
  return {
    target: targetIn('staging', { tags: ['render'] }),
    url: 'postgresql://ana:hunter2@db.internal:5433/members',
    values: {
      DATABASE_URL: plain('postgresql://ana@db.internal:5433/members'),
      RESTORE_URL: plain('postgresql://ana@db.internal:5433/members_restored'),
      DATABASE_NAME: plain('members'),
      BACKUP_DIR: plain(store),
      SERVICE_NAME: plain('srv-1'),
    },
    passwordLines: [],
    path: [],
  };
}

async function suggested(command: string): Promise<Record<string, string | undefined>> {
  const asked = askedOf(procedureOf(`# R\n\n## 1. Do it\n\n\`\`\`bash\n${command}\n\`\`\`\n`), ready());
  const pairs = asked.map(
    async (one) => [one.name, (await suggestionFor(one, ready(), { HOME_GROWN: 'x' }))?.value] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

describe('what a target knows of a runbook that nobody prepared', () => {
  test.each([
    ['psql "$DATABASE_URL"', 'postgresql://ana@db.internal:5433/members'],
    ['psql "<production-db-url>"', 'postgresql://ana@db.internal:5433/members'],
    ['psql "$RESTORE_DB_URL"', 'postgresql://ana@db.internal:5433/members_restored'],
    ['pg_dump --host=<host>', 'db.internal'],
    ['pg_dump --port=<port>', '5433'],
    ['pg_dump --username=<user>', 'ana'],
    ['pg_dump --dbname=<database>', 'members'],
    ['render ssh <service-name>', 'srv-1'],
    ['echo "$HOME_GROWN"', 'x'],
    ['ssh <bastion-host>', undefined],
    ['curl "$STATUS_URL"', undefined],
    ['ls "${WHERE:-/srv}"', '/srv'],
    ['ls "${SINCE:-$(date -u +%Y)}"', undefined],
  ])('%s: %s', async (command, expected) => {
    expect(Object.values(await suggested(command))).toEqual([expected]);
  });

  test('a password is in no suggestion', async () => {
    expect(JSON.stringify(await suggested('psql "$DATABASE_URL" -h <host> -U <user>'))).not.toContain(
      'hunter2',
    );
  });

  test('what only another way needs is not asked for', () => {
    const twoWays =
      '# R\n\n## 1. Off\n\n### Option A: Render\n\n```bash\necho "$RENDER_ID"\n```\n\n### Option B: Railway\n\n```bash\necho "$RAILWAY_ID"\n```\n';
    expect(askedOf(procedureOf(twoWays), ready()).map(({ name }) => name)).toEqual(['RENDER_ID']);
    expect(askedOf(procedureOf(twoWays), undefined).map(({ name }) => name)).toEqual([
      'RENDER_ID',
      'RAILWAY_ID',
    ]);
  });
});

test('the backup that a run saved of the damage is the last to be offered', async () => {
  const names = [
    'members-scheduled-20261101-020000.dump',
    'members-pre-restore-20261120-031500.dump',
    'members-scheduled-20261119-020000.dump',
    'by-hand.sql',
  ];
  for (const [index, name] of names.entries()) {
    await writeFile(join(store, name), 'x');
    await utimes(join(store, name), 1_700_000_000 + index, 1_700_000_000 + index);
  }
  const offered = (await storedBackups(store)).map(({ path }) => path.slice(store.length + 1));
  expect(offered).toEqual([names[2], names[0], names[3], names[1]]);
  expect(Object.values(await suggested('pg_restore "$BACKUP_FILE"'))).toEqual([join(store, names[2]!)]);
});
