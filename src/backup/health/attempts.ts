import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const attemptSchema = z.object({
  schema: z.literal(1),
  target: z.string(),
  /** Where it was to be stored. */
  store: z.string(),
  /** When it ended; UTC, ISO 8601. */
  at: z.iso.datetime(),
  ok: z.boolean(),
  durationMs: z.number(),
  /** The backup, or why there is none. */
  words: z.string(),
});

/** One try to make a backup, as this machine remembers it: a store only shows those that came out well. */
export type Attempt = z.infer<typeof attemptSchema>;

/** From this size on the file is put aside, and the one before it is forgotten; bytes. */
const longest = 512_000;

/** Notes an attempt. Throws where the folder can't be written. */
export async function noteAttempt(folder: string, attempt: Omit<Attempt, 'schema'>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > longest) await rename(file, `${file}.1`);
  await appendFile(file, `${JSON.stringify({ schema: 1, ...attempt })}\n`, { mode: 0o600 });
}

/** The attempts of one target into one store, the newest last. A line that can't be read is passed over. */
export async function readAttempts(folder: string, target: string, store: string): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const file of [`${join(folder, name)}.1`, join(folder, name)]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const attempt = readAttempt(line);
      if (attempt?.target === target && attempt.store === store) attempts.push(attempt);
    }
  }
  return attempts.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** An attempt from its JSON; undefined for anything else. */
export function readAttempt(text: string): Attempt | undefined {
  return attemptSchema.safeParse(jsonOf(text)).data;
}

const name = 'backup-attempts.jsonl';

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
