import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masked } from '../../src/journal/masking.ts';
import { eventFault } from '../../src/journal/schema.ts';
import type { RunEvent } from '../../src/run/event.ts';
import { commandFinished, commandStarted, note, started } from './event-samples.ts';

const secret = 's3cret';
const mask = (text: string) => text.replaceAll(secret, '***');

describe('masking an event', () => {
  it('covers every text, however deep', () => {
    const events: readonly RunEvent[] = [
      started({
        host: `laptop-${secret}`,
        runbook: { ...started().runbook, contacts: [{ role: 'db', reach: secret }] },
      }),
      note(`the password is ${secret}`),
      commandStarted(1, `PGPASSWORD=${secret} psql`),
      commandFinished(`connected with ${secret}\n`),
      { type: 'input-given', name: 'PGPASSWORD', value: secret, secret: false, source: 'operator' },
      {
        type: 'comparison-reported',
        comparison: { left: 'a', right: 'b', equal: false, differences: [secret] },
      },
      {
        type: 'backup-reported',
        backup: { action: 'created', name: `${secret}.dump`, location: `s3://b/${secret}` },
      },
    ];
    for (const event of events) {
      expect(JSON.stringify(event)).toContain(secret);
      expect(JSON.stringify(masked(event, mask))).not.toContain(secret);
    }
  });

  it('leaves the words that a run steers by, even where a secret is one of them', () => {
    const event = masked(commandStarted(), all);
    expect(event).toMatchObject({ type: 'command-started', command: 'look', effect: 'reads', text: '***' });
    expect(eventFault(masked(commandFinished(), all))).toBeUndefined();
    expect(eventFault(masked(started(), all))).toBeUndefined();
    expect(
      masked({ type: 'input-given', name: 'HOST', value: 'x', secret: false, source: 'flag' }, all),
    ).toMatchObject({ name: 'HOST', value: '***' });
    expect(masked({ type: 'check-answered', part: 'a', answer: 'ticked' }, all)).toMatchObject({
      answer: 'ticked',
    });
    expect(masked({ type: 'question-answered', question: 'impact', answer: 'x' }, all)).toMatchObject({
      question: 'impact',
      answer: '***',
    });
  });

  it('changes neither the given event nor, where nothing is secret, the written one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const event = note(text);
        expect(masked(event, (same) => same)).toEqual(event);
        masked(event, all);
        expect(event).toEqual(note(text));
      }),
    );
  });
});

function all(): string {
  return '***';
}
