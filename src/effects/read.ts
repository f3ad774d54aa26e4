import { Account } from './account.ts';
import type { EffectContext } from './context.ts';
import type { Reading } from './effect.ts';
import { maskPlaceholders } from './mask.ts';
import { Scope } from './scope.ts';
import { ShellReader } from './shell.ts';
import { readSql } from './sql.ts';
import { wordOf } from './word.ts';

/** Text longer than this is not taken apart: nobody types it, and its class is `unknown` at least. Code units. */
const longest = 2_000_000;

/**
 * What a command would do. Pure and synchronous; `loadShell` and `loadSql` must have been awaited (an Error tells).
 * Never throws for what the text holds: what cannot be read is `unknown`, or `destroys` where a destroying word
 * stands in it. Spans count UTF-16 code units of `text`.
 */
export function readEffects(text: string, language: 'shell' | 'sql', context: EffectContext = {}): Reading {
  return readIn(scopeOf(context), text, language, context);
}

/**
 * Reads commands as one shell would run them one after the other: functions, aliases and variables of an earlier one
 * count for those behind it. Each reading's spans count in its own text.
 */
export function readInOrder(
  commands: readonly { readonly text: string; readonly language: 'shell' | 'sql' }[],
  context: EffectContext = {},
): readonly Reading[] {
  const scope = scopeOf(context);
  return commands.map(({ text, language }) => {
    const reading = readIn(scope, text, language, context);
    scope.settle();
    return reading;
  });
}

function scopeOf(context: EffectContext): Scope {
  const span = { start: 0, end: 0 };
  const functions = Object.entries(context.functions ?? {}).map(
    ([name, body]) => [name, { bodies: [wordOf(bodyOf(name, body), span)], maybe: false }] as const,
  );
  const scope = new Scope(new Map(Object.entries(context.variables ?? {})), new Map(functions));
  for (const [name, value] of Object.entries(context.startings ?? {}))
    scope.start(name, wordOf(value, span, !/[$`]/.test(value)));
  return scope;
}

function readIn(scope: Scope, text: string, language: 'shell' | 'sql', context: EffectContext): Reading {
  const account = new Account();
  const span = { start: 0, end: text.length };
  const reader = new ShellReader(account, context, scope, { offset: 0 });
  if (text.length > longest) reader.add('unknown', 'too long to be read', span);
  else if (language === 'shell') reader.script(text);
  else
    readSql({ text, known: true, quoted: true, offset: 0, ...span }, reader, {
      span,
      database: { label: '' },
    });
  overwritten(text, language, context, reader);
  return account.reading();
}

/** `declare -f` prints a function with its head; what runs is the body. */
function bodyOf(name: string, text: string): string {
  const head = /^\s*(?:function\s+)?([^\s(]+)\s*(?:\(\s*\))?\s*(?=[{(])/.exec(text);
  return head?.[1] === name ? text.slice(head[0].length) : text;
}

/** `cat <in> out` may be two redirections after all: where the second file exists, that is said. */
function overwritten(text: string, language: string, context: EffectContext, reader: ShellReader): undefined {
  if (language !== 'shell' || !context.exists || maskPlaceholders(text) === text) return;
  for (const found of text.matchAll(/<[^\s<>]+>[ \t]*([^\s<>|;&"'`$()-][^\s<>|;&"'`$()]*)/g)) {
    const path = found[1]!;
    if (context.exists(path) !== true || context.exists(`${path}/.`) === true) continue;
    const end = found.index + found[0].length;
    reader.add(
      'destroys',
      `to the shell, > overwrites ${path}, which exists`,
      { start: end - path.length, end },
      { kind: 'path', name: path },
    );
  }
}
