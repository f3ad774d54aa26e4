import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundle } from '../support/bundle.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let play: Bundle;

beforeAll(async () => {
  play = await bundle('test/tui/play.ts');
});
afterAll(() => play.remove());

async function at(
  scene: string,
  columns: number,
  rows: number,
  env: Record<string, string>,
  walk: (terminal: Terminal) => Promise<void>,
): Promise<void> {
  const terminal = openTerminal({
    columns,
    rows,
    command: process.execPath,
    args: [play.file, scene],
    env: { PLAY_FOLDER: dirname(play.file), ...env },
  });
  try {
    await walk(terminal);
  } finally {
    await terminal.close();
  }
}

const sizes = [
  [60, 20],
  [80, 24],
  [120, 40],
  [200, 50],
] as const;

/** What each key opens in a run whose command has failed, and what is seen then; the same key goes back. */
const looks: readonly (readonly [key: string, see: string])[] = [
  ['L', 'Every step. Enter shows one'],
  ['V', 'Values of this run'],
  ['F', 'What lint says about this runbook: 1'],
  ['R', 'What do you see?'],
  ['t', 'Timeline (UTC)'],
  ['b', 'Go back to which step?'],
  ['?', 'All keys'],
  ['o', 'Output, try 1'],
];
/** What asks for something: Esc goes back without doing it. */
const questions: readonly (readonly [key: string, see: string])[] = [
  ['n', 'Note'],
  ['s', 'Why is it skipped?'],
  ['S', 'Why is the whole step skipped?'],
  ['m', 'What was done by hand?'],
  ['e', 'The command as it shall run'],
  ['h', 'Who takes over?'],
  ['x', 'Stop this run?'],
  [':', 'Find'],
];

