import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../journal/disk.ts';
import { readSmallFile } from '../journal/small-file.ts';
import type { Entry } from './shape.ts';

/** What was written where, and how far the journal went then: `head.json` in a run's folder. */
export interface HeadFile {
  readonly schema: 1;
  readonly run: string;
  readonly seq: number;
  readonly hash: string;
  readonly writtenAt: string;
  /** The entry outside the run's folder, where there is one: absolute path of the Markdown file. */
  readonly entry?: string;
  /** SHA-256 of that file as it was written: tells whether somebody has edited it since. */
  readonly sha256?: string;
  /** The same for further folders that the entry went to. */
  readonly others?: readonly { readonly entry: string; readonly sha256: string }[];
}

const name = 'head.json';

const shape = z.object({
  schema: z.literal(1),
  run: z.string(),
  seq: z.number(),
  hash: z.string(),
  writtenAt: z.string(),
  entry: z.string().optional(),
  sha256: z.string().optional(),
  others: z.array(z.object({ entry: z.string(), sha256: z.string() })).optional(),
}) satisfies z.ZodType<HeadFile>;

/** Undefined where there is none or it cannot be understood. */
export async function readHead(runFolder: string): Promise<HeadFile | undefined> {
  const value = await readJson(join(runFolder, name));
  const result = shape.safeParse(value);
  return result.success ? result.data : undefined;
}

export async function writeHead(
  runFolder: string,
  entry: Entry,
  outside?: { readonly file: string; readonly sha256: string },
  others: HeadFile['others'] = [],
): Promise<void> {
  const head: HeadFile = {
    schema: 1,
    run: entry.run,
    ...entry.chain,
    writtenAt: entry.writtenAt,
    ...(outside ? { entry: outside.file, sha256: outside.sha256 } : {}),
    ...(others.length > 0 ? { others } : {}),
  };
  await replaceFile(join(runFolder, name), `${JSON.stringify(head, null, 2)}\n`);
}

const kept = z.object({ run: z.string(), chain: z.object({ seq: z.number(), hash: z.string() }) });

/** Run and chain of an `entry.json`; undefined where the file is none. */
export async function readChain(file: string): Promise<z.infer<typeof kept> | undefined> {
  const result = kept.safeParse(await readJson(file));
  return result.success ? result.data : undefined;
}

/** A JSON file's value; undefined where it cannot be read or is no JSON. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readSmallFile(file)).toString('utf8'));
  } catch {
    return undefined;
  }
}
