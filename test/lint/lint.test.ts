import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { diffOf } from '../../src/lint/diff.ts';
import { type Finding, findingsOf, severities } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import { mend } from '../../src/lint/mend.ts';
import { rules } from '../../src/lint/registry.ts';
import { compile } from '../../src/runbook/compile.ts';
import { openSource } from '../../src/runbook/source.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

function findings(text: string): readonly Finding[] {
  return lint(compile(text), text, { today: '2026-11-20', exists: () => false, hasTool: () => false });
}

function places(text: string, rule: string): readonly number[] {
  return findings(text)
    .filter((finding) => finding.rule === rule)
    .map((finding) => finding.range.line);
}

describe('whatever the text', () => {
  const examples = rules.flatMap((rule) => [...rule.examples.bad, ...rule.examples.good]);
  const scraps = [
    ...examples.flatMap((text) => text.split('\n')),
    '```',
    '~~~sh',
    "cat <<'EOF'",
    'EOF',
    '$(',
    '`',
    "'",
    '"',
    'for x in a; do',
    'done',
    'if [ ; then',
    '<host>',
    '| & ; && ||',
    '<!-- drillbook-lint-disable',
    '<!-- drillbook-lint-disable-file unresolved-text x -->',
    '\u202e\ud800',
    '* * * * * backup',
    '[a](#%E0%A4%A)',
    '[b](%zz.md#x)',
  ];

  test('it never throws, and every finding stands in the text and can be shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...scraps), fc.string({ maxLength: 20 })), { maxLength: 25 }),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n   '),
        (lines, end) => {
          const text = lines.join(end);
          for (const { range, fix, message, why, instead, severity } of findings(text)) {
            expect(range.start).toBeGreaterThanOrEqual(0);
            expect(range.end).toBeLessThanOrEqual(text.length);
            expect(range.end).toBeGreaterThanOrEqual(range.start);
            expect(range.line).toBeGreaterThanOrEqual(1);
            expect(severities).toContain(severity);
            for (const words of [message, why, instead]) expect(words).not.toBe('');
            for (const edit of fix ?? []) expect(edit.end).toBeLessThanOrEqual(text.length);
          }
          const mended = mend(text, findings(text));
          expect(mended.text.split('\n').length).toBe(text.split('\n').length);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('it says the same twice', () => {
    const text = examples.join('\n');
    expect(findings(text)).toEqual(findings(text));
  });

  test('a finding never repeats the secret that it is about', () => {
    const secret = 'hunter2-correct-horse';
    const text = `# Example\n\n## Do\n\n\`\`\`bash\nexport PGPASSWORD=${secret}\nmysql -uroot -p${secret} app\npsql postgresql://app:${secret}@db1.internal/app -c "SELECT 1"\nredis-cli -a ${secret} flushall\n\`\`\`\n`;
    const found = findings(text);
    expect(found.map((finding) => finding.rule)).toContain('secret-in-text');
    for (const { message, instead } of found) expect(message + instead).not.toContain(secret);
  });
});

describe('where a finding stands', () => {
  test('in a list, behind a prompt, in a quote', () => {
    const text =
      '# Example\n\n1. Stop it\n\n   ```console\n   $ cd /srv\n   $ docker-compose stop api\n   ok\n   ```\n\n> ```bash\n> docker-compose up -d\n> ```\n';
    const found = findings(text).filter((finding) => finding.rule === 'compose-v1');
    expect(found.map(({ range }) => text.slice(range.start, range.end))).toEqual([
      'docker-compose',
      'docker-compose',
    ]);
    expect(found.map(({ range }) => range.line)).toEqual([7, 12]);
  });

  test('through wrappers, in conditions, substitutions and scripts in quotes', () => {
    const wrapped = [
      'sudo -u postgres docker-compose ps',
      'time env A=1 docker-compose ps',
      "bash -c 'docker-compose ps'",
      'X=$(docker-compose ps -q)',
      'if docker-compose ps; then echo up; fi',
      'ssh db1 docker-compose ps',
      'echo api | xargs docker-compose stop',
    ];
    for (const command of wrapped)
      expect([
        command,
        places(`# Example\n\n## Do\n\n\`\`\`bash\n${command}\n\`\`\`\n`, 'compose-v1'),
      ]).toEqual([command, [6]]);
  });

  test('a script file that the runbook shows is read too', () => {
    const text =
      '# Example\n\n**Script**: `scripts/backup.sh`\n\n```bash\n#!/bin/bash\npg_dump app | gzip > app.sql.gz\n```\n';
    expect(places(text, 'pipeline-hides-failure')).toEqual([7]);
  });
});

describe('findingsOf', () => {
  const text =
    '# Example\n\nRTO: TBD\n\n## Do\n\n```bash\ndocker-compose stop api\npsql app < backup.sql\n```\n';

  test('selects those on the lines of a part, worst first', () => {
    const runbook = compile(text);
    const found = findings(text);
    const source = openSource(text);
    const block = runbook.blocks[0]!.range;
    const own = findingsOf(found, block);
    expect(own.length).toBeGreaterThan(1);
    expect(own.every(({ range }) => range.line >= block.line && range.line <= block.endLine)).toBe(true);
    expect(own[0]!.severity).toBe('error');
    expect(own.map(({ rule }) => rule)).not.toContain('unresolved-text');
    expect(
      findingsOf(found, source.range(text.indexOf('RTO'), text.indexOf('RTO') + 3)).map(({ rule }) => rule),
    ).toEqual(['unresolved-text']);
  });
});

describe('suppressions', () => {
  const rule = 'unresolved-text';

  test('a mark above a line is about that line only', () => {
    const text = `# Example\n\n<!-- drillbook-lint-disable ${rule} decided in May -->\nRTO: TBD\nRPO: TBD\n`;
    expect(places(text, rule)).toEqual([5]);
  });

  test('a mark behind words is about its own line', () => {
    const text = `# Example\n\nRTO: TBD <!-- drillbook-lint-disable ${rule} decided in May -->\nRPO: TBD\n`;
    expect(places(text, rule)).toEqual([4]);
  });

  test('a mark above a block is about the block', () => {
    const block = '```bash\ndocker-compose up\ndocker-compose ps\n```\n';
    const text = `# Example\n\n## Do\n\n<!-- drillbook-lint-disable compose-v1 the old host has nothing else -->\n${block}\n${block}`;
    expect(places(text, 'compose-v1')).toEqual([12, 13]);
  });

  test('a comment in a block is about the statement below it', () => {
    const text =
      '# Example\n\n## Do\n\n```bash\n# drillbook-lint-disable compose-v1 the old host has nothing else\ndocker-compose \\\n  up\ndocker-compose ps\n```\n';
    expect(places(text, 'compose-v1')).toEqual([9]);
  });

  test('a mark for the file is about all of it', () => {
    const text = `# Example\n\nRTO: TBD\n\nRPO: TBD\n\n<!-- drillbook-lint-disable-file ${rule} a draft -->\n`;
    expect(places(text, rule)).toEqual([]);
  });

  test('several rules share a mark', () => {
    const text = `# Example\n\n<!-- drillbook-lint-disable ${rule},no-owner decided in May -->\nRTO: TBD\n`;
    expect(places(text, rule)).toEqual([]);
    expect(places(text, 'suppression-without-reason')).toEqual([]);
  });

  test('without a reason it does not count', () => {
    const text = `# Example\n\n<!-- drillbook-lint-disable ${rule} -->\nRTO: TBD\n`;
    expect(places(text, rule)).toEqual([4]);
    expect(places(text, 'suppression-without-reason')).toEqual([3]);
  });

  test.each([
    ['drillbook-lint-disabel', rule],
    ['drillbook-lint-disbale-file', rule],
    ['drillbok-lint-disable', rule],
    ['drillbook-lint disable', rule],
    ['drillbook-lint-ignore', rule],
    ['drillbook-lint-disable-next-line', rule],
    ['Drillbook_Lint_Disable', rule],
    ['drillbook-disable', rule],
    ['drillbook-lint-disable', ''],
  ])('a mistyped mark is told, and disables nothing: %s %s', (directive, about) => {
    const comment = `${directive} ${about} ${about && 'decided in May'}`.trim();
    const text = `# Example\n\n<!-- ${comment} -->\nRTO: TBD\n\n\`\`\`bash\n# ${comment}\nls\n\`\`\`\n`;
    expect(places(text, rule)).toEqual([4]);
    expect(places(text, 'suppression-without-reason')).toEqual([3, 7]);
  });

  test('comments about something else are no mistyped marks', () => {
    const text =
      '# Drillbook-lint\n\n<!-- drillbook: phase=restore -->\n\n<!-- drillbook run -->\n\n```bash\n# disable lint\n# drillbook lint .\nls # drillbook\n```\n';
    expect(places(text, 'suppression-without-reason')).toEqual([]);
  });

  test('a rule that is not there is told', () => {
    const text = '# Example\n\n<!-- drillbook-lint-disable no-such-rule for a reason -->\n';
    expect(places(text, 'suppression-without-reason')).toEqual([3]);
  });
});

describe('mends', () => {
  test('make every certain edit once, and leave the rest of the document alone', () => {
    const text =
      '# Example\r\n\r\n## Restore\r\n\r\n```bash\r\npsql $DATABASE_URL -f backup.sql\r\ndocker-compose ps\r\n```\r\n';
    const mended = mend(text, findings(text));
    expect(mended.text).toBe(
      text
        .replace('psql $DATABASE_URL', 'psql -v ON_ERROR_STOP=1 "${DATABASE_URL:?}"')
        .replace('docker-compose', 'docker compose'),
    );
    expect(mend(mended.text, findings(mended.text)).text).toBe(mended.text);
  });

  test('a diff shows what changes, with two lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n';
    const after = before.replace('c', 'C').replace('k', 'K');
    expect(diffOf('x.md', before, after)).toBe(
      '--- x.md\n+++ x.md\n@@ -1,5 +1,5 @@\n a\n b\n-c\n+C\n d\n e\n@@ -9,3 +9,3 @@\n i\n j\n-k\n+K\n',
    );
    expect(() => diffOf('x.md', 'a', 'a\nb')).toThrow(RangeError);
  });
});
