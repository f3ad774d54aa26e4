/** How far a command said it was, the last time that it said so. */
export interface Mark {
  readonly done: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'items' | 'percent';
  /** What it is at, in a few words; not sanitised. */
  readonly words: string;
  /** Units a second, where the command tells it itself. */
  readonly rate?: number;
}

/** Reads one line of a command's output; the mark before it where the line says nothing new. Pure. */
export type LineReader = (line: string, before: Mark | undefined) => Mark | undefined;

const steps: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
};

/** `1.2 MiB`, `30 kB`, `512 bytes` as bytes; undefined for what is none. */
export function bytesOf(text: string): number | undefined {
  const match = /^~?\s*([\d.]+)\s*(?:([kmgt]i?)?b?|bytes?)$/i.exec(text.trim());
  if (!match) return undefined;
  const value = Number(match[1]);
  return Number.isFinite(value) ? value * steps[(match[2] ?? '').toLowerCase()]! : undefined;
}
