import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandNode, OptionNode } from './command-tree.ts';
import { procedures, runbooks, runs, targets } from './complete-names.ts';
import { exit } from './exit.ts';

/** One thing that may stand there, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly what?: string;
}

/** What may stand at a place: candidates, or files of the shell's own where none of them fits. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly files: boolean;
}

/**
 * `drillbook __complete WORD…`: what the last of the words can become, a line each with its meaning behind a tab; a
 * line `:files` where the shell should go on with files. It answers while somebody waits with a finger on Tab: nothing
 * heavy is loaded, and whatever goes wrong is silent.
 */
export async function completeWords(words: readonly string[]): Promise<number> {
  try {
    const { candidates, files } = await completion(await tree(), words, process.env, process.cwd());
    const lines = candidates.map(({ value, what }) =>
      what ? `${plain(value)}\t${plain(what)}` : plain(value),
    );
    if (files) lines.push(':files');
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  } catch {
    // A message in the middle of somebody's prompt helps nobody.
  }
  return exit.done;
}

/** Candidates for the last word, which the others stand before; those that don't begin with it are left out. */
export async function completion(
  commands: readonly CommandNode[],
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<Completion> {
  // bash gives --target=x as three words.
  const given = words.filter((word, at) => word !== '=' || at === words.length - 1);
  const asked = given.at(-1) ?? '';
  const typed = asked === '=' ? '' : asked;
  const root: CommandNode = {
    words: '',
    name: '',
    summary: '',
    arguments: [],
    options: rootOptions,
    examples: [],
    commands,
  };
  let node = root;
  let awaiting: OptionNode | undefined;
  let position = 0;
  let onlyArguments = false;
  for (const word of given.slice(0, -1)) {
    if (awaiting) awaiting = undefined;
    else if (word === '--' && !onlyArguments) onlyArguments = true;
    else if (word.startsWith('-') && !onlyArguments) {
      const option = optionOf(node, word);
      if (option?.value && !word.includes('=')) awaiting = option;
    } else {
      const inner = position === 0 ? node.commands.find(({ name }) => name === word) : undefined;
      if (inner) node = inner;
      else position += 1;
    }
  }
  const places: Places = { environment, folder, commands };
  if (awaiting) return fitting(await valuesOf(awaiting, typed, places), typed);
  const equals = typed.startsWith('--') ? typed.indexOf('=') : -1;
  if (equals > 0) {
    const option = optionOf(node, typed);
    const value = typed.slice(equals + 1);
    const found = option ? fitting(await valuesOf(option, value, places), value) : nothing;
    const before = typed.slice(0, equals + 1);
    return { ...found, candidates: found.candidates.map((one) => ({ ...one, value: before + one.value })) };
  }
  if (typed.startsWith('-') && !onlyArguments)
    return fitting({ candidates: [...node.options.map(optionCandidate), help], files: false }, typed);
  if (node.commands.length > 0 && position === 0) {
    const inner = node.commands.map(({ name, summary }) => ({ value: name, what: summary }));
    // At the root a runbook is a command line of its own.
    const own = node === root && typed !== '' ? await named('runbook', typed, places) : nothing;
    return fitting({ candidates: [...inner, ...own.candidates], files: own.files }, typed);
  }
  const argument = node.arguments[position] ?? node.arguments.findLast(({ variadic }) => variadic);
  if (!argument) return nothing;
  if (node.words === 'help') return fitting(await helpWords(commands, given.slice(1, -1)), typed);
  const key = node.words === 'target remove' ? 'target' : argument.name;
  return fitting(await named(key, typed, places), typed);
}

const nothing: Completion = { candidates: [], files: false };
const help: Candidate = { value: '--help', what: 'show this help' };
const rootOptions: readonly OptionNode[] = [
  { flags: '-V, --version', long: '--version', summary: 'show the version' },
];

interface Places {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly commands: readonly CommandNode[];
}

function fitting({ candidates, files }: Completion, typed: string): Completion {
  return { candidates: candidates.filter(({ value }) => value.startsWith(typed)), files };
}

function optionOf(node: CommandNode, word: string): OptionNode | undefined {
  const name = word.split('=')[0]!;
  return node.options.find(({ flags }) => flags.split(/[ ,]+/).includes(name));
}

function optionCandidate({ long, summary }: OptionNode): Candidate {
  return { value: long, what: summary };
}

async function helpWords(commands: readonly CommandNode[], before: readonly string[]): Promise<Completion> {
  let inner = commands;
  for (const word of before) inner = inner.find(({ name }) => name === word)?.commands ?? [];
  return { candidates: inner.map(({ name, summary }) => ({ value: name, what: summary })), files: false };
}

/** Words that the flags of every command take, by the name of their value, with the flag where that says which. */
const choices: Readonly<Record<string, readonly string[]>> = {
  mode: ['incident', 'drill', 'training', 'preview'],
  environment: ['production', 'staging', 'local'],
  engine: ['postgres', 'sqlite'],
  way: ['desktop', 'bell', 'off'],
  kind: ['scheduled', 'on-demand', 'emergency', 'pre-deployment', 'pre-restore', 'incident'],
  '--level level': ['bytes', 'archive', 'restore'],
  '--fail-on level': ['warning', 'critical'],
  shell: ['bash', 'zsh', 'fish'],
};

async function valuesOf(option: OptionNode, typed: string, places: Places): Promise<Completion> {
  if (option.long === '--target') return named('target', typed, places);
  if (option.long === '--run') return named('run', typed, places);
  const value = option.value ?? '';
  const words = choices[`${option.long} ${value}`] ?? choices[value];
  if (words) return { candidates: words.map((word) => ({ value: word })), files: false };
  return { candidates: [], files: /^(store|path|file|reference|url|address)$/.test(value) };
}

/** What an argument of that name can be. */
async function named(name: string, typed: string, { environment, folder }: Places): Promise<Completion> {
  switch (name) {
    case 'run':
      return { candidates: await runs(environment), files: false };
    case 'target':
      return { candidates: await targets(environment, folder), files: false };
    case 'backup':
      return { candidates: [{ value: 'latest', what: 'the newest' }], files: false };
    case 'shell':
      return { candidates: choices.shell!.map((word) => ({ value: word })), files: false };
    case 'runbook':
    case 'file':
    case 'path':
    case 'folders':
    case 'command-or-file': {
      const hash = typed.indexOf('#');
      return hash > 0
        ? { candidates: await procedures(typed.slice(0, hash), environment, folder), files: false }
        : { candidates: await runbooks(typed, folder), files: true };
    }
    default:
      return nothing;
  }
}

/** As the bundle was made with; in a checkout without one, from the commands themselves. */
async function tree(): Promise<readonly CommandNode[]> {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const path of [join(here, 'assets', 'commands.json'), join(here, '..', 'assets', 'commands.json')]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return JSON.parse(text) as readonly CommandNode[];
  }
  return (await import('./command-tree.ts')).commandTree();
}

/** Names come from files of others: nothing in them may end a line or reach the terminal. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
