import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundle } from '../support/bundle.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let play: Bundle;
let terminal: Terminal | undefined;

beforeAll(async () => {
  play = await bundle('test/tui/play.ts');
});
afterAll(() => play.remove());
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

function open(scene: string, columns: number, rows: number, env: Record<string, string> = {}): Terminal {
  terminal = openTerminal({
    columns,
    rows,
    command: process.execPath,
    args: [play.file, scene],
    env: { PLAY_FOLDER: dirname(play.file), ...env },
  });
  return terminal;
}

/** Header and footer can be seen at once: a frame that is too high would have lost its head. */
function whole(screen: string, head: string, foot: string): void {
  expect(screen).toContain(head);
  expect(screen).toContain(foot);
  expect(screen.indexOf(head)).toBeLessThan(screen.lastIndexOf(foot));
}

/** Goes to the first command of a scene that begins in a run. */
async function toFirstCommand(at: Terminal): Promise<void> {
  await at.see('Ready to begin');
  at.press('enter');
  await at.see('psql --version');
}

const sizes = [
  [60, 20],
  [80, 24],
  [100, 30],
  [120, 40],
  [200, 50],
] as const;

describe.each(sizes)('the whole drill with Enter alone at %i×%i', (columns, rows) => {
  test('from home to the entry', async () => {
    const at = open('first', columns, rows);
    await at.see('Drill a restore on the sandbox');
    const path: readonly (readonly [see: string | RegExp, foot: string])[] = [
      ['What is it for?', 'choose'],
      ['Against which target?', 'choose'],
      ['Begin the run', 'accept'],
      ['Ready to begin', 'begin'],
      ['psql --version', 'run'],
      ['▶ ☐ There is enough room', 'tick'],
      ['▶ ☐ Somebody else', 'tick'],
      ['Next: 2 Safety backup', 'next step'],
      ['/tmp/safety.dump', 'run'],
      ['Next: 3 Maintenance mode on', 'next step'],
      ['To be done by hand', 'done'],
      ['Next: 4 Terminate connections', 'next step'],
      [/asks before it runs/, 'run'],
      ['Run this? Enter runs it', 'confirm'],
      ['How is it restored?', 'choose'],
      ['Next: 5 Restore from backup', 'next step'],
      ['dropdb members', 'run'],
      ['Run this? Enter runs it', 'confirm'],
      ['pg_restore -d members /store/members.dump', 'run'],
      ['Next: 6 Verify', 'next step'],
      ['SELECT count(*)', 'run'],
      ['Must hold: Record counts match', 'holds'],
      ['Next: 7 Maintenance mode off', 'next step'],
      ['To be done by hand', 'done'],
      ['Every step is done', 'finish'],
      ['Proposed: passed', 'choose'],
      ['What was the cause?', 'done'],
      ['What is to be done next?', 'done'],
      ['Entry written: incidents/2026-11-20-restore.md', 'back'],
    ];
    for (const [see, foot] of path) {
      at.press('enter');
      const screen = await at.until(
        `${see} with ${foot}`,
        (now) => (typeof see === 'string' ? now.includes(see) : see.test(now)) && now.includes(`⏎ ${foot}`),
      );
      whole(screen, '──', `⏎ ${foot}`);
    }
    expect(at.screen()).toContain('cause: a drill');
    at.press('enter');
    await at.see('Commit the entry to /srv/ops?');
    whole(at.screen(), '──', '⏎ choose');
    at.press('enter');
    await at.see('The entry is committed');
    at.press('enter');
    await at.see('search');
    at.type('q');
    expect(await at.exited()).toEqual({ code: 0, signal: undefined });
    expect(at.cursorVisible()).toBe(true);
    // What was done stays above, once each.
    const record = at.scrollback();
    for (const title of [
      '1 Pre-checks',
      '2 Safety backup',
      '5 Restore from backup',
      '7 Maintenance mode off',
    ])
      expect(record.split(`✓ ${title}  `).length - 1).toBe(1);
  });
});

