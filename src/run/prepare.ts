import type { Command } from '../runbook/part.ts';
import type { Placeholder } from '../runbook/placeholder.ts';
import { inShell, referenceInShell, type ShellPlace, type Stretch, shellPlaces } from './shell-place.ts';
import { inSql, type SqlPlace, sqlPlaces } from './sql-place.ts';
import type { InputState, RunState } from './state.ts';

/** A command as it will be given to the shell. */
export interface Prepared {
  /** Shell text. Secret values stand in it as references to variables, never as themselves. */
  readonly text: string;
  readonly language: 'shell' | 'sql';
  /** The text before it was made shell: what a person reads and what effects are read from. */
  readonly shown: string;
  /** Names of inputs that it needs and that nobody has given. */
  readonly missing: readonly string[];
  /** Why it must not be run as it stands, a sentence: a value cannot be put where its placeholder is. */
  readonly problem?: string;
}

/** The shell variable that carries a secret placeholder's value, so that the value itself is in no text. */
export function secretVariable(name: string): string {
  return `DRILLBOOK_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}

/**
 * Puts the inputs into a command's text (the operator's version of it, where there is one). To the shell each value is
 * exactly one piece of text; where that cannot be, the placeholder stays and `problem` says why. `loadShell` must have
 * been awaited.
 */
export function prepare(state: RunState, command: Command): Prepared {
  const { procedure } = state.started;
  const source = state.parts[command.id]?.edited ?? command.text;
  const used = procedure.placeholders.filter(
    (placeholder) =>
      source.includes(placeholder.text) && isMeant(placeholder, command, procedure.placeholders),
  );
  const missing = [
    ...used.filter((placeholder) => !isGiven(state, placeholder.name)).map((placeholder) => placeholder.name),
    ...procedure.variables
      .filter((variable) => variable.fallback === undefined && !isGiven(state, variable.name))
      .filter(
        (variable) =>
          variable.uses.some((use) => use.command === command.id) && mentions(source, variable.name),
      )
      .map((variable) => variable.name),
    // An empty variable where a secret was would send a command somewhere else.
    ...Object.entries(state.inputs)
      .filter(([name, { withheld, lost }]) => withheld && lost && mentions(source, name))
      .map(([name]) => name),
  ];
  const { text: shown, problem } = fill(source, command.language, used, state);
  return {
    text: command.language === 'sql' ? sqlAsShell(shown) : shown,
    language: command.language,
    shown,
    missing: [...new Set(missing)],
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Given by the operator, or set by a command of this run. A secret of before a resume is known by name only. */
function isGiven(state: RunState, name: string): boolean {
  const input = state.inputs[name];
  return (input !== undefined && !input.lost) || isSet(state, name);
}

function isSet(state: RunState, name: string): boolean {
  return Object.values(state.parts).some((part) =>
    part.attempts.some((attempt) => attempt.finished?.changed.includes(name)),
  );
}

/** One text may stand for several values (`<value>`): then each is that of its own commands. */
function isMeant(one: Placeholder, command: Command, all: readonly Placeholder[]): boolean {
  const shared = all.some((other) => other !== one && other.text === one.text);
  return !shared || one.uses.some((use) => use.command === command.id);
}

/** The operator may have edited the use away. */
function mentions(text: string, variable: string): boolean {
  return new RegExp(`\\$\\{?!?#?${variable}\\b`).test(text);
}

interface Filled {
  readonly text: string;
  readonly problem?: string;
}

/** A stretch of a text that a placeholder takes, with what was given for it. */
interface Slot extends Stretch {
  readonly placeholder: Placeholder;
  readonly input: InputState | undefined;
}

interface Filling extends Slot {
  /** Undefined where the placeholder stays: the value cannot be put there. */
  readonly by: string | undefined;
  readonly place: ShellPlace | SqlPlace;
  readonly problem?: string;
}

function fill(
  source: string,
  language: Command['language'],
  used: readonly Placeholder[],
  state: RunState,
): Filled {
  const slots = slotsOf(source, used, state);
  if (slots.every(({ input }) => !input)) return { text: source };
  let masked = source;
  for (const { start, end } of slots)
    masked = masked.slice(0, start) + 'x'.repeat(end - start) + masked.slice(end);
  const places =
    language === 'sql'
      ? sqlPlaces(
          masked,
          slots.map(({ start }) => start),
        )
      : shellPlaces(masked, slots);
  const fillings = slots.map((slot, index) => filling(source, slot, places[index]!, language));
  const problem = fillings.find((each) => each.problem)?.problem ?? endedHeredoc(source, fillings);
  return {
    text: assembled(source, fillings, 0, source.length),
    ...(problem === undefined ? {} : { problem }),
  };
}

function slotsOf(text: string, used: readonly Placeholder[], state: RunState): readonly Slot[] {
  // The longest first: `<host>` also stands inside `<host>:<port>` where an author made that one placeholder.
  const longest = [...used].sort((a, b) => b.text.length - a.text.length);
  const slots: Slot[] = [];
  for (let at = 0; at < text.length; ) {
    const placeholder = longest.find((candidate) => text.startsWith(candidate.text, at));
    if (placeholder)
      slots.push({
        start: at,
        end: at + placeholder.text.length,
        placeholder,
        input: state.inputs[placeholder.name],
      });
    at += placeholder?.text.length || 1;
  }
  return slots;
}

function filling(
  source: string,
  slot: Slot,
  place: ShellPlace | SqlPlace,
  language: Command['language'],
): Filling {
  const { input, placeholder } = slot;
  const kept: Filling = { ...slot, place, by: undefined };
  if (!input) return kept;
  // A secret is of no use in a comment, and a backslash before a bracket says that it is meant as it stands.
  if (input.secret && place.in === 'comment') return kept;
  if (language === 'shell' && isEscaped(source, slot.start, place as ShellPlace)) return kept;
  const by =
    language === 'sql'
      ? input.secret
        ? undefined
        : inSql(input.value ?? '', place as SqlPlace)
      : shellText(input, placeholder, place as ShellPlace, source.slice(slot.end, slot.end + 1));
  return by === undefined
    ? { ...kept, problem: problemOf(placeholder, input, place, language) }
    : { ...kept, by };
}

function isEscaped(source: string, at: number, place: ShellPlace): boolean {
  if (place.in === 'single quotes' || place.in === 'comment') return false;
  if (place.in === 'heredoc' && place.heredoc.quoted) return false;
  return (/\\+$/.exec(source.slice(0, at))?.[0].length ?? 0) % 2 === 1;
}

function shellText(
  input: InputState,
  placeholder: Placeholder,
  place: ShellPlace,
  next: string,
): string | undefined {
  if (input.secret) return referenceInShell(secretVariable(placeholder.name), place);
  const value = input.value ?? '';
  // `<n>>file`: a bare number before it would say which output is meant.
  if (place.in === 'word' && /^\d+$/.test(value) && /[<>]/.test(next)) return `'${value}'`;
  if (place.in !== 'heredoc') return inShell(value, place);
  // Leading tabs would be dropped from a heredoc that begins with `<<-`.
  if (place.heredoc.tabs && /(^|\n)\t/.test(value)) return undefined;
  const text = place.sql ? inSql(value, place.sql) : value;
  return text === undefined ? undefined : inShell(text, place);
}

function problemOf(
  { name }: Placeholder,
  input: InputState,
  place: ShellPlace | SqlPlace,
  language: Command['language'],
): string {
  const unclear = place.in === 'unclear' ? `: ${place.why}` : '';
  if (!input.secret)
    return `The value of ${name} cannot be put there as one piece of text${unclear}. Give another value or edit the command.`;
  return language === 'sql' || place.in === 'heredoc'
    ? `The secret ${name} cannot be put there: the shell does not fill in variables in that text. Use a variable of psql or edit the command.`
    : `The secret ${name} cannot be put there${unclear}. Edit the command.`;
}

/** A value may make a line of a heredoc what ends it: the rest would be given to the shell. */
function endedHeredoc(source: string, fillings: readonly Filling[]): string | undefined {
  for (const { place, placeholder } of fillings) {
    if (place.in !== 'heredoc') continue;
    const { start, end, delimiter, tabs } = place.heredoc;
    const lines = assembled(source, fillings, start, end).split('\n').slice(0, -1);
    if (lines.some((line) => (tabs ? line.replace(/^\t+/, '') : line) === delimiter))
      return `The value of ${placeholder.name} would end the text that it is put into at a line “${delimiter}”. Give another value or edit the command.`;
  }
  return undefined;
}

function assembled(source: string, fillings: readonly Filling[], from: number, to: number): string {
  let text = '';
  let at = from;
  for (const { start, end, by } of fillings) {
    if (by === undefined || start < from || end > to) continue;
    text += source.slice(at, start) + by;
    at = end;
  }
  return text + source.slice(at, to);
}

/** A batch of SQL as one psql command that stops at the first error. */
export function sqlAsShell(sql: string): string {
  let end = 'SQL';
  while (sql.split('\n').includes(end)) end += '_';
  return `psql -X -v ON_ERROR_STOP=1 "$DATABASE_URL" <<'${end}'\n${sql}\n${end}`;
}
