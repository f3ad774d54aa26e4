import type { Command } from '../runbook/part.ts';
import type { Placeholder } from '../runbook/placeholder.ts';
import type { RunState } from './state.ts';

/** A command as it will be given to the shell. */
export interface Prepared {
  /** Shell text. Secret values stand in it as references to variables, never as themselves. */
  readonly text: string;
  readonly language: 'shell' | 'sql';
  /** The text before it was made shell: what a person reads and what effects are read from. */
  readonly shown: string;
  /** Names of inputs that it needs and that nobody has given. */
  readonly missing: readonly string[];
}

/** The shell variable that carries a secret placeholder's value, so that the value itself is in no text. */
export function secretVariable(name: string): string {
  return `DRILLBOOK_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}

/** Puts the inputs into a command's text (the operator's version of it, where there is one). */
export function prepare(state: RunState, command: Command): Prepared {
  const { procedure } = state.started;
  const source = state.parts[command.id]?.edited ?? command.text;
  const used = procedure.placeholders.filter((placeholder) => source.includes(placeholder.text));
  const missing = [
    ...used.filter((placeholder) => !state.inputs[placeholder.name]).map((placeholder) => placeholder.name),
    ...procedure.variables
      .filter((variable) => variable.fallback === undefined && !state.inputs[variable.name])
      .filter(
        (variable) =>
          variable.uses.some((use) => use.command === command.id) && mentions(source, variable.name),
      )
      .map((variable) => variable.name),
  ];
  const shown = fill(source, used, state);
  return {
    text: command.language === 'sql' ? sqlAsShell(shown) : shown,
    language: command.language,
    shown,
    missing: [...new Set(missing)],
  };
}

/** The operator may have edited the use away. */
function mentions(text: string, variable: string): boolean {
  return new RegExp(`\\$\\{?!?#?${variable}\\b`).test(text);
}

function fill(text: string, placeholders: readonly Placeholder[], state: RunState): string {
  // The longest first: `<host>` also stands inside `<host>:<port>` where an author made that one placeholder.
  const longest = [...placeholders].sort((a, b) => b.text.length - a.text.length);
  let filled = '';
  let quote: Quote = 'none';
  for (let at = 0; at < text.length; ) {
    const placeholder = longest.find((candidate) => text.startsWith(candidate.text, at));
    const input = placeholder && state.inputs[placeholder.name];
    if (placeholder && input) {
      filled += input.secret
        ? quotedReference(secretVariable(placeholder.name), quote)
        : quotedValue(input.value ?? '', quote);
      at += placeholder.text.length;
      continue;
    }
    const taken = text[at] === '\\' && quote !== 'single' ? text.slice(at, at + 2) : text[at]!;
    if (taken.length === 1) quote = after(quote, taken);
    filled += taken;
    at += taken.length;
  }
  return filled;
}

type Quote = 'none' | 'single' | 'double';

function after(quote: Quote, character: string): Quote {
  if (character === "'" && quote !== 'double') return quote === 'single' ? 'none' : 'single';
  if (character === '"' && quote !== 'single') return quote === 'double' ? 'none' : 'double';
  return quote;
}

function quotedValue(value: string, quote: Quote): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  switch (quote) {
    case 'none':
      return `'${value.replaceAll("'", `'\\''`)}'`;
    case 'single':
      return value.replaceAll("'", `'\\''`);
    case 'double':
      return value.replace(/[\\"$`]/g, '\\$&');
  }
}

function quotedReference(variable: string, quote: Quote): string {
  switch (quote) {
    case 'none':
      return `"\${${variable}}"`;
    case 'single':
      return `'"\${${variable}}"'`;
    case 'double':
      return `\${${variable}}`;
  }
}

/** A batch of SQL as one psql command that stops at the first error. */
export function sqlAsShell(sql: string): string {
  let end = 'SQL';
  while (sql.split('\n').includes(end)) end += '_';
  return `psql -X -v ON_ERROR_STOP=1 "$DATABASE_URL" <<'${end}'\n${sql}\n${end}`;
}
