import type { CatalogueEntry } from './catalogue-entry.ts';

/** How well a text answers a search: a higher score is better. */
export interface FuzzyMatch {
  readonly score: number;
  /** The UTF-16 offsets in the text that were matched, ascending: what a screen marks. */
  readonly positions: readonly number[];
}

/** The text of a runbook that answers a search best, and where it stands. */
export interface CatalogueMatch extends FuzzyMatch {
  readonly where: 'title' | 'procedure' | 'heading' | 'command';
  readonly text: string;
  /** The procedure's id, where a procedure's title was matched. */
  readonly procedure?: string;
}

const consecutive = 8;
const wordStart = 10;
const each = 16;
const gapStart = 3;
const gapMore = 1;

/**
 * Matches the words of a search against a text: each word must be there, as it stands or as letters in order that
 * stand close together (`pgrst` in "pg_restore"). Case and accents do not matter. Undefined where a word is missing;
 * an empty search matches everything with score 0. Takes time in proportion to words × text. Scores letters that
 * follow one another or start words higher, in the manner of fzf's first algorithm (junegunn/fzf, algo.go).
 */
export function fuzzy(search: string, text: string): FuzzyMatch | undefined {
  return matchWords(wordsOf(search), text);
}

/**
 * Where a search is found best in a runbook: in its title before its procedures, its headings, its commands. Each
 * word must be found in one of them, so that "restore redis" finds the Redis step of "Restore". Undefined where a word is nowhere.
 */
export function searchCatalogue(search: string, entry: CatalogueEntry): CatalogueMatch | undefined {
  const words = wordsOf(search);
  if (words.length === 0) return { where: 'title', text: entry.title, score: 0, positions: [] };
  let best: CatalogueMatch | undefined;
  const missing = new Set(words);
  for (const { text, where, weight, procedure } of textsOf(entry)) {
    const folded = fold(text);
    const found = words.flatMap((word) => {
      const match = matchWord(word, folded);
      return match ? [{ word, match }] : [];
    });
    if (found.length === 0) continue;
    for (const { word } of found) missing.delete(word);
    const score = (found.reduce((sum, { match }) => sum + match.score, 0) - text.length / 50) * weight;
    if (best && best.score >= score) continue;
    const positions = merged(found.map(({ match }) => match.positions));
    best = { where, text, score, positions, ...(procedure !== undefined && { procedure }) };
  }
  return missing.size > 0 ? undefined : best;
}

function* textsOf(entry: CatalogueEntry): Generator<{
  readonly text: string;
  readonly where: CatalogueMatch['where'];
  readonly weight: number;
  readonly procedure?: string;
}> {
  yield { text: entry.title, where: 'title', weight: 1.5 };
  for (const { title, id } of entry.procedures)
    yield { text: title, where: 'procedure', weight: 1.25, procedure: id };
  for (const text of entry.headings) yield { text, where: 'heading', weight: 1 };
  for (const text of entry.commands) yield { text, where: 'command', weight: 0.75 };
}

function wordsOf(search: string): readonly string[] {
  return fold(search)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function matchWords(words: readonly string[], text: string): FuzzyMatch | undefined {
  const folded = fold(text);
  const found: FuzzyMatch[] = [];
  for (const word of words) {
    const match = matchWord(word, folded);
    if (!match) return undefined;
    found.push(match);
  }
  return {
    score: found.reduce((sum, match) => sum + match.score, 0),
    positions: merged(found.map((match) => match.positions)),
  };
}

/** The best place of one folded word in a folded text. */
function matchWord(word: string, text: string): FuzzyMatch | undefined {
  const whole = wholeWord(word, text);
  if (whole !== undefined) {
    const positions = Array.from({ length: word.length }, (_, at) => whole + at);
    return { positions, score: scoreOf(positions, text) };
  }
  const positions = scattered(word, text);
  return positions && { positions, score: scoreOf(positions, text) };
}

/** Where the word stands as it is: at the start of a word, if it does anywhere. */
function wholeWord(word: string, text: string): number | undefined {
  const first = text.indexOf(word);
  for (let at = first; at !== -1; at = text.indexOf(word, at + 1)) if (startsWord(text, at)) return at;
  return first === -1 ? undefined : first;
}

/** The letters of the word in their order, as close together as their first end allows; undefined where they are too far apart to be meant. */
function scattered(word: string, text: string): readonly number[] | undefined {
  let next = 0;
  let end = -1;
  for (let at = 0; at < text.length && next < word.length; at++)
    if (text[at] === word[next]) {
      next++;
      end = at;
    }
  if (next < word.length || word.length < 2) return undefined;
  const positions: number[] = [];
  for (let at = end, left = word.length - 1; left >= 0; at--)
    if (text[at] === word[left]) {
      positions.push(at);
      left--;
    }
  positions.reverse();
  const span = end - positions[0]! + 1;
  return span <= 2 * word.length + 2 && startsWord(text, positions[0]!) ? positions : undefined;
}

function scoreOf(positions: readonly number[], text: string): number {
  let score = 0;
  positions.forEach((at, index) => {
    const gap = index === 0 ? 0 : at - positions[index - 1]! - 1;
    score += each;
    if (startsWord(text, at)) score += wordStart;
    if (index > 0 && gap === 0) score += consecutive;
    if (gap > 0) score -= gapStart + gapMore * (gap - 1);
  });
  return score;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!);
}

/** Lower case without accents, of the same length, so that positions stay true. */
function fold(text: string): string {
  const plain = text.toLowerCase();
  if (/^[\x00-\x7f]*$/.test(plain)) return plain;
  return Array.from({ length: text.length }, (_, at) => {
    const one = text[at]!;
    const base = one.normalize('NFD')[0]!.toLowerCase();
    return base.length === 1 ? base : one;
  }).join('');
}

function merged(positions: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(positions.flat())].sort((a, b) => a - b);
}
