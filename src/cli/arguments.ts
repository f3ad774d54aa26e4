import { AsyncLocalStorage } from 'node:async_hooks';
import { Command, CommanderError } from 'commander';
import { examples } from './examples.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';

const asked = new AsyncLocalStorage<(command: Command) => void>();

/**
 * A commander command that never exits the process and never prints an error itself.
 * `name` is what stands after `drillbook` in the usage line.
 */
export function commandLine(name: string, description: string): Command {
  return new Command(`drillbook ${name}`.trim())
    .description(description)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

/**
 * Parses `args` (without node and script) and runs the action. Usage faults become a `Refusal`; help gives exit
 * code 0.
 */
export async function parse(command: Command, args: readonly string[]): Promise<void> {
  withExamples(command, command.name().replace(/^drillbook /, ''));
  const take = asked.getStore();
  if (take) return take(command);
  try {
    await command.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    throw new Refusal(
      `${withoutPasswords(error.message.replace(/^error: /, '').replace(/\.$/, ''))}. Try '${command.name()} --help'.`,
      exit.usage as ExitCode,
    );
  }
}

/** A URL that stands at the wrong place of a command line is named in the fault; what is secret in it is not. */
function withoutPasswords(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):\S+@/gi, '$1:…@')
    .replace(/([?&\s]password=)[^&\s]+/gi, '$1…');
}

/**
 * The command line of a command as data: what it would parse by. The command is called, and nothing of it runs: it must
 * do nothing before it parses.
 */
export async function commandOf(run: (args: readonly string[]) => Promise<number>): Promise<Command> {
  const found: Command[] = [];
  await asked.run(
    (command) => found.push(command),
    () => run(['--help']),
  );
  const [command] = found;
  if (!command) throw new Error('this command parses nothing');
  return command;
}

/** Puts the examples below the help of a command and of all within it. */
function withExamples(command: Command, words: string): void {
  const own = examples[words] ?? [];
  const width = Math.max(...own.map(([line]) => line.length));
  const lines = own.map(([line, what]) =>
    width > widest ? `  ${line}\n      ${what}` : `  ${line.padEnd(width)}  ${what}`,
  );
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  for (const one of command.commands) withExamples(one, `${words} ${one.name()}`);
}

/** An example that is longer has its words below it. */
const widest = 60;
