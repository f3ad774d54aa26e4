import stringWidth from 'string-width';
import { ageWords } from '../runbook/catalogue-entry.ts';
import type { CatalogueMatch } from '../runbook/fuzzy.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';
import type { LibraryEntry } from './library.ts';

/** A runbook of the list; `match` says where a search found it. */
export interface Listed {
  readonly entry: LibraryEntry;
  readonly match?: CatalogueMatch;
}

/** The list for the terminal: a line of what is known and a line with the path for each runbook. */
export function listText(listed: readonly Listed[], shownPath: (path: string) => string): string {
  const titles = listed.map(({ entry }) => sanitiseLine(entry.title));
  const width = Math.min(48, Math.max(0, ...titles.map((title) => stringWidth(title))));
  return listed
    .map(({ entry, match }, index) => {
      const title = titles[index]!;
      const facts = factsOf(entry).map(sanitiseLine).join(' · ');
      const pad = ' '.repeat(Math.max(0, width - stringWidth(title)));
      const found = match && match.where !== 'title' ? `  ${match.where}: ${marked(match)}\n` : '';
      return `${title}${pad}  ${facts}\n  ${sanitiseLine(shownPath(entry.path))}\n${found}`;
    })
    .join('');
}

function factsOf(entry: LibraryEntry): readonly string[] {
  const { procedures, findings, age, lastRun } = entry;
  return [
    entry.severity,
    counted(procedures, 'procedure'),
    entry.estimate,
    findings > 0 ? counted(findings, 'finding') : undefined,
    entry.owner,
    age === undefined ? undefined : `updated ${ageWords(age)}`,
    lastRun
      ? `run ${lastRun.slice(0, 10)}${entry.lastOutcome ? ` (${entry.lastOutcome})` : ''}`
      : 'never run',
  ].filter((fact) => fact !== undefined);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The text that was found, with what was matched in brackets: seen without colour. */
function marked({ text, positions }: CatalogueMatch): string {
  const matched = new Set(positions);
  let out = '';
  for (let at = 0; at < text.length; at++) {
    if (matched.has(at) && !matched.has(at - 1)) out += '[';
    out += text[at];
    if (matched.has(at) && !matched.has(at + 1)) out += ']';
  }
  return sanitiseLine(out);
}
