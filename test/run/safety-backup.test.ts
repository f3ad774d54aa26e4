import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { pointsOf } from '../../src/run/elsewhere.ts';
import { here } from '../../src/run/here.ts';
import { safetyBackup, safetyBackupFault } from '../../src/run/safety-backup.ts';
import { seenBackups } from '../../src/run/seen-backup.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

/** A run whose safety-backup step holds these commands, each ended with the verdict. */
function after(
  commands: string,
  verdict: 'succeeded' | 'failed' = 'succeeded',
  inputs: Readonly<Record<string, string>> = {},
  changed: (text: string) => readonly string[] = () => [],
) {
  return safetyBackup(afterwards(commands, verdict, inputs, changed));
}

function afterwards(
  commands: string,
  verdict: 'succeeded' | 'failed' = 'succeeded',
  inputs: Readonly<Record<string, string>> = {},
  changed: (text: string) => readonly string[] = () => [],
) {
  const run = new PaperRun(
    procedureOf(
      `# R\n\n## 1. Safety backup\n\n\`\`\`bash\n${commands}\n\`\`\`\n\n## 2. Restore\n\n\`\`\`bash\ntrue\n\`\`\`\n`,
    ),
    {
      mode: 'drill',
      target: targetIn('sandbox'),
    },
  );
  for (const [name, value] of Object.entries(inputs)) {
    const points = pointsOf(value);
    const secret = points !== undefined;
    run.send({ type: 'give', name, value, secret, source: 'target', ...(points && { points }) });
  }
  run.send({ type: 'next' });
  for (let at = here(run.state); at.kind === 'part'; at = here(run.state)) {
    if (at.part.kind !== 'command') throw new Error(`no command: ${at.part.kind}`);
    // As if its guard had been overridden: what it does is not at stake here.
    run.record({
      type: 'command-started',
      command: at.part.id,
      attempt: 1,
      text: at.part.text,
      effect: 'changes',
      interactive: false,
      output: '001.log',
    });
    run.finish({ verdict, changed: changed(at.part.text) });
    if (verdict === 'failed') run.send({ type: 'skip-part', part: at.part.id, reason: 'test' });
  }
  return run.state;
}

test.each([
  [
    'a dump read to its end',
    'pg_dump -Fc --file=a.dump "postgresql://db.internal:5432/members"\n\npg_restore --file=/dev/null a.dump',
    'verified',
  ],
  [
    'a dump that gets its name when it is whole',
    'pg_dump -Fc -f "a.part" members && mv a.part "a.dump"\n\npg_restore -f /dev/null a.dump',
    'verified',
  ],
  ['a dump that was only listed', 'pg_dump -Fc -f a.dump members\n\npg_restore --list a.dump', 'unverified'],
  [
    'another file read to its end',
    'pg_dump -Fc -f a.dump members\n\npg_restore -f /dev/null b.dump',
    'unverified',
  ],
  ['no dump', 'pg_restore -f /dev/null b.dump', 'none'],
] as const)('%s', (_name, commands, expected) => {
  expect(after(commands)).toBe(expected);
});

const url = 'postgresql://app:secret@db.internal:5432/members';

test.each([
  '--schema-only',
  '--schema-o',
  '-s',
  '-vs',
  '-a',
  '--data-only',
  '-t members',
  '--table=members',
  '-n public',
  '--schema=public',
  '-N audit',
  '-T audit',
  '-Taudit',
  '--exclude-table=audit',
  '--exclude-schema audit',
  '--exclude-table-data=audit',
  '--section=pre-data',
  '--filter=parts.txt',
  '-B',
  '$OPTIONS',
])('a dump with %s is none of the whole database', (option) => {
  const commands = `pg_dump -Fc ${option} -f a.dump -d members\n\npg_restore -f /dev/null a.dump`;
  expect(after(commands, 'succeeded', { OPTIONS: '-s' })).toBe('unverified');
});

test.each([
  ['another server', 'pg_dump -Fc -f a.dump -h other.internal members'],
  ['another server by its URL', 'pg_dump -Fc -f a.dump postgresql://other.internal/members'],
  ['another database', 'pg_dump -Fc -f a.dump postgres'],
  ['another database of the target', 'pg_dump -Fc -f a.dump "$RESTORE_URL"'],
  ['another database by a variable in front', 'PGDATABASE=scratch pg_dump -Fc -f a.dump'],
])('a dump of %s is no backup of the target', (_name, dump) => {
  const inputs = { RESTORE_URL: 'postgresql://app:secret@db.internal:5432/members_restored' };
  expect(after(`${dump}\n\npg_restore -f /dev/null a.dump`, 'succeeded', inputs)).toBe('unverified');
});

