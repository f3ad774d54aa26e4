import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { journalName } from '../journal/line.ts';
import { readJournal } from '../journal/read.ts';
import { entryOf } from './entry.ts';
import { readJson } from './heads.ts';
import type { Entry } from './shape.ts';

export type Found =
  | {
      readonly kind: 'entry';
      readonly entry: Entry;
      /** The journal is damaged; the entry tells what stands before the bad line. */
      readonly damage?: string;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a reader of entries relies on; the rest is as it was written. */
const bones = z.object({
  schema: z.literal(1),
  run: z.string(),
  title: z.string(),
  mode: z.string(),
  status: z.string(),
  startedAt: z.string(),
  operators: z.array(z.string()),
  measured: z.object({ duration: z.number() }),
  steps: z.array(
    z.object({ title: z.string(), status: z.string(), parts: z.array(z.object({ kind: z.string() })) }),
  ),
  deviations: z.array(z.object({ kind: z.string(), what: z.string() })),
  timeline: z.array(z.object({ time: z.string(), text: z.string() })),
  backups: z.array(z.object({ name: z.string() })),
  questions: z.array(z.object({ id: z.string(), text: z.string() })),
  chain: z.object({ seq: z.number(), hash: z.string() }),
});

/** The entry of a run made now from its journal, whatever was written before. */
export async function draftEntry(runFolder: string, now: Date): Promise<Found> {
  const { events, head, broken } = await readJournal(runFolder);
  if (events.length === 0)
    return {
      kind: 'unreadable',
      reason: broken ? `line ${broken.line}: ${broken.reason}` : 'nothing was recorded',
    };
  try {
    const entry = entryOf(events, now, head);
    return broken
      ? { kind: 'entry', entry, damage: `line ${broken.line}: ${broken.reason}` }
      : { kind: 'entry', entry };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The entry of a run: as it was written, unless the journal has grown since or it cannot be read. */
export async function loadEntry(runFolder: string, now: Date): Promise<Found> {
  const file = join(runFolder, 'entry.json');
  const [written, grown] = [changedAt(file), changedAt(join(runFolder, journalName))];
  // Equal times say nothing: the clock of a file system may tick only every few milliseconds.
  if (written !== undefined && (grown === undefined || written > grown)) {
    const value = await readJson(file);
    if (bones.safeParse(value).success) return { kind: 'entry', entry: value as Entry };
  }
  return draftEntry(runFolder, now);
}

/** At once, as it is asked of thousands. */
function changedAt(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}
