import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadGrammars } from '../../src/cli/grammars.ts';
import { eventsOfSeenBackups } from '../../src/cli/seen-backups.ts';
import { appendBackupLog, backupLogName } from '../../src/incident/backup-log.ts';
import { entryOf } from '../../src/incident/entry.ts';
import type { CommandFinished } from '../../src/run/event.ts';
import { fold } from '../../src/run/fold.ts';
import { safetyBackup } from '../../src/run/safety-backup.ts';
import { Story } from '../incident/restore-run.ts';

let folder: string;

beforeAll(loadGrammars);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-seen-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** What is seen after a command with that text has run in `folder`. */
async function seen(text: string, code = 0, tail = '') {
  const story = new Story(new Date(Date.now() - 60_000).toISOString());
  story
    .enter('safety-backup')
    .begin('dump', text)
    .end('dump', 2, tail, code === 0 ? 'succeeded' : 'failed', code);
  const place = { stateFolder: join(folder, 'state'), environment: { DIR: folder }, cwd: folder };
  const end = story.events.at(-1) as unknown as CommandFinished;
  const events = await eventsOfSeenBackups(fold(story.events), end, place);
  for (const event of events) story.say(event);
  return { story, events, backups: events.flatMap((e) => (e.type === 'backup-reported' ? [e.backup] : [])) };
}

describe('backups that a run made by standard commands', () => {
  it.each([
    ['pg_dump -Fc -f members.dump "$DATABASE_URL"', 'members.dump', 'pg_dump, custom'],
    ['pg_dump "$DATABASE_URL" > members.sql', 'members.sql', 'pg_dump, plain'],
    ['pg_dump "$DATABASE_URL" | gzip > "$DIR/members.sql.gz"', 'members.sql.gz', 'pg_dump, plain'],
    ['pg_dump "$DATABASE_URL" > backup_$(date +%Y%m%d).sql', 'backup_20261120.sql', 'pg_dump, plain'],
    ['pg_dumpall > all.sql', 'all.sql', 'pg_dump, all databases'],
    ['sudo -u postgres pg_dump members > members.sql', 'members.sql', 'pg_dump, plain'],
    ['docker compose exec -T db pg_dump -Fc members > m.dump', 'm.dump', 'pg_dump, custom'],
    ['grep pg_dump notes > found.txt', undefined, undefined],
  ])('%s', async (text, file, kind) => {
    if (file) await writeFile(join(folder, file), 'x'.repeat(1234));
    const { backups } = await seen(text);
    expect(backups).toMatchObject(
      file ? [{ action: 'created', location: join(folder, file), bytes: 1234, kind, seen: true }] : [],
    );
  });

  it('none where it failed, where it goes nowhere, and none that cannot be told from an older one', async () => {
    expect((await seen('pg_dump -f x.dump', 1)).backups).toEqual([]);
    expect((await seen('pg_dump > /dev/null')).backups).toEqual([]);
    expect((await seen('echo pg_dump -f x.dump')).backups).toEqual([]);
    await writeFile(join(folder, 'b_1.sql'), 'old');
    await utimes(join(folder, 'b_1.sql'), 1, 1);
    const [one] = (await seen('pg_dump > b_$(date +%s).sql')).backups;
    expect(one).toMatchObject({ name: 'b_$(date +%s).sql' });
    expect(one).not.toHaveProperty('bytes');
  });

  it.each([
    ['pg_dump: error: connection to server at "db" failed', 0],
    ['done so far\npg_dump: [archiver (db)] connection to database "members" failed', 0],
    ['pg_dump: warning: there are circular foreign-key constraints, could not be sorted', 1],
  ])(
    'none where the program said that it gave up, whatever the command ended with: %s',
    async (tail, count) => {
      await writeFile(join(folder, 'members.dump'), 'half of one');
      expect((await seen('pg_dump -Fc -f members.dump || true', 0, tail)).backups).toHaveLength(count);
    },
  );

  it('none where the file is empty: whatever ran, it dumped nothing', async () => {
    await writeFile(join(folder, 'members.dump'), '');
    expect((await seen('pg_dump -Fc -f members.dump')).backups).toEqual([]);
  });

  it('stand in the entry, but free nobody to destroy', async () => {
    const { story } = await seen('pg_dump -f part.dump --table members && pg_restore -f /dev/null part.dump');
    const entry = entryOf(story.events, new Date());
    expect(entry.backups).toMatchObject([{ name: 'part.dump', verified: true, type: 'pg_dump, plain' }]);
    expect(safetyBackup(fold(story.events))).toBe('unverified');
  });

  it('go into the log of backups, once, and are brought up to date', async () => {
    const { story } = await seen('pg_dump -Fc -f members.dump');
    const incidents = join(folder, 'incidents');
    await mkdir(incidents);
    const first = entryOf(story.events, new Date());
    for (const _ of [1, 2]) await appendBackupLog(first, incidents);
    const rows = async () =>
      (await readFile(join(incidents, backupLogName), 'utf8'))
        .split('\n')
        .filter((line) => /^\| 2/.test(line));
    expect(await rows()).toHaveLength(1);
    expect((await rows())[0]).toContain('**no**');
    const line = { ...first.backups[0]!, verified: true };
    await appendBackupLog({ ...first, backups: [line] }, incidents);
    expect(await rows()).toHaveLength(1);
    expect((await rows())[0]).toContain('| yes |');
    await appendBackupLog({ ...first, run: 'another', backups: [line] }, incidents);
    expect(await rows()).toHaveLength(2);
  });
});
