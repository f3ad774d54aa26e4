import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redaction } from '../execution/redaction.ts';
import { compile } from '../runbook/compile.ts';
import type { Procedure } from '../runbook/procedure.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { Refusal } from './exit.ts';
import { loadShellGrammar } from './grammars.ts';

/** More than any runbook; a dump given by mistake is larger. */
const largest = 64 * 1024 * 1024;

/** The runbook as a run began with it, in the run's folder; what looks like a secret in it is masked. */
export const runbookCopy = 'runbook.md';

export interface RunbookFile {
  readonly path: string;
  /** As it was read; `sha256` (hex) is of these. */
  readonly bytes: Buffer;
  readonly source: string;
  readonly sha256: string;
  readonly runbook: Runbook;
}

/** Reads and compiles a runbook. Throws a `Refusal` that says what the file is, where it is not a runbook. */
export async function readRunbook(path: string): Promise<RunbookFile> {
  const bytes = await readBytes(path);
  if (bytes.includes(0)) throw new Refusal(`${path} is a binary file: a runbook is Markdown text`);
  const source = bytes.toString('utf8');
  if (source.trim() === '') throw new Refusal(`${path} is empty: there is nothing to run`);
  await loadShellGrammar();
  return { path, bytes, source, sha256: hashOf(bytes), runbook: compile(source) };
}

/** SHA-256 (hex) of a runbook's bytes now; undefined where it cannot be read. */
export async function currentHash(path: string): Promise<string | undefined> {
  return readFile(path).then(hashOf, () => undefined);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new Refusal(`${path} is a folder: name a Markdown file in it`);
    if (!found.isFile()) throw new Refusal(`${path} is not a file`);
    if (found.size > largest) throw new Refusal(`${path} has ${found.size} bytes: that is no runbook`);
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new Refusal(`there is no file ${path}`);
    if (code === 'EACCES' || code === 'EPERM') throw new Refusal(`${path} may not be read by this user`);
    throw error;
  }
}

/**
 * What a run keeps of a runbook: its bytes, or, where something in them looks like a secret, the text with that masked and
 * its own SHA-256 (hex). Only shapes count: a password that is also a word would tear the text apart.
 */
export function copyOf({ bytes, source }: Pick<RunbookFile, 'bytes' | 'source'>): {
  readonly bytes: Buffer;
  readonly maskedCopy?: string;
} {
  const open = new Redaction().text(source);
  if (open === source) return { bytes };
  const masked = Buffer.from(open, 'utf8');
  return { bytes: masked, maskedCopy: hashOf(masked) };
}

/**
 * The bytes of the runbook that a run began with, by its hash: from the run's own copy, else from where the runbook lies.
 * Undefined where the one is masked or damaged and the other has changed.
 */
export async function begunWith(
  folder: string,
  { path, sha256 }: { readonly path: string; readonly sha256: string },
): Promise<Buffer | undefined> {
  for (const place of [join(folder, runbookCopy), path]) {
    const bytes = await readFile(place).catch(() => undefined);
    if (bytes && hashOf(bytes) === sha256) return bytes;
  }
  return undefined;
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The procedure that an id, a title or a part of either names; the only one where none is named. Throws a
 * `Refusal` that lists what there is.
 */
export function findProcedure({ runbook, path }: RunbookFile, wanted: string | undefined): Procedure {
  const { procedures } = runbook;
  if (procedures.length === 0)
    throw new Refusal(
      `${path} has no steps or commands: there is nothing to run. 'drillbook show ${path}' shows how it is read.`,
    );
  if (wanted === undefined) {
    if (procedures.length === 1) return procedures[0]!;
    throw new Refusal(
      `${path} has several procedures: name one behind a #, for example ${path}#${procedures[0]!.id}\n${list(procedures)}`,
    );
  }
  const key = wanted.toLowerCase();
  const exact = procedures.find((procedure) => procedure.id === key || procedure.title.toLowerCase() === key);
  if (exact) return exact;
  const partial = procedures.filter(
    (procedure) => procedure.id.includes(key) || procedure.title.toLowerCase().includes(key),
  );
  if (partial.length === 1) return partial[0]!;
  throw new Refusal(
    `${path} has ${partial.length === 0 ? 'no procedure' : 'several procedures like'} "${wanted}":\n${list(procedures)}`,
  );
}

function list(procedures: readonly Procedure[]): string {
  return procedures
    .map((procedure) => `  ${procedure.id}  ${procedure.title} (line ${procedure.range.line})`)
    .join('\n');
}

/** `file.md#procedure` taken apart; a `#` that belongs to a file's name is not split off by mistake. */
export async function splitAddress(
  address: string,
): Promise<{ readonly path: string; readonly procedure: string | undefined }> {
  const at = address.lastIndexOf('#');
  if (at === -1 || (await stat(address).catch(() => undefined)))
    return { path: address, procedure: undefined };
  return { path: address.slice(0, at), procedure: address.slice(at + 1) || undefined };
}
