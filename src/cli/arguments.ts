import { Command, CommanderError } from 'commander';
import { type ExitCode, exit, Refusal } from './exit.ts';

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
  try {
    await command.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    throw new Refusal(
      `${error.message.replace(/^error: /, '')}. Try '${command.name()} --help'.`,
      exit.usage as ExitCode,
    );
  }
}
