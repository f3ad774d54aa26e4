import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../journal/disk.ts';
import { diskFault, errorCode } from '../journal/fault.ts';
import { hashLine } from '../journal/line.ts';
import { clean } from './markdown-text.ts';

/** Something that a run left to be done. */
export interface FollowUp {
  /** Six characters, enough to name it by. */
  readonly id: string;
  readonly text: string;
  /** The run that it comes from, where it does. */
  readonly run?: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly closed?: { readonly at: string; readonly by: string; readonly note?: string };
}

/** What the operator answered at the end of a run about what is still to be done. */
export interface Answered {
  readonly run: string;
  readonly at: string;
  readonly answer: string;
}

const text = z.string();
const record = z.discriminatedUnion('type', [
  z.object({ type: z.literal('added'), id: text, text, run: text.optional(), at: text, by: text }),
  z.object({ type: z.literal('closed'), id: text, at: text, by: text, note: text.optional() }),
]);
type Record = z.infer<typeof record>;

function fileOf(stateFolder: string): string {
  return join(stateFolder, 'follow-ups.jsonl');
}

/**
 * Every follow-up, open or closed, the oldest first: each line of the answers, and what was added by hand. An answer
 * that changes later changes them too; what was closed stays closed as long as its words stay.
 */
export async function followUps(
  stateFolder: string,
  answers: readonly Answered[],
): Promise<readonly FollowUp[]> {
  const records = await read(stateFolder);
  const closed = new Map(
    records.flatMap((one) =>
      one.type === 'closed'
        ? [
            [
              one.id,
              { at: one.at, by: one.by, ...(one.note === undefined ? {} : { note: one.note }) },
            ] as const,
          ]
        : [],
    ),
  );
  const added = records.flatMap((one): readonly FollowUp[] =>
    one.type === 'added'
      ? [{ id: one.id, text: one.text, at: one.at, ...(one.run === undefined ? {} : { run: one.run }) }]
      : [],
  );
  const answered = answers.flatMap(({ run, at, answer }) =>
    itemsOf(answer).map((item): FollowUp => ({ id: idOf(`${run}\n${item}`), text: item, run, at })),
  );
  const all = new Map([...answered, ...added].map((one) => [one.id, one]));
  return [...all.values()]
    .map((one) => ({ ...one, ...(closed.has(one.id) ? { closed: closed.get(one.id)! } : {}) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The items of an answer: its lines, without list marks; what says that there is nothing is none. */
function itemsOf(answer: string): readonly string[] {
  return clean(answer)
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '').trim())
    .filter((line) => line !== '' && !/^(?:none|nothing|no|n\/a|[-–—]+)\.?$/i.test(line));
}

function idOf(words: string): string {
  return hashLine(words).slice(0, 6);
}

export async function addFollowUp(
  stateFolder: string,
  { words, run, by, now }: { words: string; run?: string | undefined; by: string; now: Date },
): Promise<string> {
  const at = now.toISOString();
  const id = idOf(`${at}\n${words}`);
  await append(stateFolder, {
    type: 'added',
    id,
    text: words,
    at,
    by,
    ...(run === undefined ? {} : { run }),
  });
  return id;
}

export async function closeFollowUp(
  stateFolder: string,
  { id, by, note, now }: { id: string; by: string; note?: string | undefined; now: Date },
): Promise<void> {
  const at = now.toISOString();
  await append(stateFolder, { type: 'closed', id, at, by, ...(note === undefined ? {} : { note }) });
}

async function append(stateFolder: string, one: Record): Promise<void> {
  try {
    await makeFolder(stateFolder);
    // One write of one line: two that add at the same moment both get in.
    await appendFile(fileOf(stateFolder), `${JSON.stringify(one)}\n`, { mode: 0o600, flush: true });
  } catch (error) {
    throw diskFault(error, fileOf(stateFolder), 'written');
  }
}

async function read(stateFolder: string): Promise<readonly Record[]> {
  let content: string;
  try {
    content = await readFile(fileOf(stateFolder), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw diskFault(error, fileOf(stateFolder), 'read');
  }
  return content.split('\n').flatMap((line) => {
    try {
      const parsed = record.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      // A line that a crash cut off was never acknowledged.
      return [];
    }
  });
}
