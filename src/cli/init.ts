import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { diffOfLines } from '../lint/diff.ts';
import { environments } from '../run/target.ts';
import { parseProjectFile, projectFileName, SettingsError } from '../settings/project-file.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { type Around, lookAround, shown } from './init-look.ts';
import { foundText, type ProposedTarget, proposalText } from './init-proposal.ts';
import { isTerminal } from './terminal.ts';

interface Options {
  readonly yes?: boolean;
  readonly print?: boolean;
  readonly environment: readonly string[];
}

type Environment = ProposedTarget['environment'];
const possible = environments.filter((one) => one !== 'sandbox');

/** What is typed before a file that is there already is replaced. */
const replacing = 'replace';

/** `drillbook init`: looks around and writes a project file, shown before. Returns the exit code. */
export async function init(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine(
    'init',
    'Looks around (names only, never values), proposes a drillbook.yaml, and writes it on Enter.',
  )
    .option('--print', 'only prints the file that it proposes')
    .option('-y, --yes', 'writes it without asking; targets whose environment is not given stay comments')
    .option(
      '--environment <variable=environment>',
      `what a database is: ${possible.join(', ')}; may be given again`,
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .action(async (options: Options) => {
      const around = await lookAround(process.cwd(), process.env);
      const given = givenOf(options.environment, around);
      if (options.print) {
        process.stdout.write(proposalText(around, proposed(around, given)));
        return;
      }
      if (options.yes) code = await writeUnasked(around, proposalText(around, proposed(around, given)));
      else if (isTerminal()) code = await ask(around, given);
      else
        throw new Refusal(
          'there is no terminal to ask at: drillbook init --yes writes the file, --print shows it.',
          exit.needsPerson,
        );
    });
  await parse(command, args);
  return code;
}

/** `NAME=staging` for each; a name that was not found, or a word that is no environment, is refused. */
function givenOf(given: readonly string[], around: Around): ReadonlyMap<string, Environment> {
  return new Map(
    given.map((text) => {
      const [variable = '', word = ''] = text.split('=');
      const environment = possible.find((one) => one === word);
      if (!environment) throw new Refusal(`--environment wants VARIABLE=${possible.join('|')}, not ${text}`);
      if (!around.databases.some((one) => one.variable === variable))
        throw new Refusal(
          `no variable ${variable} was found. Found: ${around.databases.map((one) => one.variable).join(', ') || 'none'}.`,
        );
      return [variable, environment];
    }),
  );
}

function proposed(around: Around, given: ReadonlyMap<string, Environment>): readonly ProposedTarget[] {
  return around.databases.map((found) => ({ found, environment: given.get(found.variable) }));
}

/** Without a person a file that is there stays as it is. */
async function writeUnasked(around: Around, text: string): Promise<number> {
  const path = around.existing ?? join(around.root, projectFileName);
  if (around.existing) {
    if ((await readFile(path, 'utf8')) === text) {
      process.stderr.write(`${path} is already as it would be written\n`);
      return exit.done;
    }
    throw new Refusal(
      `${path} is there already and is not replaced without a person: drillbook init at a terminal shows the difference.`,
      exit.needsPerson,
    );
  }
  await writeNew(path, text);
  process.stdout.write(`${path}\n`);
  const unsaid = text.split('\n').filter((line) => /# +environment: \?/.test(line)).length;
  if (unsaid > 0)
    process.stderr.write(
      `${unsaid} found without an environment: they are comments until somebody says what they are\n`,
    );
  return exit.done;
}

async function ask(around: Around, given: ReadonlyMap<string, Environment>): Promise<number> {
  const say = (text: string) => process.stdout.write(`${sanitise(text)}\n`);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ending = new AbortController();
  lines.on('SIGINT', () => ending.abort());
  lines.on('close', () => ending.abort());
  const question: Question = (words) => lines.question(sanitise(words), { signal: ending.signal });
  try {
    say(foundText(around, around.root));
    const answered = new Map(given);
    for (const found of around.databases)
      if (!given.has(found.variable)) answered.set(found.variable, await environmentOf(found, question, say));
    let text = proposalText(around, proposed(around, answered));
    const path = around.existing ?? join(around.root, projectFileName);
    const before = around.existing ? await readFile(path, 'utf8') : undefined;
    for (;;) {
      if (before === text) {
        say(`${path} is already as it would be written.`);
        return exit.done;
      }
      say(
        `\n${before === undefined ? `${shown(path, process.cwd())}:\n\n${text}` : diffOfLines(shown(path, process.cwd()), before, text)}`,
      );
      const answer = (
        await question(
          before === undefined
            ? 'Enter writes it, e edits it first, q leaves without writing: '
            : `The file is there already. Type ${replacing} to replace it, e to edit first, Enter leaves it as it is: `,
        )
      ).trim();
      if (answer === 'e') {
        lines.pause();
        text = await edited(text);
        lines.resume();
        const fault = faultOf(path, text);
        if (fault) say(`\nThat cannot be used:\n${fault}`);
      } else if (before === undefined ? answer === '' : answer === replacing) {
        const fault = faultOf(path, text);
        if (fault) {
          say(`That cannot be used, and is not written:\n${fault}`);
          continue;
        }
        if (before === undefined) await writeNew(path, text);
        else await replace(path, before, text);
        say(
          `Wrote ${shown(path, process.cwd())}. Next: drillbook doctor looks whether everything works; drillbook opens the screens.${around.databases.some(({ where }) => where !== 'the environment') ? ' The variables must be set where it is started: set -a; . ./.env; set +a' : ''}`,
        );
        return exit.done;
      } else if (before !== undefined || answer === 'q') {
        say('Nothing was written.');
        return exit.done;
      }
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.stdout.write('\nNothing was written.\n');
    return exit.interrupted;
  } finally {
    lines.close();
  }
}

type Question = (words: string) => Promise<string>;

/**
 * What a database is, as a person says. Production is never an answer by default, and where something smells of it there
 * is no default at all.
 */
async function environmentOf(
  { variable, where, name, smells }: ProposedTarget['found'],
  question: Question,
  say: (text: string) => void,
): Promise<Environment> {
  say(
    `${name}: ${variable}, ${where === 'the environment' ? 'set in the environment' : `named in ${where}`}`,
  );
  for (const smell of smells) say(`  ! ${smell}: is it production?`);
  const usual: Environment = smells.length > 0 ? undefined : 'local';
  const words = `  ${possible.map((one) => (one === usual ? `[${one}]` : one)).join(' / ')} / later: `;
  for (;;) {
    const answer = (await question(words)).trim().toLowerCase();
    if (answer === '' && usual) return usual;
    if (answer === 'later') return undefined;
    const chosen = answer === '' ? [] : possible.filter((one) => one.startsWith(answer));
    if (chosen.length === 1) return chosen[0];
    say(`  One of ${possible.join(', ')}; later leaves it a comment.`);
  }
}

function faultOf(path: string, text: string): string | undefined {
  try {
    parseProjectFile(path, text);
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

/** The text as it is when $VISUAL or $EDITOR (vi without) is left. */
async function edited(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-init-'));
  try {
    const file = join(folder, projectFileName);
    await writeFile(file, text, { mode: 0o600 });
    const editor = process.env.VISUAL?.trim() || process.env.EDITOR?.trim() || 'vi';
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code === 127)
      throw new Refusal(`the editor ${editor} was not found: set EDITOR to one that is installed.`);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Appears whole, and only where there is none: a link fails where its name is taken. */
async function writeNew(path: string, text: string): Promise<void> {
  const beside = await written(path, text, 0o644);
  try {
    await link(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Refusal(`${path} has appeared meanwhile and was left as it is.`, exit.failed);
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Replaces what was shown, and nothing that somebody else has written meanwhile. */
async function replace(path: string, before: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8')) !== before)
    throw new Refusal(`${basename(path)} has changed meanwhile and was left as it is.`, exit.failed);
  const { mode } = await stat(path);
  await rename(await written(path, text, mode & 0o777), path);
}

async function written(path: string, text: string, mode: number): Promise<string> {
  const beside = `${path}.${process.pid}.new`;
  const file = await open(beside, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
}
