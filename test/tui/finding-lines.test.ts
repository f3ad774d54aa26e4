import { beforeAll, expect, test } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import { compile } from '../../src/runbook/compile.ts';
import { detailOf } from '../../src/tui/detail.ts';
import { Readings } from '../../src/tui/readings.ts';
import { PaperRun, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const runbook = `# Bring it back

## 1. Restore

\`\`\`bash
psql "$DATABASE_URL" < /backups/members.sql
\`\`\`

## 2. Verify

\`\`\`bash
psql -X -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "SELECT count(*) FROM members"
\`\`\`
`;

function shown(edited: boolean): string {
  const compiled = compile(runbook);
  const run = new PaperRun(compiled.procedures[0]!, { mode: 'drill', target: targetIn('sandbox') });
  run.send({ type: 'next' });
  const command = 'restore/1';
  if (edited)
    run.send({
      type: 'edit',
      command,
      text: 'psql -v ON_ERROR_STOP=1 "$DATABASE_URL" -f /backups/members.sql',
    });
  const { tail } = detailOf(run.state, new Readings(), 200, lint(compiled, runbook));
  return tail.map((line) => line.map((part) => part.text).join('')).join('\n');
}

test('what lint has against a command stands at it before it runs', () => {
  expect(shown(false)).toMatch(/lint (error|warning): .*ON_ERROR_STOP/s);
});

test("and not at the operator's own version of it", () => {
  expect(shown(true)).not.toMatch(/lint/);
});
