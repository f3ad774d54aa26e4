import { expect, test } from 'vitest';
import { notification, restoredTitle, windowTitle } from '../../src/terminal/notify.ts';

const news = { title: 'Restore', body: 'pg_restore ended after 12 min' };

test.each([
  ['osc9', '\x1b]9;Restore: pg_restore ended after 12 min\x07\x07'],
  ['osc777', '\x1b]777;notify;Restore;pg_restore ended after 12 min\x07\x07'],
  ['bell', '\x07'],
] as const)('a notification by %s', (way, sequence) => {
  expect(notification({ notification: way }, news, {})).toBe(sequence);
});

test.each(['osc9', 'osc777'] as const)(
  'hostile text neither ends the sequence nor adds fields: %s',
  (way) => {
    const hostile = 'a\x07b\x1b]52;c;aGk=\x07c\x1b\\d;e\x9cf\nthe end';
    const sequence = notification({ notification: way }, { title: hostile, body: hostile }, {});
    expect(sequence.slice(1, -2)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    expect(sequence).not.toContain('52;c');
    expect(sequence.split(';')).toHaveLength(way === 'osc9' ? 2 : 4);
  },
);

test('a number in front is no command of the terminal', () => {
  expect(notification({ notification: 'osc9' }, { title: '4;1;50', body: '' }, {})).toBe(
    '\x1b]9;– 4,1,50\x07\x07',
  );
});

test('long text is cut between characters', () => {
  const sequence = notification({ notification: 'osc9' }, { title: '😀'.repeat(300), body: '' });
  expect(sequence).toBe(`\x1b]9;${'😀'.repeat(199)}…\x07\x07`);
});

test('the title of the window is set safely and can be taken back', () => {
  expect(windowTitle('INCIDENT \x1b]0;x\x07Restore')).toBe('\x1b[22;2t\x1b]2;INCIDENT Restore\x1b\\');
  expect(windowTitle('\x1b[2J')).toBe('');
  expect(restoredTitle).toBe('\x1b[23;2t');
});

test('through tmux and screen the sequence reaches the terminal around, and the bell stays theirs', () => {
  expect(
    notification({ notification: 'osc9' }, { title: 'T', body: '' }, { TMUX: '/tmp/tmux-0/default,1,0' }),
  ).toBe('\x1bPtmux;\x1b\x1b]9;T\x07\x1b\\\x07');
  expect(notification({ notification: 'osc777' }, { title: 'T', body: 'b' }, { STY: '1.pts' })).toBe(
    '\x1bP\x1b]777;notify;T;b\x07\x1b\\\x07',
  );
  expect(notification({ notification: 'bell' }, news, { TMUX: 'x' })).toBe('\x07');
});
