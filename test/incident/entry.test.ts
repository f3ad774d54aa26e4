import { describe, expect, it } from 'vitest';
import { entryOf } from '../../src/incident/entry.ts';
import { markdownOf } from '../../src/incident/markdown.ts';
import { aborted, handedOver, resumed, Story, stories, success } from './restore-run.ts';

const now = new Date('2026-11-20T05:00:00.000Z');

describe('the entry of a run', () => {
  it.each(Object.entries(stories))('%s reads as its golden file', async (name, story) => {
    const entry = entryOf(story().events, now);
    await expect(markdownOf(entry)).toMatchFileSnapshot(`golden/${name}.md.golden`);
  });

  it('is JSON of a documented shape', async () => {
    const entry = entryOf(success().events, now);
    expect(JSON.parse(JSON.stringify(entry))).toEqual(entry);
    await expect(`${JSON.stringify(entry, null, 2)}\n`).toMatchFileSnapshot('golden/success.json.golden');
  });

  it('can be made after every single event, and never says more than the journal', () => {
    for (const story of Object.values(stories)) {
      const { events } = story();
      for (let count = 1; count <= events.length; count++) {
        const entry = entryOf(events.slice(0, count), now);
        expect(entry.chain.seq).toBe(count);
        expect(markdownOf(entry)).toContain('# ');
        expect(entry.endedAt !== undefined).toBe(entry.status !== 'running');
      }
    }
  });

  it('measures recovery from when it was noticed, and the loss from the data of the backup', () => {
    const { measured } = entryOf(success().events, now);
    expect(measured.detectedAt).toBe('2026-11-20T03:05:00.000Z');
    expect(measured.rto).toMatchObject({ from: '2026-11-20T03:05:00.000Z', objective: 3_600, met: true });
    expect(measured.rpo).toMatchObject({ takenAt: '2026-11-20T02:00:02.000Z', seconds: 3_898, met: true });
    expect(measured.downtime?.to).toBe(measured.rto?.to);
    expect(measured.downtime!.seconds).toBeGreaterThan(742);
  });

  it('does not count the time in which nobody worked on a step', () => {
    const step = entryOf(resumed().events, now).steps.find((found) => found.id === 'restore');
    expect(step?.seconds).toBeLessThan(1_000);
    expect(step?.seconds).toBeGreaterThan(733);
  });

  it('claims no recovery where there was none', () => {
    for (const story of [aborted(), handedOver()])
      expect(entryOf(story.events, now).measured.rto).toBeUndefined();
  });

  it('names every deviation', () => {
    const kinds = entryOf(aborted().events, now).deviations.map((deviation) => deviation.kind);
    expect(kinds).toEqual(['edited', 'overridden', 'skipped', 'skipped', 'by-hand']);
  });

  it('asks few questions, with what is known filled in', () => {
    const { questions } = entryOf(success().events.slice(0, -2), now);
    const known = Object.fromEntries(questions.map(({ id, suggestion }) => [id, suggestion]));
    expect(questions.length).toBeLessThanOrEqual(7);
    expect(known['root-cause']).toBe('migration 2231 dropped members.email; see the `deploy | 2231` log');
    expect(known['data-loss']).toMatch(/Changes after 2026-11-20 02:00:02 UTC/);
    expect(known.impact).toMatch(/maintenance mode from/);
    expect(known['follow-ups']).toMatch(/Check the estimate of "Restore from backup"/);
    expect(questions.every((question) => question.answer === undefined)).toBe(true);
  });

  it('asks by the mode of the run', () => {
    const ids = (mode: 'incident' | 'drill' | 'training' | 'preview') =>
      entryOf(new Story(undefined, { mode }).events, now).questions.map((question) => question.id);
    expect(ids('drill')).toEqual(['findings', 'follow-ups']);
    expect(ids('training')).toEqual(['learned']);
    expect(ids('preview')).toEqual([]);
  });

  it('cannot be made of nothing', () => {
    expect(() => entryOf([], now)).toThrow(/does not begin with the start of a run/);
  });
});
