import { commandLine, commandOf, parse } from './arguments.ts';
import { type CommandEntry, commands } from './commands.ts';
import { exit, Refusal } from './exit.ts';
import { overview } from './overview.ts';
import { version } from './version.ts';

/** `drillbook help [COMMAND…]`: the help of a command, the manual page, or what JSON there is. Returns the exit code. */
export async function help(args: readonly string[]): Promise<number> {
  const command = commandLine('help', 'The help of a command; without one, the commands.')
    .argument('[words...]', 'a command, and one within it')
    .option('--man', 'the manual page, as roff: drillbook help --man | man -l -')
    .option('--json', 'what the JSON of each listing holds, as JSON')
    .action(async (words: readonly string[], options: { man?: boolean; json?: boolean }) => {
      if (options.man) {
        const [{ manualPage }, { commandTree }] = await Promise.all([
          import('./manual.ts'),
          import('./command-tree.ts'),
        ]);
        process.stdout.write(manualPage(await commandTree(), version));
      } else if (options.json) {
        const { jsonForms } = await import('./json-forms.ts');
        process.stdout.write(`${JSON.stringify({ schema: 1, listings: jsonForms }, null, 2)}\n`);
      } else process.stdout.write(words.length === 0 ? overview() : await helpOf(words));
    });
  await parse(command, args);
  return exit.done;
}

async function helpOf(words: readonly string[]): Promise<string> {
  const entry: CommandEntry | undefined = commands.find(({ name }) => name === words[0]);
  if (!entry) throw new Refusal(`there is no command ${words[0]}. Try 'drillbook --help'.`);
  let found = await commandOf(await entry.load());
  for (const word of words.slice(1)) {
    const inner = found.commands.find((one) => one.name() === word);
    if (!inner)
      throw new Refusal(`${found.name()} has no command ${word}. Try 'drillbook help ${words[0]}'.`);
    found = inner;
  }
  // With the examples, which stand behind what the command itself says.
  const text: string[] = [];
  found.configureOutput({ writeOut: (part) => text.push(part) });
  found.outputHelp();
  return text.join('');
}
