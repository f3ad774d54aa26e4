import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CatalogueEntry } from '../../src/runbook/catalogue-entry.ts';
import { fuzzy, searchCatalogue } from '../../src/runbook/fuzzy.ts';

const marked = (search: string, text: string) =>
  fuzzy(search, text)
    ?.positions.map((at) => text[at])
    .join('');
const score = (search: string, text: string) => fuzzy(search, text)?.score ?? Number.NEGATIVE_INFINITY;

describe('a text answers a search', () => {
  test.each([
    ['restore', 'Restore to production', 'Restore'],
    ['prod rest', 'Restore to production', 'Restprod'],
    ['pgrst', 'pg_restore -d app', 'pgrst'],
    ['r2p', 'r2 to p', 'r2p'],
    ['naive', 'Naïve retention', 'Naïve'],
    ['École', 'ecole', 'ecole'],
    ['', 'anything', ''],
    ['日本', '手順 日本語', '日本'],
  ])('%j finds in %j: %j', (search, text, positions) => {
    expect(marked(search, text)).toBe(positions);
  });

  test.each([
    ['restore', 'Backup'],
    ['restore redis', 'Restore PostgreSQL'],
    ['rst', 'rather a long sentence with letters that are far apart, testing'],
    ['x', ''],
    ['dump', 'did u map'],
  ])('%j does not find in %j', (search, text) => {
    expect(fuzzy(search, text)).toBeUndefined();
  });

  test.each([
    ['the start of a word before its middle', 'store', 'Store keys', 'Restore keys'],
    ['a word before scattered letters', 'dump', 'Dump it', 'Do u map it'],
    ['close letters before distant ones', 'pgdp', 'pg_dp', 'pg_d..p'],
    ['more of a word before less', 'restore', 'restore', 'res-tore'],
  ])('%s', (_, search, better, worse) => {
    expect(score(search, better)).toBeGreaterThan(score(search, worse));
  });

  test('positions name the letters that were searched, whatever the text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, text, (search, where) => {
        const match = fuzzy(search, where);
        if (!match) return;
        expect([...match.positions].sort((a, b) => a - b)).toEqual(match.positions);
        expect(match.positions.every((at) => at >= 0 && at < where.length)).toBe(true);
      }),
    );
  });

  test('every part of a text finds it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{1,40}$/), fc.nat(40), fc.nat(40), (text, from, length) => {
        expect(fuzzy(text.slice(from, from + length), text)).toBeDefined();
      }),
    );
  });
});

describe('a search in a runbook', () => {
  const entry: CatalogueEntry = {
    title: 'Database Backup & Restore',
    procedures: [
      { id: 'daily', title: 'Daily backup' },
      { id: 'emergency', title: 'Restore to production' },
    ],
    headings: ['Stop the service', 'Clear Redis'],
    commands: ['redis-cli flushall', 'Restore it: pg_restore -d app app.dump'],
  };

  test.each([
    ['backup', 'title', 'Database Backup & Restore'],
    ['production', 'procedure', 'Restore to production'],
    ['clear redis', 'heading', 'Clear Redis'],
    ['flushall', 'command', 'redis-cli flushall'],
    ['pg_restore', 'command', 'Restore it: pg_restore -d app app.dump'],
  ])('%j is found in the %s', (search, where, text) => {
    expect(searchCatalogue(search, entry)).toMatchObject({ where, text });
  });

  test('names the procedure, so that it can be opened', () => {
    expect(searchCatalogue('production', entry)?.procedure).toBe('emergency');
  });

  test('finds words that stand in different places, and nothing where one is nowhere', () => {
    expect(searchCatalogue('production flushall', entry)).toBeDefined();
    expect(searchCatalogue('production kafka', entry)).toBeUndefined();
  });

  test('an empty search finds every runbook', () => {
    expect(searchCatalogue('  ', entry)).toMatchObject({ where: 'title', positions: [] });
  });
});
