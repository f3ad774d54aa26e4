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
    gate.ask('run A', () => now);
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
});
