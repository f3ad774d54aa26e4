import type { Around, Call } from './call.ts';
import type { Input } from './input.ts';
import { parseArguments } from './options.ts';
import { outputOf } from './output.ts';
import { applyRules } from './rule.ts';
import type { Scope } from './scope.ts';
import type { ShellReader } from './shell.ts';
import { isSystemFolder, readStartings } from './starting-variable.ts';
import { readStrangersWords } from './stranger.ts';
import { toolNamed } from './tools/table.ts';
import { grammarOf, type Tool } from './tools/tool.ts';
import { type Span, type Word, wordOf } from './word.ts';

/**
 * Reads one command: a function of the script, or a tool of the table, or unknown. Returns what it prints, where that
 * is known.
 */
export function dispatch(
  words: readonly Word[],
  around: Around,
  reader: ShellReader,
  scope: Scope,
): Input | undefined {
  const [first, ...args] = words;
  if (!first) return undefined;
  const span = around.span;
  const defined = around.external ? undefined : scope.definition(first.text);
  if (defined) {
    for (const body of defined.bodies)
      reader.shell(body, { span, stdin: around.stdin, positional: args, sourced: true });
    if (!defined.maybe) return undefined;
  }
  const slash = first.text.lastIndexOf('/');
  const name = first.text.slice(slash + 1);
  const folder = first.text.slice(0, slash + 1);
  if (!first.known) return dynamic(first, args, around, reader, scope, name);
  const tool = toolNamed(name);
  if (folder && !isSystemFolder(folder)) {
    if (script(first, args, around, reader)) return undefined;
    if (tool && folder.startsWith('/'))
      reader.add('unknown', `${first.text} is not in a folder of the system`, span);
    else if (!tool || tool.names.split(' ').includes('bash'))
      return unknownCommand(first, args, around, reader);
    else reader.add('unknown', `${first.text} is a file of its own, not the ${name} of the system`, span);
  }
  if (!tool) return unknownCommand(first, args, around, reader);
  readTool(tool, name, args, around, reader, scope);
  return outputOf(name, args, around, reader);
}

/** Words that become any options: `"$@"`, `"${ARGS[@]}"`, `$PSQL_OPTS`. */
const optionsInVariable =
  /^"?\$(?:\{?[@*]\}?|\{\w+\[[@*]\]\}|\{?\w*(?:OPTS|OPTIONS|ARGS|FLAGS|PARAMS)\}?)"?$/i;

/** The shell does these itself: no variable makes them something else. */
const builtin = new Set(
  ': . [ alias bg break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait then do else time coproc'.split(
    ' ',
  ),
);

/** Asks the table of one tool. */
function readTool(
  tool: Tool,
  name: string,
  args: readonly Word[],
  around: Around,
  reader: ShellReader,
  scope: Scope,
): undefined {
  const parsed = parseArguments(args, grammarOf(tool));
  const call: Call = {
    name,
    args,
    options: parsed.options,
    operands: parsed.operands,
    stdin: around.stdin,
    environment: around.environment ?? new Map(),
    span: around.span,
    reader,
  };
  readStartings(call, scope.startings(), !builtin.has(name));
  readStarted(tool, call);
  const harmless = !tool.read && tool.rules?.every((rule) => rule.is === 'reads');
  const options = args.find((word) => !word.known && optionsInVariable.test(word.text));
  if (options && !harmless)
    reader.add('unknown', `what ${options.text} adds to ${name} is known only when it runs`, around.span);
  reader.enterTool();
  if (!tool.read || tool.read(call) === false) applyRules(tool, call, parsed.leading);
  reader.leaveTool();
}

/** Options whose value is a command that the tool starts, or a file of which it takes such. */
function readStarted(tool: Tool, call: Call): undefined {
  const { options, reader, span } = call;
  for (const name of (tool.runs ?? '').split(' '))
    for (const value of options.values(name)) {
      // As rsync and its kin call it: with a host behind it.
      const remote = /^\S*(ssh|rsh)\b/.test(value.text);
      if (!value.known && /^"?\$/.test(value.text))
        reader.add('unknown', `${call.name} starts ${value.text}, known only when it runs`, span);
      else
        reader.shell(remote ? { ...value, text: `${value.text} host true`, offset: -1 } : value, {
          span,
          stdin: { kind: 'nothing' },
        });
    }
  for (const name of (tool.loads ?? '').split(' '))
    for (const value of options.values(name))
      if (value.text !== '/dev/null' && value.text !== 'none')
        reader.add('unknown', `${call.name} takes from ${value.text} what may start something`, span);
}

/** A command whose name is only known when it runs: `$CMD`, `"$PGBIN/psql"`, `$SUDO rm`. */
function dynamic(
  first: Word,
  args: readonly Word[],
  around: Around,
  reader: ShellReader,
  scope: Scope,
  name: string,
): undefined {
  reader.add('unknown', `which command ${first.text} is, is known only when it runs`, around.span);
  // A wrapper in a variable (`$SUDO rm x`), a folder (`$BIN/psql`) or a client (`$PSQL -c …`): its words still tell.
  const variable = /^\$\{?(\w+)\}?$/.exec(first.text)?.[1];
  const fallback = /^"?\$\{\w+:?[-=]([^}$`]+)\}"?$/.exec(first.text)?.[1];
  if (fallback) reader.command([...wordsIn(fallback, first), ...args], { ...around });
  for (const value of variable ? scope.candidates(variable) : []) {
    reader.command([...wordsIn(value, first), ...args], { ...around });
    // `eval "$x"`: what it may hold is a script there, not only words.
    if (/[;&|(){}`<>\n]/.test(value)) reader.shell(wordOf(value, first), { span: around.span });
  }
  const hinted = toolNamed(name) ?? (variable ? toolNamed(variable.toLowerCase()) : undefined);
  if (hinted) readTool(hinted, toolNamed(name) ? name : variable!.toLowerCase(), args, around, reader, scope);
  const next = args.findIndex((word) => !word.text.startsWith('-'));
  if (next >= 0 && !hinted) {
    const inner = args[next]!;
    if (inner.known && (toolNamed(inner.text) || scope.definition(inner.text)))
      reader.command(args.slice(next), { ...around });
  }
  return undefined;
}

function wordsIn(value: string, span: Span): Word[] {
  return value
    .split(/\s+/)
    .filter(Boolean)
    .map((text) => wordOf(text, span));
}

/** A script file whose text is at hand. */
function script(first: Word, args: readonly Word[], around: Around, reader: ShellReader): boolean {
  const text = reader.fileText(first);
  if (text === undefined) return false;
  if (!/^#!.*\b(ba|da|z|k)?sh\b/.test(text) && !/\.(sh|bash)$/.test(first.text)) return false;
  const body = { ...first, text, offset: -1 };
  reader.shell(body, { span: around.span, stdin: around.stdin, positional: args });
  return true;
}

function unknownCommand(first: Word, args: readonly Word[], around: Around, reader: ShellReader): undefined {
  reader.add('unknown', `nobody has said what ${first.text} does`, around.span);
  readStrangersWords(args, around, reader);
}