test.each([
  'pg_restore -f /dev/null a.dump || true',
  '! pg_restore -f /dev/null a.dump',
  'if pg_restore -f /dev/null a.dump; then true; fi',
  'check() { pg_restore -f /dev/null a.dump; }',
  'pg_restore -f /dev/null --schema-only a.dump',
  'pg_restore -f /dev/null -t members a.dump',
])('%s reads nothing to its end for certain', (check) => {
  expect(after(`pg_dump -Fc -f a.dump members\n\n${check}`)).toBe('unverified');
});

test('a dump that is made again has to be read again', () => {
  const dump = 'pg_dump -Fc -f a.dump members';
  expect(after(`${dump}\n\npg_restore -f /dev/null a.dump\n\n${dump}`)).toBe('unverified');
});

test('a name stands for another file once its variable has changed', () => {
  const commands =
    'FILE=a.dump\n\npg_dump -Fc -f "$FILE" members\n\nFILE=b.dump\n\npg_restore -f /dev/null "$FILE"';
  const changed = (text: string) => (text.startsWith('FILE=') ? ['FILE', '[()'] : []);
  expect(after(commands, 'succeeded', {}, changed)).toBe('unverified');
});

test('what the shipped runbook does in its third step is a verified backup', () => {
  const text = readFileSync(new URL('../../runbooks/postgres-restore.md', import.meta.url), 'utf8');
  const block = /^## 3\..*?```bash\n(.*?)```/ms.exec(text)?.[1];
  const inputs = { DATABASE_URL: url, BACKUP_DIR: '/backups', DATABASE_NAME: 'members' };
  const changed = (command: string) => (/^SAFETY_BACKUP=/m.test(command) ? ['SAFETY_BACKUP'] : []);
  expect(block).toContain('pg_dump');
  expect(after(block!, 'succeeded', inputs, changed)).toBe('verified');
});

test('what failed is no backup', () => {
  expect(after('pg_dump -Fc -f a.dump members\n\npg_restore -f /dev/null a.dump', 'failed')).toBe('none');
});

test('a reported backup counts once it is verified', () => {
  const run = new PaperRun(procedureOf('# R\n\n## 1. Safety backup\n\n```bash\ntrue\n```\n'));
  const backup = { name: 'members-pre-restore-1', location: '/b', kind: 'pre-restore' };
  run.record({ type: 'backup-reported', backup: { ...backup, action: 'created' } });
  expect(safetyBackup(run.state)).toBe('unverified');
  run.record({
    type: 'backup-reported',
    backup: { ...backup, name: 'another', action: 'verified', verified: true },
  });
  expect(safetyBackup(run.state)).toBe('unverified');
  run.record({ type: 'backup-reported', backup: { ...backup, action: 'verified', verified: true } });
  expect(safetyBackup(run.state)).toBe('verified');
});

test.each([
  ['another place', {}, { location: '/elsewhere' }],
  ['another database', { database: 'postgres' }, { database: 'postgres' }],
  ['other bytes', { sha256: 'a'.repeat(64) }, { sha256: 'b'.repeat(64) }],
  ['damage', { verified: true }, { verified: false }],
])('a reported backup is not verified by a report on %s', (_name, created, verified) => {
  const run = new PaperRun(procedureOf('# R\n\n## 1. Safety backup\n\n```bash\ntrue\n```\n'));
  const backup = { name: 'members-pre-restore-1', location: '/b', kind: 'pre-restore', database: 'members' };
  run.record(
    { type: 'backup-reported', backup: { ...backup, ...created, action: 'created' } },
    { type: 'backup-reported', backup: { ...backup, verified: true, ...verified, action: 'verified' } },
  );
  expect(safetyBackup(run.state)).toBe('unverified');
});

const read = 'pg_restore -f /dev/null a.dump';

