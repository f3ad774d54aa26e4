import { open } from 'node:fs/promises';

/** One event of a recording; `wait` is the interval since the one before, in seconds. */
export interface CastEvent {
  readonly wait: number;
  readonly code: string;
  readonly data: string;
}

/**
 * Reads the events of an asciicast v3 (https://docs.asciinema.org/manual/asciicast/v3/), one after the other, whatever
 * the length. Comments and lines that are no event, such as one that a crash tore, are passed over. Throws where the file cannot be
 * read or is no such recording.
 */
export async function* castEvents(path: string): AsyncGenerator<CastEvent> {
  const file = await open(path, 'r');
  try {
    let header = true;
    for await (const line of file.readLines({ encoding: 'utf8' })) {
      const value = parsed(line);
      if (header) {
        if ((value as { version?: unknown } | undefined)?.version !== 3)
          throw new Error(`${path} is not a recording in the format asciicast v3`);
        header = false;
        continue;
      }
      if (!Array.isArray(value)) continue;
      const [wait, code, data] = value as unknown[];
      if (typeof wait === 'number' && typeof code === 'string' && typeof data === 'string')
        yield { wait: Math.max(0, wait), code, data };
    }
  } finally {
    await file.close().catch(() => undefined);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Columns and rows of a recording, by its header. Throws where the file cannot be read or is no asciicast v3. */
export async function castSize(path: string): Promise<{ readonly columns: number; readonly rows: number }> {
  const file = await open(path, 'r');
  try {
    for await (const line of file.readLines({ encoding: 'utf8' })) {
      const { version, term } = (parsed(line) ?? {}) as { version?: unknown; term?: Record<string, unknown> };
      if (version !== 3) break;
      return { columns: Number(term?.cols) || 80, rows: Number(term?.rows) || 24 };
    }
    throw new Error(`${path} is not a recording in the format asciicast v3`);
  } finally {
    await file.close().catch(() => undefined);
  }
}
