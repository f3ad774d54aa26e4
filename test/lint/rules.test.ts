import { beforeAll, describe, expect, test } from 'vitest';
import type { LintContext } from '../../src/lint/context.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import { pageOf } from '../../src/lint/page.ts';
import { rules } from '../../src/lint/registry.ts';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

function findings(text: string, context: LintContext = {}): readonly Finding[] {
  return lint(compile(text), text, context);
}

function of(rule: string, text: string, context: LintContext = {}): readonly Finding[] {
  return findings(text, context).filter((finding) => finding.rule === rule);
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test.each(rule.examples.bad.map((text) => [text]))('is found in %j', (text) => {
    const found = of(id, text);
    expect(found.length).toBeGreaterThan(0);
    for (const { range } of found) expect(text.slice(range.start, range.end).trim()).not.toBe('');
  });

  if (rule.examples.good.length > 0)
    test.each(rule.examples.good.map((text) => [text]))('is not found in %j', (text) => {
      expect(of(id, text).map((finding) => finding.message)).toEqual([]);
    });

  test('says why it matters and what to write instead, on its page too', () => {
    expect(rule.id).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(rule.why.length).toBeGreaterThan(30);
    expect(rule.instead.length).toBeGreaterThan(10);
    expect(rule.examples.good.length).toBeGreaterThan(0);
    const page = pageOf(rule);
    for (const part of [rule.why, rule.instead, ...rule.examples.bad.map((text) => text.trimEnd())])
      expect(page).toContain(part);
  });

  test.each(rule.examples.bad.map((text) => [text]))(
    'its mend, where it has one, removes it from %j',
    (text) => {
      for (const finding of of(id, text)) {
        if (!finding.fix) continue;
        let mended = text;
        for (const edit of [...finding.fix].sort((a, b) => b.start - a.start))
          mended = mended.slice(0, edit.start) + edit.text + mended.slice(edit.end);
        expect(of(id, mended).length).toBeLessThan(of(id, text).length);
      }
    },
  );
});

test('rules have different ids and stand in the order of the alphabet', () => {
  const ids = rules.map((rule) => rule.id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

describe('rules that ask the world', () => {
  test('a link to a file that is not there', () => {
    const text = '# Example\n\n[a](a.md) [b](docs/b.md#part) [c](https://example.org/c.md)\n';
    const known = new Set(['docs/b.md']);
    const found = of('dead-link', text, {
      exists: (path) => known.has(path),
      fileText: () => '# B\n\n## Another part\n',
    });
    expect(found.map((finding) => finding.message)).toEqual([
      'there is no file a.md',
      'docs/b.md has no heading #part',
    ]);
    expect(of('dead-link', text)).toEqual([]);
    expect(of('dead-link', text, { exists: () => undefined })).toEqual([]);
  });

  test('a tool that is not on this machine', () => {
    const text =
      '# Example\n\n## Do\n\n```bash\nsudo pg_restore -d app b.dump\ndocker exec db mongodump\ncd /tmp\n```\n';
    const found = of('missing-tool', text, { hasTool: (name) => name === 'sudo' });
    expect(found.map((finding) => finding.message)).toEqual([
      'pg_restore is not on this machine',
      'docker is not on this machine',
    ]);
    expect(of('missing-tool', text)).toEqual([]);
  });

  test.each([
    ['2025-01-01', 1],
    ['February 3, 2024', 1],
    ['3 Feb 2024', 1],
    ['2026-11-01', 0],
    ['February 3, 2026', 0],
  ])('last updated %s', (date, count) => {
    const text = `# Example\n\n**Last Updated**: ${date}\n`;
    expect(of('stale-document', text, { today: '2026-11-20' }).length).toBe(count);
    expect(of('stale-document', text)).toEqual([]);
  });

  test('the project says after how many days a document is stale', () => {
    const text = '# Example\n\n**Last Updated**: 2026-10-01\n';
    const context = { today: '2026-11-20', settings: { staleAfterDays: 30 } };
    expect(of('stale-document', text, context)).toHaveLength(1);
  });
});

describe('settings', () => {
  const text = '# Example\n\nRTO: TBD\n';

  test('switch a rule off', () => {
    expect(of('unresolved-text', text, { settings: { rules: { 'unresolved-text': 'off' } } })).toEqual([]);
  });

  test('give a rule another severity', () => {
    const [found] = of('unresolved-text', text, { settings: { rules: { 'unresolved-text': 'error' } } });
    expect(found?.severity).toBe('error');
  });
});

test.each([
  [
    'pg_dump members | gzip > b.gz',
    'b.gz',
    "gunzip -c b.gz | tail -n 5 | grep -q 'PostgreSQL database dump complete'",
  ],
  ['pg_dump members -f "$F"', '"$F"', "tail -n 5 $F | grep -q 'PostgreSQL database dump complete'"],
  ['pg_dump -Fc members -f backup.bin', 'backup.bin', 'pg_restore --file=/dev/null backup.bin'],
  ['pg_dumpall > backup.all', 'backup.all', "'PostgreSQL database cluster dump complete'"],
  ['mysqldump shop > backup.sql', 'backup.sql', "tail -n 5 backup.sql | grep -q 'Dump completed'"],
  ['tar -czf backup.tgz data', 'backup.tgz', 'tar -tf backup.tgz > /dev/null'],
  ['ls', 'backup.sql', "tail -n 5 backup.sql | grep -q 'PostgreSQL database dump complete'"],
  ['ls', 'backup.sqlite3', "sqlite3 backup.sqlite3 'PRAGMA integrity_check'"],
  ['ls', 'backups/', 'pg_restore --file=/dev/null FILE; of SQL text'],
])('after %s the advice on the size of %s is what reads that file', (made, file, advice) => {
  const text = `# R\n\n## Make\n\n\`\`\`bash\n${made}\n\`\`\`\n\n## Check\n\n### Verify the backup file\n\n\`\`\`bash\nls -lh ${file} # backup\n\`\`\`\n`;
  const named = /backup|dump|sql|gz/.test(file) ? file : `${file} backup.log`;
  const found = of('size-is-not-verification', text.replace(`ls -lh ${file}`, `ls -lh ${named}`));
  expect(found.map(({ instead }) => instead).join('\n')).toContain(advice);
});

test('what pg_restore does not read, it is not advised for', () => {
  const [found] = of(
    'list-is-not-verification',
    '# R\n\n## Verify the backup\n\n```bash\npg_restore --list dump.sql > /dev/null\n```\n',
  );
  expect(found?.instead).toContain('tail -n 5 dump.sql | grep');
  expect(found?.instead).not.toContain('pg_restore --file');
});