test.each([
  'pg_dump -Fc members > a.dump',
  'pg_dump -Fc members >| a.dump',
  'pg_dump -Fc "$DATABASE_URL" > "a.dump" 2> errors.log',
  'sudo -u postgres pg_dump -Fc -h db.internal members > a.dump',
  'sudo -u postgres pg_dump -Fc -h db.internal -f a.dump members',
  'sudo -E pg_dump -Fc -f a.dump members',
  'docker exec -i tools pg_dump -Fc -h db.internal members > a.dump',
  'docker exec -e PGPASSWORD=x tools pg_dump -Fc "$DATABASE_URL" > a.dump',
  'docker compose exec -T tools pg_dump -Fc "$DATABASE_URL" > a.dump',
  'docker compose -f ops.yml exec -T -u postgres tools pg_dump -Fc -h db.internal members > a.dump',
  'kubectl -n prod exec tools -c pg -- pg_dump -Fc -h db.internal members > a.dump',
  'nice -n 10 timeout 1h pg_dump -Fc members > a.dump',
])('%s is a whole dump of the target', (dump) => {
  expect(after(`${dump}\n\n${read}`, 'succeeded', { DATABASE_URL: url })).toBe('verified');
  expect(after(dump, 'succeeded', { DATABASE_URL: url })).toBe('unverified');
});

test.each([
  ['pg_dump -Fc members >> a.dump', 'none', undefined],
  ['pg_dump -Fc members 2> a.dump', 'none', undefined],
  ['pg_dump -Fc members | gzip > a.dump', 'none', /goes through another command/],
  ['pg_dump members | gpg -e > a.dump', 'none', /goes through another command/],
  ['pg_dump -Fc -t members members > a.dump', 'unverified', /-t may leave something/],
  ['pg_dump -Fc -h other.internal members > a.dump', 'unverified', /dump of other.internal:5432/],
  ['pg_dump -Fc other > a.dump', 'unverified', /dump of the database other/],
  ['sudo -u postgres pg_dump -Fc members > a.dump', 'unverified', /through sudo it names no server/],
  [
    'docker exec db pg_dump -Fc -U postgres members > a.dump',
    'unverified',
    /through a container it names no server/,
  ],
  ['docker exec -t db pg_dump -Fc -h db.internal members > a.dump', 'unverified', /a terminal in between/],
  [
    'docker compose exec db pg_dump -Fc -h db.internal members > a.dump',
    'unverified',
    /a terminal in between/,
  ],
  ['docker exec db pg_dump -Fc -h db.internal -f a.dump members', 'none', /stays in a container/],
  [
    'kubectl exec -it db-0 -- pg_dump -Fc -h db.internal members > a.dump',
    'unverified',
    /a terminal in between/,
  ],
  ['kubectl exec db-0 -- pg_dump -Fc members > a.dump', 'unverified', /through a pod it names no server/],
] as const)('%s is none for certain', (dump, expected, why) => {
  const state = afterwards(`${dump}\n\n${read}`, 'succeeded', { DATABASE_URL: url });
  expect(safetyBackup(state)).toBe(expected);
  if (why) expect(safetyBackupFault(state)).toMatch(why);
  else expect(safetyBackupFault(state)).toBeUndefined();
});

test('what a dump still wants is said', () => {
  expect(safetyBackupFault(afterwards('pg_dump -Fc -f a.dump members'))).toMatch(
    /nothing has read a.dump to its end/,
  );
});

const complete = "grep -q 'PostgreSQL database dump complete'";

test.each([
  ['pg_dump members > a.sql', `tail -n 5 a.sql | ${complete}`],
  ['pg_dump -Fp -f "$F" members', `tail -3 "$F" | ${complete}`],
  ['pg_dump members > a.sql', "tail a.sql | grep -q '^-- PostgreSQL database dump complete$'"],
  ['pg_dump members | gzip > a.sql.gz', `gunzip -c a.sql.gz | tail -n 5 | ${complete}`],
  ['pg_dump members | gzip -9 > a.sql.gz', `zcat a.sql.gz | tail -n 5 | ${complete}`],
  [
    'set -o pipefail; pg_dump members | zstd -T0 > a.zst',
    `set -o pipefail; zstd -dc a.zst | tail -n 5 | ${complete}`,
  ],
])('a dump in text is whole once its last line was found at its end: %s', (dump, check) => {
  const inputs = { DATABASE_URL: url };
  expect(after(dump, 'succeeded', inputs)).toBe('unverified');
  expect(after(`${dump}\n\n${check}`, 'succeeded', inputs)).toBe('verified');
  expect(after(`${check}\n\n${dump}`, 'succeeded', inputs)).toBe('unverified');
});

