import { readFile, stat } from 'node:fs/promises';
import type { EffectClass, Reading } from '../effects/effect.ts';
import { readEffects, readInOrder } from '../effects/read.ts';
import { masked } from '../effects/rule.ts';
import { Redaction } from '../execution/redaction.ts';
import type { Item } from '../runbook/choice.ts';
import type { Command, Part } from '../runbook/part.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { loadGrammars } from './grammars.ts';
import { readRunbook } from './runbook-file.ts';

/** One command with what was read from it. */
interface Explained {
  /** Passwords in it are masked; the spans of the reading count in the text as it was given. */
  readonly text: string;
  readonly language: 'shell' | 'sql';
  /** Line in the runbook; none for a command given as such. */
  readonly line?: number;
  readonly reading: Reading;
}

/**
 * `drillbook explain 'COMMAND'` or `explain FILE`: what it would do, and why that is known. Runs nothing. A file is told by
 * its ending: `.sql`, `.sh`, `.bash`, or a runbook, of which every command is explained.
 */
export async function explain(args: readonly string[]): Promise<number> {
  const command = commandLine('explain', 'What a command would do, read from its syntax. Runs nothing.')
    .argument(
      '<command-or-file>',
      "a command in quotes, or a file: .md, .sh, .sql; '-' reads a command from standard input",
    )
    .option('--sql', 'it is SQL, not shell')
    .option('--json', 'readings as JSON, one for each command')
    .action(async (given: string, options: { sql?: boolean; json?: boolean }) => {
      await loadGrammars();
      const explained = await readings(given, options.sql ?? false);
      if (options.json)
        process.stdout.write(`${JSON.stringify({ schema: 1, commands: explained }, null, 2)}\n`);
      else process.stdout.write(`${new Redaction().text(explained.map(asText).join('\n'))}\n`);
    });
  await parse(command, args);
  return exit.done;
}

async function readings(given: string, sql: boolean): Promise<Explained[]> {
  const language = sql ? 'sql' : 'shell';
  if (given === '-') return [explained(await standardInput(), language)];
  const ending = /\.(md|markdown|sh|bash|sql)$/i.exec(given)?.[1]?.toLowerCase();
  const isFile = ending !== undefined && (await stat(given).catch(() => undefined))?.isFile() === true;
  if (!isFile) {
    // `explain restore.sql` with a wrong path must not be taken for a command of that name.
    if (ending && !/\s/.test(given)) throw new Refusal(`there is no file ${given}`);
    return [explained(given, language)];
  }
  if (ending === 'md' || ending === 'markdown') {
    const { runbook } = await readRunbook(given);
    const commands = runbook.procedures.flatMap((procedure) => commandsOf(procedure.items));
    const remedies = runbook.symptoms.flatMap((symptom) => commandsIn(symptom.remedy));
    const all = [...commands, ...remedies];
    // What an earlier command makes of a name counts for those behind it.
    const found = readInOrder(all);
    return all.map((each, index) => explained(each.text, each.language, each.range.line, found[index]));
  }
  return [explained(await readFile(given, 'utf8'), ending === 'sql' ? 'sql' : language)];
}

function explained(
  text: string,
  language: 'shell' | 'sql',
  line?: number,
  reading = readEffects(text, language),
): Explained {
  return {
    text: masked(text),
    language,
    ...(line !== undefined && { line }),
    reading,
  };
}

/** Every command of every option, in document order. */
function commandsOf(items: readonly Item[]): Command[] {
  return items.flatMap((item) =>
    item.kind === 'choice'
      ? item.options.flatMap((option) => commandsOf(option.items))
      : commandsIn(item.parts),
  );
}

function commandsIn(parts: readonly Part[]): Command[] {
  return parts.flatMap((part) => {
    if (part.kind === 'command') return [part];
    return part.kind === 'choice' ? part.options.flatMap((option) => commandsIn(option.parts)) : [];
  });
}

const signs: Readonly<Record<EffectClass, string>> = {
  reads: '  ',
  changes: '~ ',
  unknown: '? ',
  destroys: '! ',
};

function asText({ text, line, reading }: Explained): string {
  const shown = text.length > 400 ? `${text.slice(0, 400)}…` : text;
  const head = shown
    .trim()
    .split('\n')
    .map((each) => `  ${sanitise(each)}`)
    .join('\n');
  const traits = [
    reading.interactive && 'wants the terminal',
    reading.background && 'runs in the background',
    reading.longRunning && 'does not end by itself',
  ].filter(Boolean);
  const effects = reading.effects.map(
    (effect) => `    ${signs[effect.class]}${effect.class.padEnd(8)}  ${sanitise(effect.reason)}`,
  );
  const fault = reading.syntaxError ? [`    ? does not parse: ${sanitise(reading.syntaxError.message)}`] : [];
  const title = `${signs[reading.class]}${reading.class}${line === undefined ? '' : `  line ${line}`}${traits.length > 0 ? `  (${traits.join(', ')})` : ''}`;
  return `${[title.trim(), head, ...fault, ...effects].join('\n')}\n`;
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
