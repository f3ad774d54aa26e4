import { sanitise } from '../terminal/sanitise.ts';

/*
 * Text from commands, people and runbooks made safe inside Markdown (CommonMark 0.31 and GFM tables): whatever it
 * holds, it stays text. Output can hold fences, HTML, links and terminal sequences; an entry is pasted into trackers
 * that would obey them.
 */

/** Text without what a terminal or an editor would obey. A line rewritten by carriage returns shows its last state. */
export function clean(text: string): string {
  if (!/[^\t\n\x20-\x7e]/.test(text)) return text;
  return sanitise(
    text
      .toWellFormed()
      .replaceAll(/\r+\n/g, '\n')
      .replaceAll(/^.*\r(?=[^\n])/gm, ''),
  );
}

/** Words that hold nothing of Markdown, wherever they stand: most lines of a timeline. */
const plainWords = /^[A-Za-z][A-Za-z0-9 ,.:;()/'"%?!$-]*$/;

/** One line of running text: no markup of its own, no line break. */
export function inline(text: string): string {
  if (plainWords.test(text)) return text.trim();
  return clean(text)
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replaceAll(/[\\`*[\]<>|~]/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll(/(?<=(?:^|\s))@(?=\w)/g, '@\u200b')
    .replace(/^(?=#{1,6}(?:\s|$)|[+-](?:\s|$)|[=-][=\s-]*$)/, '\\')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** Several lines of running text, as a quotation. A hyphen at the beginning of a line makes it an item of a list. */
export function quotation(text: string): string {
  let before: 'item' | 'line' | undefined;
  const lines: string[] = [];
  for (const line of clean(text).trim().split('\n')) {
    const item = /^\s*- +(?=\S)/.exec(line);
    if (before && !(item && before === 'item')) lines.push('>');
    lines.push(item ? `> - ${inline(line.slice(item[0].length))}` : `> ${inline(line)}`.trimEnd());
    before = item ? 'item' : 'line';
  }
  return lines.join('\n');
}

/** A short piece of code in running text; several lines become one. */
export function code(text: string): string {
  const line = clean(text)
    .replaceAll(/\s*\n\s*/g, ' ⏎ ')
    .trim();
  if (line === '') return '–';
  const fence = '`'.repeat(longestRun(line) + 1);
  const edge = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${edge}${line}${edge}${fence}`;
}

/**
 * The same inside a table, where even in code a bar would end the cell. Readers of Markdown do not agree about a
 * backslash before it; such text is no code there.
 */
export function cellCode(text: string): string {
  // What is taken away, a terminal sequence, may have stood between the two.
  return clean(text).includes('\\|') ? inline(text) : code(text).replaceAll('|', '\\|');
}

/** A fenced block that nothing in its content can close. */
export function fenced(text: string, language = ''): string {
  const content = clean(text).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(content) + 1));
  return `${fence}${language}\n${content}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** A GFM table; the cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || '–').join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