test.each([
  'gunzip -t a.sql.gz',
  `gunzip -c b.sql.gz | tail -n 5 | ${complete}`,
  `gunzip -c a.sql.gz | head -n 5 | ${complete}`,
  `gunzip -c a.sql.gz | ${complete}`,
  "gunzip -c a.sql.gz | tail -n 5 | grep 'PostgreSQL database dump complete'",
  "gunzip -c a.sql.gz | tail -n 5 | grep -qv 'PostgreSQL database dump complete'",
  'gunzip -c a.sql.gz | tail -n 5 | grep -q complete',
  `gunzip -c a.sql.gz | tail -n 5 | ${complete} || true`,
  `if gunzip -c a.sql.gz | tail -n 5 | ${complete}; then true; fi`,
  `tail -n 5 a.sql.gz | cat b.sql | ${complete}`,
])('%s proves no dump whole', (check) => {
  const state = afterwards(`pg_dump members | gzip > a.sql.gz\n\n${check}`);
  expect(safetyBackup(state)).toBe('unverified');
  expect(safetyBackupFault(state)).toContain(`gunzip -c a.sql.gz | tail -n 5 | ${complete}`);
});

test('a text dump of another database stays one, whatever was found at its end', () => {
  const state = afterwards(`pg_dump other | gzip > a.sql.gz\n\nzcat a.sql.gz | tail -n 5 | ${complete}`);
  expect(safetyBackup(state)).toBe('unverified');
  expect(safetyBackupFault(state)).toMatch(/dump of the database other/);
});

const dumped = 'F=/b/a.dump\n\npg_dump -Fc -f "$F.partial" members && mv "$F.partial" "$F"';
const whole = 'pg_restore -f /dev/null "$F"';

function thenRan(command: string) {
  const changed = (text: string) => (text.startsWith('F=') ? ['F'] : []);
  return afterwards(`${dumped}\n\n${whole}\n\n${command}`, 'succeeded', {}, changed);
}

test.each([
  'rm "$F"',
  'rm -f /b/a.dump',
  'sudo rm -rf /b',
  'rm -rf /b/*',
  'cd /b; rm a.dump',
  'mv "$F" /tmp/elsewhere.dump',
  'mv /b /c',
  'mv other.dump "$F"',
  'cp other.dump "$F"',
  'truncate -s 0 "$F"',
  ': > "$F"',
  'echo more >> "$F"',
  'date | tee "$F"',
  'gzip "$F"',
  'shred -u "$F"',
  'find /b -name "*.dump" -delete',
  'dd if=/dev/zero of=/b/a.dump bs=1 count=1',
  "bash -c 'rm /b/a.dump'",
  'aws s3 mv "$F" s3://bucket/',
])('%s after it was read takes the proof from a dump', (command) => {
  const state = thenRan(command);
  expect(safetyBackup(state)).toBe('unverified');
  expect(safetyBackupFault(state)).toMatch(/^("\$F"|\$F) was changed after it was read to its end: /);
});

test.each([
  'OTHER=/c/a.dump; cp "$F" "$OTHER"',
  'cp "$F" /c/',
  'aws s3 cp "$F" s3://bucket/a.dump',
  'sha256sum "$F" > "$F.sha256"',
  'chmod 400 "$F"',
  'ls -l "$F"; test -s "$F"',
  whole,
  'drillbook backup verify "$F"',
  'pg_restore --clean -d "$DATABASE_URL" "$F"',
  'rm -f /b/a.dump.partial',
  'rm -rf /c',
])('%s after it was read leaves the dump proven', (command) => {
  expect(safetyBackup(thenRan(command))).toBe('verified');
});

test('a dump that was removed in a later step, by a command that failed, is proven no more', () => {
  const run = new PaperRun(
    procedureOf(
      '# R\n\n## 1. Safety backup\n\n```bash\npg_dump -Fc -f a.dump members\npg_restore -f /dev/null a.dump\n```\n\n## 2. Look\n\n```bash\nrm a.dump; false\n```\n',
    ),
    { mode: 'drill', target: targetIn('sandbox') },
  );
  run.send({ type: 'next' });
  const seen: string[] = [];
  for (let at = here(run.state); at.kind === 'part' && seen.length < 3; at = here(run.state)) {
    const { id: command, text } = at.part as Extract<typeof at.part, { kind: 'command' }>;
    const started = { type: 'command-started', command, attempt: 1, text, effect: 'changes' } as const;
    run.record({ ...started, interactive: false, output: '001.log' });
    run.finish({ verdict: text.startsWith('rm') ? 'failed' : 'succeeded' });
    seen.push(safetyBackup(run.state));
    if (text.startsWith('rm')) break;
    if (here(run.state).kind !== 'part') run.send({ type: 'next' });
  }
  expect(seen.at(-1)).toBe('unverified');
  expect(seen).toContain('verified');
});

