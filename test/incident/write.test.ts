import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { entryOf } from '../../src/incident/entry.ts';
import { markdownOf } from '../../src/incident/markdown.ts';
import { entryName, writeEntry } from '../../src/incident/write.ts';
import { Story, success } from './restore-run.ts';

const name = '2026-11-20-0312-restore-to-production';

async function folders(): Promise<{ run: string; incidents: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-entry-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run = join(folder, 'run');
  await mkdir(run);
  return { run, incidents: join(folder, 'team', 'incidents') };
}

function entry(hour = 5, run = '20261120-0312-restore-to-production-k3f9') {
  const made = entryOf(success().events, new Date(`2026-11-20T0${hour}:00:00.000Z`));
  return { ...made, run };
}

describe('writing an entry', () => {
  it('puts it into the run folder and among the incidents, whole', async () => {
    const { run, incidents } = await folders();
    const written = await writeEntry(entry(), run, incidents);
    expect(written).toEqual({
      markdown: join(run, 'entry.md'),
      json: join(run, 'entry.json'),
      incident: join(incidents, `${name}.md`),
    });
    expect((await readdir(run)).sort()).toEqual(['entry.json', 'entry.md', 'head.json']);
    expect((await readdir(incidents)).sort()).toEqual([`${name}.json`, `${name}.md`]);
    expect(await readFile(written.incident!, 'utf8')).toBe(markdownOf(entry()));
    expect(JSON.parse(await readFile(join(incidents, `${name}.json`), 'utf8'))).toEqual(entry());
    expect((await stat(written.markdown)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(run, 'head.json'), 'utf8'))).toMatchObject(entry().chain);
  });

  it('replaces the entry of its own run', async () => {
    const { run, incidents } = await folders();
    await writeEntry(entry(5), run, incidents);
    const again = await writeEntry(entry(6), run, incidents);
    expect(await readdir(incidents)).toHaveLength(2);
    expect(await readFile(again.incident!, 'utf8')).toContain('as of 2026-11-20 06:00:00 UTC');
  });

  it('never replaces the entry of another run', async () => {
    const { run, incidents } = await folders();
    const first = await writeEntry(entry(), run, incidents);
    const before = await readFile(first.incident!, 'utf8');
    for (const [id, expected] of [
      ['20261120-0312-restore-to-production-m2p4', `${name}-m2p4.md`],
      ['20261120-0312-other-m2p4', `${name}-m2p4-2.md`],
    ] as const) {
      const other = await folders();
      const second = await writeEntry(entry(5, id), other.run, incidents);
      expect(second.incident).toBe(join(incidents, expected));
      const again = await writeEntry(entry(6, id), other.run, incidents);
      expect(again.incident).toBe(second.incident);
    }
    expect(await readFile(first.incident!, 'utf8')).toBe(before);
  });

  it('does not take the name of somebody else, file or JSON alone', async () => {
    const { run, incidents } = await folders();
    await mkdir(incidents, { recursive: true });
    await writeFile(join(incidents, `${name}.md`), 'written by hand\n');
    await writeFile(
      join(incidents, `${name}-k3f9.json`),
      JSON.stringify({ run: 'other', chain: { seq: 1, hash: '' } }),
    );
    const written = await writeEntry(entry(), run, incidents);
    expect(written.incident).toBe(join(incidents, `${name}-k3f9-2.md`));
    expect(await readFile(join(incidents, `${name}.md`), 'utf8')).toBe('written by hand\n');
  });

  it('leaves what a person has edited, and says where the newer one is', async () => {
    const { run, incidents } = await folders();
    const { incident } = await writeEntry(entry(5), run, incidents);
    await appendFile(incident!, '\nRoot cause confirmed in the review.\n');
    for (const hour of [6, 7]) {
      const again = await writeEntry(entry(hour), run, incidents);
      expect(again.incident).toBeUndefined();
      expect(again.problem).toContain('was edited since it was written and is left as it is');
      expect(again.problem).toContain(join(run, 'entry.md'));
    }
    expect(await readFile(incident!, 'utf8')).toContain('Root cause confirmed');
    expect(await readFile(join(run, 'entry.md'), 'utf8')).toContain('07:00:00 UTC');
  });

  it('keeps the entry in the run folder where the incidents cannot be written', async () => {
    const { run, incidents } = await folders();
    await mkdir(join(incidents, '..'), { recursive: true });
    await writeFile(incidents, 'a file where the folder should be');
    const written = await writeEntry(entry(), run, incidents);
    expect(written.incident).toBeUndefined();
    expect(written.problem).toMatch(/could not be written: .* The entry is kept as .*entry\.md\./);
    expect(await readFile(written.markdown, 'utf8')).toBe(markdownOf(entry()));
  });

  it('says so where even the run folder is gone', async () => {
    const { run, incidents } = await folders();
    await rm(run, { recursive: true });
    await expect(writeEntry(entry(), run, incidents)).rejects.toThrow(
      /entry\.md could not be written: it does not exist/,
    );
  });

  it('makes a name of any title', () => {
    const { events } = new Story(undefined, { run: 'x' });
    expect(entryName({ ...entryOf(events, new Date()), title: '../../日本' })).toBe('2026-11-20-0312-run');
  });
});
