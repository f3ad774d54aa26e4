import { randomBytes } from 'node:crypto';

/** No letters and digits that are read as one another. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

/**
 * The id of a new run, and the name of its folder: `20261120-0312-restore-to-production-k3f9`. Sorts by its UTC
 * minute; the four characters at the end tell apart runs of the same minute.
 */
export function newRunId(title: string, at: Date): string {
  const minute = at.toISOString().slice(0, 16).replaceAll('-', '').replace(':', '').replace('T', '-');
  const tail = Array.from(randomBytes(4), (byte) => alphabet[byte % alphabet.length]).join('');
  return [minute, slug(title) || 'run', tail].join('-');
}

/** A title as part of a file name: lower case, words joined by hyphens, at most 40 characters, maybe empty. */
export function slug(title: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (words.length <= 40) return words;
  const cut = words.slice(0, 41);
  return cut.slice(0, Math.max(cut.lastIndexOf('-'), 20)).replaceAll(/-$/g, '');
}

/** Whether a name may be that of a run's folder; holds off `..` and other paths. */
export function isRunId(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,120}$/.test(name);
}
