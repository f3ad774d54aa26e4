import { beforeAll, expect, test } from 'vitest';
import { here } from '../../src/run/here.ts';
import { safetyBackup } from '../../src/run/safety-backup.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

/** A run whose safety-backup step holds these commands, each ended with the verdict. */
function after(commands: string, verdict: 'succeeded' | 'failed' = 'succeeded') {
  const run = new PaperRun(
    procedureOf(
      `# R\n\n## 1. Safety backup\n\n\`\`\`bash\n${commands}\n\`\`\`\n\n## 2. Restore\n\n\`\`\`bash\ntrue\n\`\`\`\n`,
    ),
    {
      mode: 'drill',
      target: targetIn('sandbox'),
    },
  );
  run.send({ type: 'next' });
  for (let at = here(run.state); at.kind === 'part'; at = here(run.state)) {
    const asked = run.send({ type: 'run', command: at.part.id });
    if (asked.kind === 'guarded')
      run.send({ type: 'run', command: at.part.id, confirmation: { by: 'enter' } });
    run.finish({ verdict });
    if (verdict === 'failed') run.send({ type: 'skip-part', part: at.part.id, reason: 'test' });
  }
  return safetyBackup(run.state);
}

test.each([
  [
    'a dump read to its end',
    'pg_dump -Fc --file=a.dump "postgresql://db.internal:5432/members"\n\npg_restore --file=/dev/null a.dump',
    'verified',
  ],
  [
    'a dump that gets its name when it is whole',
    'pg_dump -Fc -f "a.part" d && mv a.part "a.dump"\n\npg_restore -f /dev/null a.dump',
    'verified',
  ],
  ['a dump that was only listed', 'pg_dump -Fc -f a.dump d\n\npg_restore --list a.dump', 'unverified'],
  ['another file read to its end', 'pg_dump -Fc -f a.dump d\n\npg_restore -f /dev/null b.dump', 'unverified'],
  ['no dump', 'pg_restore -f /dev/null b.dump', 'none'],
] as const)('%s', (_name, commands, expected) => {
  expect(after(commands)).toBe(expected);
});

test('what failed is no backup', () => {
  expect(after('pg_dump -Fc -f a.dump d\n\npg_restore -f /dev/null a.dump', 'failed')).toBe('none');
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
