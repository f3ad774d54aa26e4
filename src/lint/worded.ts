import type { Call, Reader } from '../effects/call.ts';
import { parseArguments } from '../effects/options.ts';
import { toolNamed } from '../effects/tools/table.ts';
import { grammarOf } from '../effects/tools/tool.ts';
import type { Span, Word } from '../effects/word.ts';
import type { Frame } from './frame.ts';
import type { Invocation } from './invocation.ts';

/** Tools whose arguments are SQL or a program of their own: nothing in them is started by the shell. */
const opaque = new Set(['psql', 'pgcli', 'mysql', 'mariadb', 'sqlite3', 'mongo', 'mongosh', 'redis-cli']);

/** A command as its words have it. */
export interface Worded {
  readonly invocation: Invocation;
  /** Asks the tool's table what it starts; `reader` hears it. */
  readonly started: (reader: Reader) => undefined;
}

/** The invocation that words make in their place; undefined where there are none. */
export function worded(
  words: readonly Word[],
  environment: ReadonlyMap<string, Word>,
  frame: Frame,
  span: Span,
  within: readonly string[],
): Worded | undefined {
  const [first, ...args] = words;
  if (!first) return undefined;
  const name = first.text.slice(first.text.lastIndexOf('/') + 1);
  const tool = toolNamed(name);
  const { options, operands } = parseArguments(args, grammarOf(tool));
  const { feed, output, pipeline, ...rest } = frame;
  const invocation: Invocation = {
    name,
    words: args,
    options,
    operands,
    environment,
    within,
    ...rest,
    ...(feed && { feed }),
    ...(output && { output }),
    ...(pipeline && { pipeline }),
    ...span,
  };
  const started = (reader: Reader): undefined => {
    if (!tool?.read || opaque.has(name)) return;
    const stdin: Call['stdin'] = feed?.kind === 'pipe' ? { kind: 'pipe', from: '' } : feed;
    tool.read({ name, args, options, operands, stdin, environment, span, reader });
  };
  return { invocation, started };
}
