import { commands, hiddenCommands } from './commands.ts';
import { keepCompiledCode } from './compiled-code.ts';
import { exit, Refusal } from './exit.ts';
import { outputIsLost } from './lost-output.ts';
import { overview } from './overview.ts';
import { keepNewSpaceSmall } from './small-heap.ts';
import { version } from './version.ts';

/** Runs the command that the arguments name and resolves to the exit code. Nothing is thrown. */
export async function main(args: readonly string[]): Promise<number> {
  process.stdout.on('error', lost);
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
  try {
    return await dispatch(args);
  } catch (error) {
    return await report(error);
  }
}

/** A reader that went away (`| head`) has what it wanted; anything else has cost somebody a part of the output. */
function lost(error: NodeJS.ErrnoException): void {
  if (outputIsLost(error)) return;
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`drillbook: standard output cannot be written: ${error.message}\n`);
  process.exit(exit.failed);
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--help' || first === '-h') {
    process.stdout.write(overview());
    return exit.done;
  }
  if (first === '--version' || first === '-V') {
    if (rest.includes('--verbose')) return (await import('./version-verbose.ts')).versionVerbose();
    process.stdout.write(`${version}\n`);
    return exit.done;
  }
  if (first === undefined || guided.has(first) || looksLikeRunbook(first)) {
    keepNewSpaceSmall();
    keepCompiledCode(process.env);
  }
  // Somebody waits with a finger on Tab.
  if (first === '__complete') keepCompiledCode(process.env);
  if (first === undefined) return (await import('./home.ts')).home();
  const entry = [...commands, ...hiddenCommands].find((command) => command.name === first);
  if (entry) return (await entry.load())(rest);
  if (first.startsWith('-')) throw new Refusal(`unknown option ${first}. Try 'drillbook --help'.`);
  if (looksLikeRunbook(first)) return (await import('./run.ts')).run(args);
  throw new Refusal(`there is no command ${first}. Try 'drillbook --help'.`);
}

/** What stays for as long as an incident does, beside the commands that it runs. */
const guided: ReadonlySet<string> = new Set(['run', 'resume', 'train', 'watch']);

function looksLikeRunbook(text: string): boolean {
  return /\.(md|markdown)(#.*)?$/i.test(text);
}

/** Faults that a person can act on become a sentence; anything else is a fault of ours and says so. */
async function report(error: unknown): Promise<number> {
  const { sanitise } = await import('../terminal/sanitise.ts');
  if (error instanceof Refusal) {
    process.stderr.write(`drillbook: ${sanitise(error.message)}\n`);
    return error.code;
  }
  const { sentenceOf } = await import('./sentence.ts');
  const known = sentenceOf(error);
  if (known) {
    process.stderr.write(`drillbook: ${sanitise(known)}\n`);
    return exit.failed;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `drillbook: this should not have happened, and it is a fault of Drillbook. Runs are safe on disk: 'drillbook resume' goes on.\n${sanitise(details)}\n`,
  );
  return exit.failed;
}