test.each(sizes)('every screen says where it is and the way back, and fits: %i×%i', async (columns, rows) => {
  await at('everything', columns, rows, { NO_COLOR: '1' }, async (terminal) => {
    const fits = (screen: string): void => {
      const shown = screen.split('\n');
      expect(shown.length).toBeLessThanOrEqual(rows);
      for (const row of shown) expect([...row].length).toBeLessThanOrEqual(columns);
      // The head is there and the keys are the last thing: nothing was cut off at either end.
      expect(screen).toContain('──');
      expect(shown.findLast((row) => row.trim() !== '')).toMatch(/back|all keys/);
    };
    await terminal.see('Ready to begin');
    fits(terminal.screen());
    terminal.press('enter');
    await terminal.see('⏎ run');
    fits(terminal.screen());
    terminal.press('enter');
    await terminal.see('R what helps: the runbook has a remedy for');
    fits(terminal.screen());
    // What fits the output stands first, not what stands first in the document.
    expect(terminal.screen().replace(/\s*┆\s*|\n/g, ' ')).toMatch(/remedy\s+for\s+“The\s+role\s+does\s+not/);
    for (const [key, see] of looks) {
      terminal.type(key);
      await terminal.see(see);
      fits(terminal.screen());
      terminal.type(key);
      await terminal.until('the run again', (screen) => !screen.includes(see) && screen.includes('r retry'));
    }
    for (const [key, see] of questions) {
      terminal.type(key);
      await terminal.see(see);
      fits(terminal.screen());
      terminal.press('esc');
      await terminal.until('the run again', (screen) => !screen.includes(see) && screen.includes('r retry'));
    }
    // A frame that was higher than the window would have made Ink clear everything.
    expect(terminal.raw()).not.toContain('\u001B[3J');
    expect(terminal.raw()).not.toMatch(/\u001B\[(?:3[0-7]|9[0-7])m/);
  });
});

test('what helps is done in the step that failed, with its values and its place in the timeline', async () => {
  await at('everything', 100, 30, { NO_COLOR: '1' }, async (terminal) => {
    await terminal.see('Ready to begin');
    terminal.press('enter');
    await terminal.see('⏎ run');
    terminal.press('enter');
    await terminal.see('R what helps');
    terminal.type('R');
    await terminal.see('What do you see?');
    terminal.press('enter');
    await terminal.see('r do it here');
    terminal.type('r');
    await terminal.see('The role does not exist: what helps');
    await terminal.see('⏎ run');
    terminal.press('enter');
    await terminal.see('Value for <role>');
    terminal.type('members');
    terminal.press('enter');
    await terminal.see(/createuser members/);
    await terminal.until('the command waits', (screen) => screen.includes('⏎ run'));
    terminal.press('enter');
    // What had failed is there again.
    await terminal.see('r retry');
    terminal.type('t');
    await terminal.see(/remedy: The role does not exist \(line \d+\)/);
  });
});

test.each(sizes)('home, setup, training and its debrief too: %i×%i', async (columns, rows) => {
  const fits = (screen: string): void => {
    const shown = screen.split('\n');
    expect(shown.length).toBeLessThanOrEqual(rows);
    for (const row of shown) expect([...row].length).toBeLessThanOrEqual(columns);
    expect(screen).toContain('──');
    expect(shown.findLast((row) => row.trim() !== '')).toMatch(/back|all keys|done|go on/);
  };
  await at('first', columns, rows, { NO_COLOR: '1' }, async (terminal) => {
    fits(await terminal.see('Drill a restore on the sandbox'));
    for (const [key, see] of [
      ['?', 'All keys'],
      [':', /^ Find/m],
      ['/', /^ search/m],
    ] as const) {
      terminal.type(key);
      fits(await terminal.see(see));
      terminal.press('esc');
      fits(await terminal.see(/\? all keys/));
    }
    terminal.press('enter');
    for (const see of ['What is it for?', 'Against which target?', 'Values for the run']) {
      fits(await terminal.see(see));
      terminal.press('enter');
    }
  });
  await at('training', columns, rows, { NO_COLOR: '1' }, async (terminal) => {
    fits(await terminal.see('Give up'));
    terminal.press('down', 'enter');
    fits(await terminal.see(/do\s+first\?/));
    // An answer is told from another by its end too.
    await terminal.see(/changed\s+or\s+restored/);
    terminal.press('enter');
    fits(await terminal.see('Not so:'));
    terminal.press('enter');
    await terminal.see(/do\s+first\?/);
    terminal.press('down', 'enter');
    fits(await terminal.see('Now you know which backup holds it.'));
    terminal.press('enter');
    await terminal.see('Give up');
    terminal.press('up', 'up', 'enter');
    fits(await terminal.see('Debrief: Bookings are gone'));
    expect(terminal.raw()).not.toContain('\u001B[3J');
  });
});

describe('what is found by its name', () => {
  test('is done, shown or opened; Ctrl+K opens the same list', async () => {
    await at('everything', 100, 30, {}, async (terminal) => {
      await terminal.see('Ready to begin');
      terminal.press('enter');
      await terminal.see('⏎ run');
      terminal.type('\u000B');
      await terminal.see(/^ Find/m);
      terminal.type('look');
      await terminal.see('step      2 Look');
      terminal.press('enter');
      await terminal.see('2 Look (only to read)');
      await terminal.see('The application answers');
      terminal.press('esc');
      await terminal.see('Every step.');
      terminal.type('L');
      await terminal.see('⏎ run');
      terminal.type(':');
      await terminal.see(/^ Find/m);
      terminal.type('note');
      await terminal.see('Adds a note to the journal.');
      terminal.press('enter');
      await terminal.see('⏎ done');
      terminal.type('from the palette');
      await terminal.see('▸ from the palette');
      terminal.press('enter');
      await terminal.seeNot('from the palette');
      terminal.type('t');
      await terminal.see('note: from the palette');
      // Only commands, only what went wrong, only the notes.
      for (const see of ['only commands', 'only what went wrong', 'only notes']) {
        terminal.type('f');
        await terminal.see(see);
      }
      await terminal.see('note: from the palette');
      expect(terminal.screen()).not.toContain('step: Restore the dump');
    });
  });
});

describe('the command', () => {
  test('is copied as it stands by OSC 52, and it is said', async () => {
    await at('everything', 100, 30, {}, async (terminal) => {
      await terminal.see('Ready to begin');
      terminal.press('enter');
      await terminal.see('⏎ run');
      terminal.type('y');
      await terminal.see('The command was sent to the clipboard');
      const copied = Buffer.from(`psql -d members -c 'SELECT 1'`).toString('base64').replace(/=+$/, '');
      expect(terminal.raw()).toContain(`\u001B]52;c;${copied}`);
    });
  });
});

describe('the window', () => {
  test('has the run as its title and its own one back at the end', async () => {
    await at('everything', 80, 24, {}, async (terminal) => {
      await terminal.see('Ready to begin');
      await terminal.until('a title', () =>
        terminal.raw().includes('\u001B[22;2t\u001B]2;DRILL Restore · sandbox (sandbox)\u001B\\'),
      );
      terminal.press('ctrl+c');
      await terminal.see('Stop this run?');
      terminal.press('ctrl+c');
      await terminal.exited();
      expect(terminal.raw().split('\u001B[22;2t').length).toBe(terminal.raw().split('\u001B[23;2t').length);
    });
  });

  test('has an own key where the preferences say so, in the footer and the help, and a wrong one is told', async () => {
    await at('everything', 80, 24, { PLAY_KEYS: '{"note":"ctrl+n"}' }, async (terminal) => {
      await terminal.see('Ctrl+N note');
      terminal.type('\u000E');
      await terminal.see('⏎ done');
    });
    await at('everything', 100, 30, { PLAY_KEYS: '{"note":"t"}' }, async (terminal) => {
      await terminal.see('your keys do not count: t would be both note and timeline');
      await terminal.see('n note');
    });
  });
});

describe('a screen reader', () => {
  test('gets words instead of marks and frames, and nothing side by side', async () => {
    await at('everything', 120, 40, { INK_SCREEN_READER: 'true' }, async (terminal) => {
      await terminal.see('Ready to begin');
      await terminal.see('Enter begin');
      terminal.press('enter');
      await terminal.see('Enter run');
      expect(terminal.screen()).not.toMatch(/[─┆│▶▸⏎⠋⠙⠹⠸]/);
      terminal.press('enter');
      await terminal.see('not well: failed  exit 1');
      expect(terminal.screen()).not.toMatch(/[─┆│▶▸⏎⠋⠙⠹⠸]/);
    });
  });
});
