import { bytesOf, type LineReader } from './mark.ts';

const size = String.raw`\d[\d.]*(?: (?:bytes|[kMGT]?B))?`;
const parts = new RegExp(String.raw`(?<done>${size}) of (?<total>${size})\)?$`);

/** What `drillbook backup` and `drillbook compare` say of their progress: `… 12 MB of 30 MB`, `… (3 of 14)`, `… 12 MB stored`. */
export const readOwn: LineReader = (line, before) => {
  const stored = new RegExp(`^(.*) · (${size}) stored$`).exec(line);
  if (stored) return { done: bytesOf(stored[2]!) ?? 0, unit: 'bytes', words: stored[1]!.trim() };
  const match = parts.exec(line);
  if (!match) return before;
  const { done, total } = match.groups!;
  const unit = /[a-z]/i.test(total!) ? 'bytes' : 'items';
  const words = line
    .slice(0, match.index)
    .replace(/[\s(]+$/, '')
    .trim();
  return { done: bytesOf(done!) ?? 0, total: bytesOf(total!) ?? 0, unit, words };
};