test.each([
  'pg_dump members > plain.sql',
  'pg_dump -f plain.sql members',
  'pg_dump --format="plain" -f plain.sql members',
  'pg_dump -F P -f plain.sql members',
])('pg_restore cannot read what %s makes, so that is not the advice', (dump) => {
  const fault = safetyBackupFault(afterwards(dump));
  expect(fault).not.toContain('pg_restore');
  expect(fault).toContain(`tail -n 5 plain.sql | ${complete}`);
});

function afterVerified(command: string, location = '/b/members-1.dump') {
  const run = new PaperRun(procedureOf(`# R\n\n## 1. Tidy up\n\n\`\`\`bash\n${command}\n\`\`\`\n`), {
    mode: 'drill',
    target: targetIn('sandbox'),
  });
  const backup = { name: 'members-1', location, database: 'members', sha256: 'a'.repeat(64) };
  run.record(
    { type: 'backup-reported', backup: { ...backup, action: 'created' } },
    { type: 'backup-reported', backup: { ...backup, action: 'verified', verified: true } },
  );
  run.send({ type: 'next' });
  const at = here(run.state);
  if (at.kind !== 'part') throw new Error('no command');
  run.record({
    type: 'command-started',
    command: at.part.id,
    attempt: 1,
    text: command,
    effect: 'destroys',
    interactive: false,
    output: '001.log',
  });
  run.finish();
  return { run, backup };
}

test.each([
  ['rm /b/members-1.dump'],
  ['rm -rf /b'],
  ['mv /b/members-1.dump /c/'],
  ['cd /b && rm members-1.dump'],
  ['find /b -name "*.dump" -delete'],
  ['aws s3 rm s3://store/db/members-1.dump', 's3://store/db/members-1.dump'],
  ['aws s3 rm s3://store/db --recursive', 's3://store/db/members-1.dump'],
  ['aws s3 rb s3://store --force', 's3://store/db/members-1.dump'],
])('%s takes the proof from a backup that was reported', (command, location?: string) => {
  const { run, backup } = afterVerified(command, location);
  expect(safetyBackup(run.state)).toBe('unverified');
  expect(safetyBackupFault(run.state)).toMatch(/^members-1 may have been changed after it was verified: /);
  run.record({ type: 'backup-reported', backup: { ...backup, action: 'verified', verified: true } });
  expect(safetyBackup(run.state)).toBe('verified');
});

test.each(['ls -l /b', 'cp /b/members-1.dump /c/', 'rm -rf /tmp/x', 'drillbook backup verify members-1'])(
  '%s leaves a reported backup its proof',
  (command) => expect(safetyBackup(afterVerified(command).run.state)).toBe('verified'),
);

test('a reported backup that nobody verified says how to verify it, and one of another database says so', () => {
  const run = new PaperRun(procedureOf('# R\n\n## 1. Safety backup\n\n```bash\ntrue\n```\n'));
  const backup = { name: 'members-1', location: '/b/members-1.dump', action: 'created' } as const;
  run.record({ type: 'backup-reported', backup: { ...backup, database: 'postgres' } });
  expect(safetyBackupFault(run.state)).toBe('members-1 is a backup of the database postgres, not of members');
  run.record({ type: 'backup-reported', backup });
  expect(safetyBackupFault(run.state)).toMatch(/drillbook backup verify members-1$/);
});

test('what goes by the name of pg_dump and is something else makes no backup', () => {
  const text = 'pg_dump() { touch a.dump; }';
  const state = afterwards(text, 'succeeded', {}, () => ['pg_dump()']);
  expect(seenBackups(state, 'pg_dump -Fc -f a.dump members')).toEqual([]);
  expect(seenBackups(afterwards('true'), 'pg_dump -Fc -f a.dump members')).toHaveLength(1);
});

test('a part of a database that is named behind a redirection is a part', () => {
  const state = afterwards(`pg_dump > a.dump -Fc -t one members\n\n${read}`);
  expect(safetyBackup(state)).toBe('unverified');
  expect(safetyBackupFault(state)).toMatch(/-t may leave something of the database out/);
});
