import { beforeAll, describe, expect, test } from 'vitest';
import { ageInDays, ageWords, catalogueEntry, dayOf } from '../../src/runbook/catalogue-entry.ts';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const document = `# Restore the shop

**Severity**: P1
**Owner**: Platform
**Last Updated**: January 15, 2026
**Estimated time**: 30 minutes

## Restore

### Step 1: Fetch the dump

\`\`\`bash
# The newest one
aws s3 cp s3://shop/app.dump .
\`\`\`

### Step 2: Load it

\`\`\`bash
pg_restore -d app \\
  app.dump
\`\`\`

## Retention

| kind | days |
|---|---|
| daily | 7 |
`;

describe('what a list keeps of a runbook', () => {
  test('is what it is called, what it does, and whose it is', () => {
    const entry = catalogueEntry(compile(document));
    expect(entry).toMatchObject({
      title: 'Restore the shop',
      severity: 'P1',
      owner: 'Platform',
      updated: '2026-01-15',
      procedures: [{ id: 'restore', title: 'Restore' }],
      commands: ['The newest one: aws s3 cp s3://shop/app.dump .', 'pg_restore -d app \\'],
    });
    expect(entry.headings).toEqual(expect.arrayContaining(['Fetch the dump', 'Load it', 'Retention']));
  });

  test('stays small, whatever the document', () => {
    const block = (at: number) => `\`\`\`bash\necho ${at} ${'x'.repeat(5000)}\n\`\`\`\n\n`;
    const entry = catalogueEntry(
      compile(`# A\n\n${Array.from({ length: 900 }, (_, at) => block(at)).join('')}`),
    );
    expect(entry.commands).toHaveLength(600);
    expect(JSON.stringify(entry).length).toBeLessThan(150_000);
  });
});

test.each([
  ['2026-01-15', '2026-01-15'],
  ['2026/1/5 by Ann', '2026-01-05'],
  ['January 15, 2026', '2026-01-15'],
  ['Sept. 3rd, 2025', '2025-09-03'],
  ['15 Jan 2026', '2026-01-15'],
  ['15.01.2026', '2026-01-15'],
  ['2026-02-30', undefined],
  ['01/02/2026', undefined],
  ['Step 15, 2026', undefined],
  ['last week', undefined],
])('the day in %j is %s', (written, day) => {
  expect(dayOf(written)).toBe(day);
});

test('an age counts whole days and is never negative', () => {
  expect(ageInDays('2026-01-15', new Date('2026-01-16T23:59:59Z'))).toBe(1);
  expect(ageInDays('2026-01-15', new Date('2026-01-01T00:00:00Z'))).toBe(0);
});

test('an age is said in the unit that matters', () => {
  expect([0, 1, 9, 60, 61, 426, 730, 731, 1500].map((days) => ageWords(days))).toEqual([
    'today',
    '1 day ago',
    '9 days ago',
    '60 days ago',
    '2 months ago',
    '14 months ago',
    '24 months ago',
    '2 years ago',
    '4 years ago',
  ]);
  expect(ageWords(426, true)).toBe('14mo');
});

test('what a block would run if it were read the other way is found as well', () => {
  const text =
    '# Queue\n\n## Look\n\n```bash\necho look\n```\n\nThe queue:\n\n```\nkqueue drain --all\n```\n';
  expect(catalogueEntry(compile(text)).commands).toEqual(['echo look', 'kqueue drain --all']);
});
