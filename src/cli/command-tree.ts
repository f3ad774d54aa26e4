import type { Command } from 'commander';
import { commandOf } from './arguments.ts';
import { commands } from './commands.ts';
import { type Example, examples } from './examples.ts';

/** A command as data: help, manual page and completion are made of it. */
export interface CommandNode {
  /** What stands after `drillbook`: `backup create`. */
  readonly words: string;
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentNode[];
  readonly options: readonly OptionNode[];
  readonly examples: readonly Example[];
  readonly commands: readonly CommandNode[];
}

export interface ArgumentNode {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly variadic: boolean;
}

export interface OptionNode {
  /** As the help has them: `-y, --yes`. */
  readonly flags: string;
  readonly long: string;
  /** Name of its value; absent for a flag that takes none. */
  readonly value?: string;
  readonly summary: string;
}

/** The whole command line as data. Loads every command, and runs none. */
export async function commandTree(): Promise<readonly CommandNode[]> {
  const nodes: CommandNode[] = [];
  for (const { name, summary, load } of commands) {
    const command = await commandOf(await load());
    nodes.push({ ...nodeOf(command, name), name, summary });
  }
  return nodes;
}

function nodeOf(command: Command, words: string): CommandNode {
  return {
    words,
    name: command.name(),
    summary: command.description(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      summary: argument.description,
      required: argument.required,
      variadic: argument.variadic,
    })),
    options: command.options
      .filter(({ hidden }) => !hidden)
      .map((option) => {
        const value = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1]?.replace('...', '');
        return {
          flags: option.flags,
          long: option.long ?? option.flags,
          ...(value ? { value } : {}),
          summary: option.description,
        };
      }),
    examples: examples[words] ?? [],
    commands: command.commands.map((one) => nodeOf(one, `${words} ${one.name()}`)),
  };
}
