import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import { ruleNamed } from '../../src/lint/registry.ts';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

const corpus = new URL('../../../shared/corpus/', import.meta.url);
const list = new URL('lint-findings.tsv', corpus);
const there = existsSync(list);
if (!there) console.warn('skipped: the corpus of real runbooks is not beside this checkout');

beforeAll(loadSyntax);

describe.skipIf(!there)('faults that are known to stand in real runbooks', () => {
  const rows = there
    ? readFileSync(list, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.split('\t') as [string, string, string, string])
    : [];
  const documents = new Map<string, ReturnType<typeof lint>>();
  const findingsIn = (file: string) => {
    const known = documents.get(file);
    if (known) return known;
    const text = readFileSync(new URL(`seeds/${file}`, corpus), 'utf8');
    const found = lint(compile(text), text);
    documents.set(file, found);
    return found;
  };

  test.each(rows)('%s:%s %s', (file, line, rule) => {
    expect(ruleNamed(rule)).toBeDefined();
    const covers = findingsIn(file).filter(
      ({ rule: id, range }) => id === rule && range.line <= Number(line) && range.endLine >= Number(line),
    );
    expect(covers.length).toBeGreaterThan(0);
    // A range that covers half the document would find everything.
    for (const { range } of covers) expect(range.endLine - range.line).toBeLessThan(15);
  });
});

describe('the runbooks that ship', () => {
  const folder = new URL('../../runbooks/', import.meta.url);

  test.each(readdirSync(folder).filter((name) => name.endsWith('.md')))(
    '%s has no errors and no warnings',
    (name) => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      const found = lint(compile(text), text, { today: '2026-11-20' }).filter(
        ({ severity }) => severity !== 'info',
      );
      expect(found.map(({ rule, range, message }) => `${range.line} ${rule}: ${message}`)).toEqual([]);
    },
  );
});
