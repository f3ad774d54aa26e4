import type { Permissions } from '../plain/permissions.ts';
import { type Mode, modes } from '../run/mode.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { questions } from '../runbook/questions.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { beginRun } from './begin.ts';
import { exit, Refusal } from './exit.ts';
import { loadGrammars } from './grammars.ts';
import { guessLines, rereadAt } from './guesses.ts';
import { askedOf, inputsOfFlags, knownOffTheWay, type NamedInput, suggestionFor } from './inputs.ts';
import { type Held, holdForNewRun, refuseTarget, sandboxName } from './ready.ts';
import { findProcedure, readRunbook, splitAddress } from './runbook-file.ts';
import { readSettings } from './settings.ts';
import { isTerminal } from './terminal.ts';
import { runUnattended } from './unattended.ts';

export interface RunOptions {
  mode?: string;
  target?: string;
  plain?: boolean;
  json?: boolean;
  input: string[];
  option: string[];
  confirm: string[];
  done: string[];
  reread: string[];
  yes?: boolean;
  settle?: string;
}

const collect = (value: string, before: string[]) => [...before, value];

/** The options that decide something for a run without a terminal. */
export function withPermissions(command: ReturnType<typeof commandLine>): ReturnType<typeof commandLine> {
  return command
    .option('--plain', 'without a terminal: one line a fact, no questions')
    .option('--json', 'events as JSON lines; implies --plain')
    .option(
      '--input <name=value>',
      'a value that the run asks for; NAME=env:VARIABLE for a secret; may be given again',
      collect,
      [],
    )
    .option('--option <id>', 'take this option; may be given again', collect, [])
    .option(
      '--reread <line>',
      'read the block that begins at this line the other way, where its reading is a guess; may be given again',
      collect,
      [],
    )
    .option('--yes', 'guards that want Enter count as given')
    .option(
      '--confirm <phrase>',
      'the phrase that a guard wants typed, such as "RESTORE members"; may be given again',
      collect,
      [],
    )
    .option(
      '--done <id>',
      'this manual action or checklist item is done, or "all"; may be given again',
      collect,
      [],
    );
}

export function permissionsOf(options: RunOptions): Permissions {
  const settle =
    options.settle === undefined ? undefined : /^(succeeded|failed):\s*(.+)$/s.exec(options.settle);
  if (settle === null)
    throw new Refusal('--settle wants "succeeded: how you know" or "failed: how you know"');
  return {
    yes: options.yes ?? false,
    confirm: options.confirm,
    options: options.option,
    done: options.done,
    reread: options.reread.map(lineNumber),
    ...(settle ? { settle: { as: settle[1] as 'succeeded' | 'failed', note: settle[2]! } } : {}),
  };
}

function lineNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refusal(`--reread wants the number of a line, not "${text}"`);
  return Number(text);
}

/** `drillbook run FILE[#procedure]`. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = withPermissions(
    commandLine('run', 'Runs a procedure of a runbook: guided at a terminal, unattended with --plain.')
      .argument('<file>', 'a Markdown file; behind a # a procedure of it')
      .option('--mode <mode>', modes.join(', '))
      .option('--target <name>', "a target of the settings, or 'sandbox'"),
  ).action(async (address: string, options: RunOptions) => {
    code = await runFile(address, options);
  });
  await parse(command, args);
  return code;
}

async function runFile(address: string, options: RunOptions): Promise<number> {
  const mode = modeOf(options.mode);
  const { path, procedure: wanted } = await splitAddress(address);
  const unattended = options.plain || options.json || !isTerminal();
  if (!unattended) {
    const { home } = await import('./home.ts');
    return home({
      path,
      ...(wanted ? { procedure: wanted } : {}),
      ...(mode ? { mode } : {}),
      ...(options.target ? { target: options.target } : {}),
    });
  }
  const permissions = permissionsOf(options);
  const file = await readRunbook(path);
  const procedure = findProcedure(file, wanted);
  const settings = await readSettings(process.env, process.cwd());
  await loadGrammars();
  const asked = rereadAt(procedure, permissions.reread ?? []);
  refuseTarget(mode, options.target, settings);
  const held = options.target
    ? await holdForNewRun(options.target, settings, process.env, sayProgress)
    : undefined;
  const inputs = await releasedOnFailure(held, () => inputsOf(asked, options.input, held));
  for (const line of guessLines(procedure)) process.stderr.write(`${line}\n`);
  const session = await beginRun(
    { file, procedure, mode: mode ?? usualMode(options.target), held, inputs },
    settings,
    process.env,
  );
  return runUnattended(session, permissions, settings, { json: options.json ?? false });
}

/** What takes a while is told as it goes; names in it come from elsewhere. */
export function sayProgress(text: string): void {
  process.stderr.write(`${sanitise(text)}\n`);
}

async function releasedOnFailure<T>(held: Held | undefined, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    await held?.release();
    throw error;
  }
}

function modeOf(text: string | undefined): Mode | undefined {
  if (text === undefined) return undefined;
  const mode = modes.find((candidate) => candidate === text);
  if (!mode) throw new Refusal(`there is no mode ${text}: take one of ${modes.join(', ')}`);
  return mode;
}

/** Without a word on it, the sandbox is for drills; what else a run is for must be said. */
function usualMode(target: string | undefined): Mode {
  if (target === sandboxName) return 'drill';
  throw new Refusal('say what the run is for: --mode incident, drill, training or preview');
}

/** Values from flags, target, store, environment; a missing one needs a person. */
export async function inputsOf(
  procedure: Procedure,
  flags: readonly string[],
  held: Held | undefined,
): Promise<readonly NamedInput[]> {
  const asked = askedOf(procedure, held?.ready);
  const given = await inputsOfFlags(flags, [...asked, ...questions(procedure)], process.env);
  const off = await knownOffTheWay(procedure, held?.ready);
  const inputs: NamedInput[] = [
    ...off.filter((one) => !given.some((input) => input.name === one.name)),
    ...given.filter((input) => !asked.some((one) => one.name === input.name)),
  ];
  for (const one of asked) {
    const flag = given.find((input) => input.name === one.name);
    const suggestion = flag ?? (await suggestionFor(one, held?.ready, process.env));
    if (suggestion) inputs.push({ ...suggestion, name: one.name });
  }
  return inputs;
}
