import { describe, expect, test } from 'vitest';
import { Gate } from '../../src/tui/gate.ts';

const fail = (error: unknown): never => {
  throw error;
};

/** How often a key acted. */
function counter() {
  let count = 0;
  return { act: () => void count++, count: () => count };
}

describe('a key', () => {
  test('does not act before its question was painted', async () => {
    const gate = new Gate();
    const key = counter();
    gate.ask('run A');
    expect(await gate.act(key.act, fail)).toBe(false);
    gate.painted();
    expect(await gate.act(key.act, fail)).toBe(true);
    expect(key.count()).toBe(1);
  });

  test('acts once on a question, until the next frame', async () => {
    const gate = new Gate();
    const key = counter();
    gate.ask('run A');
    gate.painted();
    await gate.act(key.act, fail);
    await gate.act(key.act, fail);
    expect(key.count()).toBe(1);
    gate.painted();
    await gate.act(key.act, fail);
    expect(key.count()).toBe(2);
  });

  test('does not act while another one is at work', async () => {
    const gate = new Gate();
    const key = counter();
    let finish = (): void => {};
    gate.ask('run A');
    gate.painted();
    const first = gate.act(() => new Promise<void>((resolve) => (finish = resolve)), fail);
    expect(await gate.act(key.act, fail)).toBe(false);
    finish();
    await first;
    expect(key.count()).toBe(0);
  });

  test('acts on the next question as soon as that one is painted, also while the first one ends', async () => {
    const gate = new Gate();
    const key = counter();
    gate.ask('run A');
    gate.painted();
    await gate.act(() => {
      gate.ask('run B');
      gate.painted();
    }, fail);
    expect(await gate.act(key.act, fail)).toBe(true);
  });

  test('does not act where the run has moved on behind the frame', async () => {
    const gate = new Gate();
    const key = counter();
    let now = 'run A';
    gate.ask('run A', { now: () => now });
    gate.painted();
    now = 'run B';
    expect(await gate.act(key.act, fail)).toBe(false);
    now = 'run A';
    expect(await gate.act(key.act, fail)).toBe(true);
  });

  test('gives its error away and leaves the gate usable', async () => {
    const gate = new Gate();
    const errors: unknown[] = [];
    let frames = 0;
    gate.subscribe(() => frames++);
    gate.ask('run A');
    gate.painted();
    await gate.act(
      () => Promise.reject(new Error('full disk')),
      (error) => void errors.push(error),
    );
    expect(errors).toHaveLength(1);
    expect(frames).toBe(1);
    gate.painted();
    expect(gate.open).toBe(true);
  });

  test('faster than the frames waits for the next one where the question stays, and goes where it changes', async () => {
    const gate = new Gate();
    const done: string[] = [];
    const key = (action: 'note' | 'copy' | 'help') =>
      gate.act(() => void done.push(action), fail, { action });
    gate.ask('run A');
    gate.painted();
    await key('copy');
    const second = key('note');
    const third = key('help');
    expect(done).toEqual(['copy']);
    gate.painted();
    expect(await second).toBe(true);
    expect(done).toEqual(['copy', 'note']);
    gate.ask('run B');
    expect(await third).toBe(false);
    gate.painted();
    expect(done).toEqual(['copy', 'note']);
  });
});

describe('a mark', () => {
  /** A list whose mark keys move, and what Enter took. */
  function list() {
    const gate = new Gate();
    const taken: string[] = [];
    let at = 0;
    const show = (): void => gate.ask('list', { mark: `row ${at}` });
    show();
    gate.painted();
    return {
      gate,
      taken,
      down: () =>
        gate.move(() => {
          at++;
          show();
        }),
      /** The list moves by itself, as where it comes in or letters are typed. */
      stray: () => {
        at++;
        show();
      },
      enter: () => {
        const row = `row ${at}`;
        return gate.act(() => void taken.push(row), fail, { action: 'open', onMark: true });
      },
      quit: () => gate.act(() => void taken.push('quit'), fail, { action: 'quit' }),
    };
  }

  test('that keys moved faster than the frames loses no move, and Enter acts on it when it is painted', async () => {
    const { gate, taken, down, enter } = list();
    for (let count = 0; count < 20; count++) down();
    const entered = enter();
    expect(taken).toEqual([]);
    gate.painted();
    await entered;
    expect(taken).toEqual(['row 20']);
  });

  test('does not keep back a key that has nothing to do with it, and keeps the order of those that wait', async () => {
    const { gate, taken, down, enter, quit } = list();
    down();
    await quit();
    expect(taken).toEqual(['quit']);
    gate.painted();
    down();
    const [first, second] = [enter(), quit()];
    gate.painted();
    await first;
    gate.painted();
    await second;
    expect(taken).toEqual(['quit', 'row 2', 'quit']);
  });

  test('that moved by itself was not seen by who presses Enter', async () => {
    const { gate, taken, down, stray, enter } = list();
    down();
    // What a key changed is committed within its turn; this comes later.
    await Promise.resolve();
    stray();
    expect(await enter()).toBe(false);
    gate.painted();
    await enter();
    expect(taken).toEqual(['row 2']);
  });
});