describe('guards', () => {
  test('outside of the sandbox a destroying command wants its phrase, typed exactly', async () => {
    const at = open('backed-up', 100, 30);
    await at.see('Ready to begin');
    at.press('enter');
    await at.see('asks for the typed phrase RESTORE railway');
    at.press('enter');
    await at.see('Type the phrase exactly');
    whole(at.screen(), 'PRODUCTION', 'Esc back');
    expect(at.screen()).toContain('db.internal:5432');
    at.press('enter');
    await at.see('that is not the phrase');
    at.type('restore railway');
    await at.see('▸ restore railway');
    at.press('enter');
    await at.until(
      'the complaint to stay',
      (now) => now.includes('▸ restore railway') && now.includes('not the phrase'),
    );
    at.press('ctrl+u');
    at.type('RESTORE railway');
    await at.see('▸ RESTORE railway');
    at.press('enter');
    await at.see('ran drop');
  });

  test('a refusal that may be overridden asks for the reason, then for the phrase', async () => {
    const at = open('no-backup', 80, 24);
    await at.see('Ready to begin');
    at.press('enter');
    await at.see('asks for the typed phrase');
    at.press('enter');
    await at.see('no safety backup');
    at.type('!');
    await at.see('Overriding');
    at.type('the disk is dying');
    at.press('enter');
    await at.see('Type the phrase exactly');
    at.type('RESTORE railway');
    at.press('enter');
    await at.see('ran drop');
  });

  test.each([
    [60, 20],
    [100, 30],
  ] as const)('a shell on production is asked for first, at %i×%i', async (columns, rows) => {
    const at = open('production', columns, rows);
    await toFirstCommand(at);
    at.type('$');
    await at.see('Open a shell? Enter opens it, Esc goes back.');
    whole(at.screen(), 'PRODUCTION', 'Esc');
    expect(at.screen()).toContain('db.internal:5432');
    expect(at.screen()).toContain('neither read first nor guarded');
    at.press('esc');
    await at.until('the step to be back', (now) => !now.includes('Open a shell?'));
    at.type('t');
    await at.see('Timeline');
    expect(at.screen()).not.toContain('shell opened');
    at.press('esc');
    await at.see('psql --version');
    at.type('$');
    await at.see('Open a shell?');
    at.press('enter');
    await at.until('the shell to be over', (now) => !now.includes('Open a shell?'));
    at.type('t');
    await at.see('shell opened');
  });

  test('another server than at the start is refused, and may be accepted with a reason', async () => {
    const at = open('other-server', 80, 24);
    await at.see('Ready to begin');
    at.press('enter');
    await at.see('asks before it runs');
    at.press('enter');
    await at.see('Run this?');
    at.press('enter');
    await at.see('not the server that the run began with');
    at.type('a');
    await at.see('Why is this server the right one?');
    at.type('failover');
    at.press('enter');
    await at.see('asks before it runs');
    at.press('enter');
    await at.see('Run this?');
    at.press('enter');
    await at.see('ran drop');
  });
});

describe('when a command does not end well', () => {
  test('a failure shows its exit code and the ways on; a retry goes on', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    at.press('enter');
    await at.see('exit 127');
    for (const way of ['r retry', 'e edit', 's skip', 'm by hand', 'i interactive', 'x stop'])
      expect(at.screen()).toContain(way);
    at.press('enter');
    await at.see('Output, try 1: Which client is this?');
    at.press('esc');
    await at.see('r retry');
    at.type('r');
    await at.see('There is enough room');
  });

  test('a skip wants a reason', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    at.type('s');
    await at.see('Why is it skipped?');
    at.press('enter');
    await at.see('a reason is needed');
    at.type('no client here');
    at.press('enter');
    await at.see('There is enough room');
    at.type('t');
    await at.see('no client here');
  });

  test('an edited command is what runs', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    at.type('e');
    await at.see('Nothing runs yet');
    at.type(' -q');
    at.press('ctrl+j');
    at.paste('echo 日本語');
    await at.see('echo 日本語');
    at.press('home', 'right', 'right', 'right', 'right');
    at.type('!');
    await at.see('echo! 日本語');
    at.press('enter');
    await at.see('edited · Which client is this?');
    expect(at.screen()).toContain('psql --version -q');
    expect(at.screen()).toContain('echo! 日本語');
  });

  test('Ctrl+C climbs the ladder one rung at a time, and the rung is shown', async () => {
    const at = open('stubborn', 80, 24);
    await toFirstCommand(at);
    at.press('enter');
    await at.see('running');
    at.press('ctrl+c');
    await at.see('SIGINT sent');
    at.press('ctrl+c');
    await at.see('stopped');
  });

  test('an interrupted command is settled with a note', async () => {
    const at = open('interrupted', 80, 24);
    await at.see('Not certain: whether it took effect');
    at.press('enter');
    at.type('w');
    await at.see('How did you find out?');
    at.type('looked at the server');
    at.press('enter');
    await at.see('This step is done');
  });
});

