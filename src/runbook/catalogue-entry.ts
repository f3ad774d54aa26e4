import type { Item } from './choice.ts';
import type { Estimate } from './estimate.ts';
import type { Part } from './part.ts';
import type { Runbook } from './runbook.ts';

/** What a list of runbooks keeps of one: enough to show it, to sort it and to find it, without its text. */
export interface CatalogueEntry {
  readonly title: string;
  readonly procedures: readonly CataloguedProcedure[];
  /** Titles of steps, options, symptoms and reference sections; titles of procedures are not repeated. */
  readonly headings: readonly string[];
  /** The first line of each command and its caption, if any: `caption: command`. */
  readonly commands: readonly string[];
  readonly severity?: string;
  readonly estimate?: Estimate;
  readonly owner?: string;
  /** The day of the last update, `YYYY-MM-DD`; absent where the document names none that can be read. */
  readonly updated?: string;
}

export interface CataloguedProcedure {
  readonly id: string;
  readonly title: string;
  readonly estimate?: Estimate;
}

/** A list keeps so many texts of one document, and so many characters of each: an index stays smaller than its documents. */
const mostTexts = 600;
const mostCharacters = 200;

/** What a list keeps of a compiled runbook. */
export function catalogueEntry(runbook: Runbook): CatalogueEntry {
  const { meta } = runbook;
  const headings = new Set<string>();
  const commands = new Set<string>();
  const ofPart = (part: Part): void => {
    if (part.kind === 'command') commands.add(commandText(part.text, part.caption));
    if (part.kind === 'choice')
      for (const option of part.options) {
        headings.add(short(option.title));
        option.parts.forEach(ofPart);
      }
  };
  const ofItem = (item: Item): void => {
    if (item.title) headings.add(short(item.title));
    if (item.kind === 'step') item.parts.forEach(ofPart);
    else
      for (const option of item.options) {
        headings.add(short(option.title));
        option.items.forEach(ofItem);
      }
  };
  for (const procedure of runbook.procedures) {
    procedure.items.forEach(ofItem);
    // What may be a command is found as one.
    for (const { other } of procedure.guesses ?? [])
      for (const { parts } of other.places) parts.forEach(ofPart);
  }
  for (const symptom of runbook.symptoms) {
    headings.add(short(symptom.title));
    symptom.remedy.forEach(ofPart);
  }
  for (const section of runbook.references) headings.add(short(section.title));
  const procedures = runbook.procedures.slice(0, mostTexts).map(({ id, title, estimate }) => ({
    id,
    title: short(title),
    ...(estimate && { estimate }),
  }));
  for (const { title } of procedures) headings.delete(title);
  headings.delete('');
  const estimate = runbook.estimate ?? meta.estimate;
  const updated = meta.lastUpdated === undefined ? undefined : dayOf(meta.lastUpdated);
  return {
    title: short(runbook.title),
    procedures,
    headings: [...headings].slice(0, mostTexts),
    commands: [...commands].slice(0, mostTexts),
    ...(meta.severity && { severity: short(meta.severity) }),
    ...(estimate && { estimate }),
    ...(meta.owner && { owner: short(meta.owner) }),
    ...(updated && { updated }),
  };
}

function commandText(text: string, caption: string | undefined): string {
  const first = text.split('\n', 1)[0]!;
  return short(caption ? `${caption.split('\n', 1)[0]}: ${first}` : first);
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters - 1)}…` : line;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The day, `YYYY-MM-DD`, that a person wrote as `2026-01-15`, `2026/01/15`, `January 15, 2026`, `15 Jan 2026` or
 * `15.01.2026`. Undefined for what is no day of the calendar, and for `01/02/2026`, which is two days.
 */
export function dayOf(written: string): string | undefined {
  const iso = /\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(written);
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/.exec(written);
  if (dotted) return day(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]));
  const american = /\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b/i.exec(written);
  if (american) return day(Number(american[3]), monthOf(american[1]!), Number(american[2]));
  const english = /\b(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})\b/i.exec(written);
  if (english) return day(Number(english[3]), monthOf(english[2]!), Number(english[1]));
  return undefined;
}

/** 1 to 12; 0 for a word that is no month. */
function monthOf(word: string): number {
  return months.indexOf(word.slice(0, 3).toLowerCase()) + 1;
}

function day(year: number, month: number, date: number): string | undefined {
  const made = new Date(Date.UTC(year, month - 1, date));
  const real =
    made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
  return real ? made.toISOString().slice(0, 10) : undefined;
}

/** Whole days from a day (`YYYY-MM-DD`) to a moment, never negative. */
export function ageInDays(updated: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(`${updated}T00:00:00Z`)) / 86_400_000));
}

/** An age in days as one reads it: `today`, `9 days ago`, `14 months ago`, `3 years ago`; in short `9d`, `14mo`. */
export function ageWords(days: number, short = false): string {
  if (days < 1) return 'today';
  const [count, noun, letters] =
    days < 61
      ? ([days, 'day', 'd'] as const)
      : days < 731
        ? ([Math.round(days / 30.44), 'month', 'mo'] as const)
        : ([Math.floor(days / 365.25), 'year', 'y'] as const);
  return short ? `${count}${letters}` : `${count} ${noun}${count === 1 ? '' : 's'} ago`;
}
