import { parse, YAMLParseError } from 'yaml';

/** What could not be read, and on which line of the front matter, counted from 1 behind its dashes. */
export interface Trouble {
  readonly what: string;
  readonly line: number;
}

/** The fields of a front matter, as text, and what kept it from being read as YAML. */
export interface FrontMatter {
  readonly fields: readonly (readonly [string, string])[];
  readonly trouble?: Trouble;
}

/** Longer front matter is not read; characters. */
const longest = 50_000;

/**
 * Reads YAML front matter. Where it is not valid (a tab as indentation is the usual fault) its lines `key: value` are read
 * one by one, so that one slip does not lose the owner and the severity, and the line with the fault is told.
 */
export function readFrontMatter(text: string): FrontMatter {
  if (text.length > longest)
    return { fields: [], trouble: { what: 'the front matter is too long to be read', line: 1 } };
  try {
    // Few aliases: a document must not be able to blow up by referring to itself.
    const value: unknown = parse(text, { maxAliasCount: 20 });
    if (value === null || value === undefined) return { fields: [] };
    if (typeof value !== 'object' || Array.isArray(value))
      return {
        fields: [],
        trouble: { what: 'the front matter has no fields: it is no list of names and values', line: 1 },
      };
    return {
      fields: Object.entries(value).map(([key, one]) => [
        key,
        one instanceof Date ? one.toISOString() : typeof one === 'object' ? JSON.stringify(one) : String(one),
      ]),
    };
  } catch (error) {
    const line = (error instanceof YAMLParseError && error.linePos?.[0].line) || 1;
    const tab = tabbedLine(text);
    return {
      fields: plainFields(text),
      trouble: tab
        ? {
            what: 'the front matter is not valid YAML: a tab stands where YAML wants blanks; it was read line by line',
            line: tab,
          }
        : { what: `the front matter is not valid YAML (${reasonOf(error)}); it was read line by line`, line },
    };
  }
}

/** The first line that is indented by a tab; undefined where none is. */
function tabbedLine(text: string): number | undefined {
  const at = text.split(/\r\n|\n|\r/).findIndex((line) => /^ *\t+\S/.test(line));
  return at < 0 ? undefined : at + 1;
}

function reasonOf(error: unknown): string {
  return error instanceof Error
    ? (error.message.split(/ at line |[\r\n]/)[0] ?? '').replace(/[.:]$/, '')
    : 'unknown';
}

function plainFields(text: string): FrontMatter['fields'] {
  return text.split(/\r\n|\n|\r/).flatMap((line): FrontMatter['fields'] => {
    const found = /^\s*([\w][\w .-]{0,40}?)\s*:\s+(\S.*?)\s*$/.exec(line.slice(0, 2000));
    return found ? [[found[1]!, found[2]!.replace(/^(["'])(.*)\1$/, '$2')]] : [];
  });
}
