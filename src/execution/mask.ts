/** What stands in the place of a secret, everywhere. */
export const mask = '[redacted]';

/** From and to, in bytes. */
export type Span = readonly [start: number, end: number];

/** The bytes from `start` in pieces, each span masked; what lies before `start` is already out. */
export function masked(bytes: Buffer, spans: readonly Span[], start: number, keepWidth = false): Buffer[] {
  const out: Buffer[] = [];
  let at = start;
  for (const [from, to] of spans) {
    if (to <= at) continue;
    out.push(bytes.subarray(at, Math.max(at, from)));
    out.push(Buffer.from(keepWidth ? '*'.repeat(to - Math.max(at, from)) : mask, 'latin1'));
    at = to;
  }
  out.push(bytes.subarray(at));
  return out;
}

/** Spans in order, overlapping ones as one. Sorts what it is given. */
export function merge(spans: Span[]): Span[] {
  spans.sort((a, b) => a[0] - b[0]);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span[0] < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], span[1])];
    else merged.push(span);
  }
  return merged;
}