describe('a way that was taken by mistake', () => {
  test.each([
    [60, 20],
    [100, 30],
  ] as const)(
    'can be taken anew after going back, and what was done on it stays, at %i×%i',
    async (columns, rows) => {
      const at = open('chosen', columns, rows);
      await at.see('railway run true');
      at.press('enter');
      await at.see(/Run this|This step is done/);
      if (at.screen().includes('Run this')) {
        at.press('enter');
        await at.see('This step is done');
      }
      at.type('b');
      await at.see('Choose again: How is it restored?');
      at.press('down', 'enter');
      await at.see('Taken: Option B railway');
      at.press('enter');
      await at.see('Next: 5 Restore from backup');
      expect(at.scrollback()).toContain('5 Restore on Railway');
      at.press('enter');
      await at.see('dropdb members');
      at.type('t');
      await at.see(/chosen: Option A sandbox\s+instead\s+of\s+Option\s+B\s+railway/);
      expect(at.screen()).toContain('runs: railway');
    },
  );
});

describe('leaving', () => {
  test('Ctrl+C asks, Ctrl+C again leaves with the run resumable', async () => {
    const at = open('failing', 60, 20);
    await toFirstCommand(at);
    at.press('ctrl+c');
    await at.see('Stop this run?');
    at.press('ctrl+c');
    expect((await at.exited()).code).toBe(130);
    expect(at.scrollback()).toContain('drillbook resume scripted');
    expect(at.cursorVisible()).toBe(true);
    expect(at.raw()).not.toContain('\u001B[?1049h');
  });

  test('q while a command runs asks first, and leaves when the command has ended', async () => {
    const at = open('flood', 80, 24);
    await toFirstCommand(at);
    at.press('enter');
    await at.see('running');
    at.type('q');
    await at.see('A command is running.');
    at.press('enter');
    expect((await at.exited()).code).toBe(0);
  });

  test('a run ended as failed asks why, and leads to its entry', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    at.type('x');
    await at.see('Stop this run?');
    at.type('f');
    await at.see('Why did it fail?');
    at.type('no client');
    at.press('enter');
    await at.see('What was the cause?');
  });

  test('SIGTERM gives the terminal back', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    process.kill(at.pid, 'SIGTERM');
    expect((await at.exited()).code).toBe(130);
    expect(at.cursorVisible()).toBe(true);
  });
});

describe('the window', () => {
  test('20×5 shows one clear line, and a larger window brings the screen back as it was', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    at.type('n');
    await at.see('Note');
    at.type('half a sentence');
    await at.see('half a sentence');
    at.resize(20, 5);
    await at.until('one line', (now) => now.trim() === 'needs 60×20');
    at.press('enter');
    at.resize(80, 24);
    await at.see('half a sentence');
    whole(at.screen(), 'Restore to production', 'Esc back');
  });

  test('starts in 20×5 without a word too many', async () => {
    const at = open('first', 20, 5);
    await at.see('needs 60×20');
    at.resize(60, 20);
    await at.see('Drill a restore');
    at.press('ctrl+c');
    expect((await at.exited()).code).toBe(130);
  });

  test('fifty resizes in a row leave one whole frame', async () => {
    const at = open('flood', 100, 30);
    await toFirstCommand(at);
    at.press('enter');
    await at.see('running');
    for (let count = 0; count < 50; count++) at.resize(60 + ((count * 37) % 80), 20 + ((count * 13) % 25));
    at.resize(100, 30);
    at.press('ctrl+c');
    await at.see('ended by SIGINT');
    const screen = at.screen();
    whole(screen, 'Restore to production', 'all keys');
    expect(screen.split('ended by SIGINT').length - 1).toBeGreaterThanOrEqual(1);
    expect(screen.split(' DRILL ').length - 1).toBe(1);
    expect(screen.split('all keys').length - 1).toBe(1);
  });
});

describe('the terminal', () => {
  test('a narrower window leaves nothing of the wider frame behind', async () => {
    const at = open('failing', 120, 30);
    await toFirstCommand(at);
    for (const columns of [100, 80, 60, 110, 70]) {
      at.resize(columns, 30);
      const screen = await at.until(`a frame of ${columns}`, (now) =>
        now.split('\n').some((row) => row === '─'.repeat(columns)),
      );
      expect(screen.split(' DRILL ').length - 1).toBe(1);
    }
    expect(at.scrollback().split(' DRILL ').length - 1).toBe(1);
  });

  test('Ctrl+Z gives the shell back, and fg the screen', async () => {
    terminal = openTerminal({
      columns: 80,
      rows: 24,
      command: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      env: { PS1: 'shell> ' },
    });
    const at = terminal;
    await at.see('shell>');
    at.type(`'${process.execPath}' '${play.file}' failing\r`);
    await toFirstCommand(at);
    at.press('ctrl+z');
    await at.see('Stopped');
    expect(at.cursorVisible()).toBe(true);
    at.type('echo "$((6 * 7))"\r');
    await at.see('\n42\n');
    at.type('fg\r');
    await at.see(/psql --version[\s\S]*all keys/);
    at.type('n');
    await at.see('Note');
    at.press('esc');
    await at.see('all keys');
    at.press('ctrl+c');
    await at.see('Stop this run?');
    at.press('ctrl+c');
    await at.see(/drillbook resume scripted[\s\S]*shell>/);
    at.type('exit\r');
    await at.exited();
  });

  test('what is waited for can be left, and its end does not come back', async () => {
    const at = open('slow', 80, 24);
    await at.see('Drill a restore');
    at.press('enter');
    await at.see('What is it for?');
    at.press('enter');
    await at.see('Against which target?');
    at.press('enter');
    await at.see('Making the cluster');
    at.press('esc');
    await at.see('Against which target?');
    at.press('down', 'enter');
    await at.see('railway@db.internal:5432');
    expect(at.screen()).toContain('Begin the run');
  });
});

