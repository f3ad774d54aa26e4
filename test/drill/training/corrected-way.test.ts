import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { correctedWay, type Shipped, wayWords } from '../../../src/drill/training/corrected-way.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { loadSyntax } from '../../support/syntax.ts';

const runbooks = new URL('../../../runbooks', import.meta.url).pathname;
const seeds = new URL('../../../../shared/corpus/seeds', import.meta.url).pathname;
let shipped: readonly Shipped[];

beforeAll(async () => {
  await loadSyntax();
  const names = (await readdir(runbooks)).sort();
  shipped = await Promise.all(
    names.map(async (name) => ({ name, runbook: compile(await readFile(join(runbooks, name), 'utf8')) })),
  );
});

const way = (markdown: string, phase?: string) => {
  const [procedure] = compile(markdown).procedures;
  const step = procedure!.items.find((item) => item.kind === 'step' && item.phase === phase);
  return correctedWay(procedure!, step?.kind === 'step' ? step : undefined, shipped);
};

test('the nearest procedure that ships is named, with the step of the same phase', () => {
  const found = way(
    '# Operations\n\n## Restore to production\n\n### Step 1: Safety backup\n\n```bash\npg_dump x\n```\n\n### Step 2: Restore\n\n```bash\npg_restore x\n```\n',
    'safety-backup',
  );
  expect(found).toMatchObject({
    runbook: 'postgres-restore.md',
    step: { title: expect.stringContaining('Safety backup') },
  });
  expect(wayWords(found!)).toMatch(
    /^The corrected way: runbooks\/postgres-restore\.md, “.*”, step “Safety backup” \(line \d+\)\.$/,
  );
});

test.each([
  ['Scenario 3: Failed Migration', 'failed-migration.md'],
  ['Accidental Data Deletion: deleted rows', 'accidental-deletion.md'],
  ['Data Corruption Detected', 'data-corruption.md'],
  ['On-Demand Backup Procedure', 'postgres-backup.md'],
  ['Cleanup Old Backups', 'retention-cleanup.md'],
  ['Point-in-Time Recovery Setup', 'point-in-time-recovery.md'],
  ['BACKUP PROCEDURE', 'postgres-backup.md'],
  ['Using pg_dump', 'postgres-backup.md'],
  ['Complete Database Loss', 'complete-database-loss.md'],
  ['Encryption', 'backup-encryption.md'],
  ['Restore SQLite Database', 'sqlite-backup-restore.md'],
  ['Monthly Restore Test', 'monthly-restore-drill.md'],
])('%s leads to %s', (title, runbook) => {
  expect(
    way(`# Database backup and restore guide\n\n## ${title}\n\n\`\`\`bash\npg_dump x\n\`\`\`\n`),
  ).toMatchObject({ runbook });
});

test('a procedure of something else is offered nothing', () => {
  expect(way('# Kitchen\n\n## Bake bread\n\n```bash\noven on\n```\n')).toBeUndefined();
});

// The founding documents lie beside the project, not in it.
test.skipIf(!existsSync(seeds))(
  'nearly every procedure of the founding documents has a corrected way',
  async () => {
    const read = await Promise.all(
      (await readdir(seeds)).sort().map(async (name) => compile(await readFile(join(seeds, name), 'utf8'))),
    );
    const procedures = read.flatMap((runbook) => runbook.procedures);
    const without = procedures.filter((procedure) => !correctedWay(procedure, undefined, shipped));
    expect(procedures.length).toBeGreaterThan(40);
    expect(without.map(({ title }) => title)).toEqual([]);
  },
);
