import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createFile, makeFolder, replaceFile } from '../journal/disk.ts';
import { errorCode } from '../journal/fault.ts';
import { hashLine } from '../journal/line.ts';
import { type SinkSettings, sinkSettings } from '../settings/sink-settings.ts';
import { labelOf, type Message } from './sinks/sink.ts';

/*
 * What is still to be told, one file a message and place in `<state>/outbox`, and beside it in `told` an empty file
 * for each that has arrived. A message is written before anybody tries to send it, so that a crash loses none; it is
 * marked before each try, so that after a crash it is known that the try may have arrived.
 */

/** A message on its way to one place. */
export interface Letter {
  readonly schema: 1;
  readonly id: string;
  readonly sink: SinkSettings;
  /** What relative folders of the sink start from. */
  readonly base: string;
  readonly message: Message;
  readonly tries: number;
  /** A try was begun whose end nobody saw. */
  readonly trying: boolean;
  /** UTC, ISO 8601; not before it. */
  readonly nextAt: string;
  /** When the last try began: UTC, ISO 8601. */
  readonly triedAt?: string;
  /** What went wrong at the last try. */
  readonly problem?: string;
}

const text = z.string();
const letter: z.ZodType<Letter> = z.object({
  schema: z.literal(1),
  id: text,
  sink: sinkSettings,
  base: text,
  message: z.object({
    id: text,
    moment: z.enum(['start', 'guard', 'end']),
    run: text,
    folder: text,
    mode: text,
    title: text,
    target: text.optional(),
    status: text,
    subject: text,
    text,
    head: z.object({ seq: z.number(), hash: text }),
    at: text,
  }),
  tries: z.number(),
  trying: z.boolean(),
  nextAt: text,
  triedAt: text.optional(),
  problem: text.optional(),
}) as z.ZodType<Letter>;

export function outboxFolder(stateFolder: string): string {
  return join(stateFolder, 'outbox');
}

/**
 * Puts a message for a place on disk. The same message for the same place is taken once, also after it has arrived.
 * False where it was there. Throws the system's error where the disk refuses.
 */
export async function post(
  stateFolder: string,
  sink: SinkSettings,
  base: string,
  message: Message,
): Promise<boolean> {
  const folder = outboxFolder(stateFolder);
  // Whoever keeps documents gets a later state of them (answers that came afterwards) as well; people hear it once.
  const state = sink.kind === 's3' || sink.kind === 'folder' ? message.head.seq : 0;
  const id = hashLine(JSON.stringify([message.id, state, sink, base])).slice(0, 24);
  await makeFolder(join(folder, 'told'));
  if ((await names(join(folder, 'told'))).includes(id)) return false;
  const first: Letter = {
    schema: 1,
    id,
    sink,
    base,
    message: { ...message, id },
    tries: 0,
    trying: false,
    nextAt: message.at,
  };
  return createFile(join(folder, `${id}.json`), JSON.stringify(first));
}

/** Every message that has not arrived, the oldest first; files that are none are left alone. */
export async function waiting(stateFolder: string): Promise<readonly Letter[]> {
  const folder = outboxFolder(stateFolder);
  const found = await Promise.all(
    (await names(folder))
      .filter((name) => /^[0-9a-f]+\.json$/.test(name))
      .map(async (name) => {
        const value = await readFile(join(folder, name), 'utf8')
          .then(JSON.parse)
          .catch(() => undefined);
        const result = letter.safeParse(value);
        return result.success ? [result.data] : [];
      }),
  );
  return found
    .flat()
    .sort((a, b) => (a.message.at < b.message.at ? -1 : a.message.at > b.message.at ? 1 : 0));
}

/** Notes on disk that a try begins. */
export async function beginTry(stateFolder: string, one: Letter, now: Date): Promise<Letter> {
  return save(stateFolder, { ...one, tries: one.tries + 1, trying: true, triedAt: now.toISOString() });
}

/** Notes that a try has failed, and when the next one may come. */
export async function putOff(
  stateFolder: string,
  one: Letter,
  problem: string,
  nextAt: Date,
): Promise<Letter> {
  return save(stateFolder, { ...one, trying: false, problem, nextAt: nextAt.toISOString() });
}

/** Notes that a message has arrived: it is not sent again, whoever asks. */
export async function told(stateFolder: string, one: Letter): Promise<void> {
  const folder = outboxFolder(stateFolder);
  await createFile(join(folder, 'told', one.id), '');
  await rm(join(folder, `${one.id}.json`), { force: true });
}

async function save(stateFolder: string, one: Letter): Promise<Letter> {
  await replaceFile(join(outboxFolder(stateFolder), `${one.id}.json`), JSON.stringify(one));
  return one;
}

async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}

/** All that waits, in one line: how much, for whom, and what is wrong there; undefined where nothing waits. */
export function waitingLine(letters: readonly Letter[]): string | undefined {
  if (letters.length === 0) return undefined;
  const places = [...Map.groupBy(letters, ({ sink }) => labelOf(sink))].map(([label, own]) => {
    const problem = own.find(({ problem }) => problem !== undefined)?.problem;
    return problem === undefined || problem.startsWith(`${label}: `)
      ? (problem ?? label)
      : `${label}: ${problem}`;
  });
  places.sort();
  const shown = places.slice(0, 3).join('; ');
  const more =
    places.length > 3 ? `; and ${places.length - 3} more ${places.length === 4 ? 'place' : 'places'}` : '';
  const count = letters.length === 1 ? '1 message is' : `${letters.length} messages are`;
  return `${count} not told yet (${shown}${more}). Kept, and tried again: drillbook log outbox`;
}

/** A message that waits, in one line. */
export function letterLine({ sink, message, tries, problem }: Letter): string {
  const tried =
    tries === 0
      ? 'not tried yet'
      : `${tries} ${tries === 1 ? 'try' : 'tries'}, ${problem ?? 'the end of the last was not seen'}`;
  return `${labelOf(sink)}: ${message.subject} (${tried})`;
}