describe('keys', () => {
  test('a heap of Enters acts once on each question that was seen, never on one that was not', async () => {
    const at = open('first', 100, 30);
    await at.see('Drill a restore on the sandbox');
    at.type('\r'.repeat(200));
    await at.see('What is it for?');
    // The heap came in one read: it opened one thing. The next question is still there to be answered.
    at.press('enter');
    await at.see('Against which target?');
  });

  test('a key meant for a list moves it before Enter, also in one read', async () => {
    const at = open('first', 100, 30);
    await at.see('Drill a restore on the sandbox');
    at.press('enter');
    await at.see('What is it for?');
    at.press('down', 'down', 'enter');
    await at.see('PREVIEW');
  });

  test('keys typed under a flood of output arrive, each once', async () => {
    const at = open('flood', 80, 24);
    await toFirstCommand(at);
    at.press('enter');
    await at.see('running');
    at.type('n');
    await at.see('Note');
    const text = 'the quick brown fox jumps over the lazy dog';
    for (const letter of text) at.type(letter);
    await at.see(`▸ ${text}`);
    at.press('enter');
    await at.seeNot(text);
    at.type('t');
    await at.see(`note: ${text}`);
  });

  test('the help is made of the keymap and opens on the keys that are good now', async () => {
    const at = open('failing', 80, 24);
    await toFirstCommand(at);
    at.type('?');
    await at.see('A command is next  (now)');
    at.press('esc');
    await at.see('psql --version');
  });
});

describe('home', () => {
  test('unfinished runs come first, and the search finds by letters', async () => {
    const at = open('busy', 80, 24);
    await at.see('Unfinished runs');
    expect(at.screen().indexOf('Unfinished runs')).toBeLessThan(at.screen().indexOf('Runbooks'));
    expect(at.screen()).not.toContain('Start here');
    at.type('/');
    await at.see('search  ');
    at.type('bckp');
    await at.until(
      'one found',
      (now) => now.includes('▸ PostgreSQL backup') && !now.includes('PostgreSQL restore'),
    );
    at.press('esc');
    await at.see('Unfinished runs');
  });

  test('the mark stands where it was for whoever comes back, and on the run that was stopped', async () => {
    const at = open('first', 80, 24);
    await at.see('▸ Drill a restore on the sandbox');
    at.press('down', 'down');
    await at.see('▸ PostgreSQL backup');
    at.press('enter');
    await at.see(/What is it for\?|Which procedure/);
    at.press('esc');
    await at.see('▸ PostgreSQL backup');
    at.press('up', 'up', 'enter');
    await at.see('What is it for?');
    for (const next of ['Against which target?', 'Begin the run', 'Ready to begin', 'psql --version']) {
      at.press('enter');
      await at.see(next);
    }
    at.type('x');
    await at.see('Stop this run?');
    at.press('enter');
    await at.see(/Unfinished runs\s+▸ DRILL/);
  });

  test('without colour nothing is coloured, and in ASCII nothing else is drawn', async () => {
    const at = open('busy', 80, 24, { NO_COLOR: '1', LANG: 'C' });
    await at.see('all keys');
    expect(at.raw()).not.toMatch(/\u001B\[(3[0-7]|9[0-7])m/);
    expect(at.screen()).not.toMatch(/[^\u0000-\u007F]/);
  });
});

describe('a command that wants the terminal', () => {
  test('gets every key, and the screen comes back after Enter', async () => {
    const at = open('interactive', 80, 24);
    await toFirstCommand(at);
    at.press('enter');
    await at.see('name?');
    // Meant for whoever has the terminal: the signal reaches the screens too, and they stay.
    at.type('\u0003');
    await at.see('^C');
    at.type('yes\r');
    await at.see('hello yes');
    await at.see('[back to the run: Enter]');
    at.press('enter');
    await at.see('There is enough room');
    at.type('t');
    await at.see('Timeline');
  });
});
