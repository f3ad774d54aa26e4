import { expect, test } from 'vitest';
import { homeRows, windowOf } from '../../src/tui/home-rows.ts';
import type { HomeContent } from '../../src/tui/house.ts';

const content: HomeContent = {
  loading: false,
  sandbox: 'ready',
  unfinished: [{ run: 'r', title: 'Restore', mode: 'incident', target: 'members', lastAt: '', at: '' }],
  drills: Array.from({ length: 7 }, (_, at) => ({
    target: `target-${at}`,
    overdue: at === 0,
    words: 'OVERDUE by 12 d, never drilled',
  })),
  runbooks: [{ path: 'a.md', title: 'A runbook', procedures: 1 }],
  entries: [],
};

const textOf = (shown: HomeContent, search = '') =>
  windowOf(homeRows(shown, search), undefined, 40, 60).map((line) => line.map(({ text }) => text).join(''));

test('drills that are due stand behind unfinished runs and before runbooks, a few of them', () => {
  const text = textOf(content);
  const at = (what: string) => text.findIndex((line) => line.includes(what));
  expect(at('Unfinished runs')).toBeLessThan(at('Drills overdue: 7'));
  expect(at('Drills overdue: 7')).toBeLessThan(at('target-0'));
  expect(at('and 2 more: drillbook drill due')).toBeLessThan(at('Runbooks'));
  expect(at('target-5')).toBe(-1);
});

test('they are due where none is overdue, and nothing is said where none is, nor in a search', () => {
  const due = { ...content, drills: [{ target: 'members', overdue: false, words: 'due since 2 h' }] };
  expect(textOf(due).join('\n')).toContain('Drills due: 1');
  expect(textOf({ ...content, drills: [] }).join('\n')).not.toContain('Drill');
  expect(textOf(content, 'runbook').join('\n')).not.toContain('Drills');
});
