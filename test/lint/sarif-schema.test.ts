import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { beforeAll, expect, test } from 'vitest';
import { asSarif } from '../../src/lint/formats/sarif.ts';
import { lint } from '../../src/lint/lint.ts';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

/** The published schema of SARIF 2.1.0, as a package of its publisher carries it. */
async function schemaOfSarif() {
  const main = createRequire(import.meta.url).resolve('@microsoft/jest-sarif');
  const schema = JSON.parse(
    await readFile(new URL('schemas/sarif-2.1.0-rtm.5.json', `file://${main}`), 'utf8'),
  );
  const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv as never);
  return ajv.compile(schema);
}

const faulty = `# Restore

[gone](#nowhere) TBD

\`\`\`bash
docker-compose stop api
psql "$DATABASE_URL" < /backups/a.sql
pg_dump "$DATABASE_URL" | gzip > a.sql.gz
PGPASSWORD=hunter2hunter2 psql -h <host>
\`\`\`

\`\`\`bash
pg_restore --list "é.dump"
`;

test('what lint writes as SARIF is valid by the published schema', async () => {
  const validate = await schemaOfSarif();
  for (const source of [faulty, '', '# Nothing\n']) {
    const findings = lint(compile(source), source, { today: '2026-11-20' });
    if (source === faulty) expect(findings.length).toBeGreaterThan(4);
    const log = JSON.parse(asSarif([{ path: 'docs/rünbook a.md', findings }], '1.2.3'));
    expect({ valid: validate(log), errors: validate.errors }).toEqual({ valid: true, errors: null });
  }
});

test('the schema refuses what is no SARIF', async () => {
  const validate = await schemaOfSarif();
  const log = JSON.parse(asSarif([], '1.2.3'));
  expect(validate({ ...log, version: '2.0.0' })).toBe(false);
  expect(validate({ ...log, findings: [] })).toBe(false);
});
