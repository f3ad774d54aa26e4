import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { withLastBackground } from './last-background.ts';
import { prelude } from './prelude.ts';
import { makeScratch } from './scratch-folder.ts';
import { parseDump } from './shell-dump.ts';
import { hasOption, restoreScript, statusScript } from './shell-restore.ts';
import type { ShellState } from './shell-state.ts';
import { StartGate } from './start-gate.ts';

/** How a command is given to bash: everything but harmless numbers goes through files that only we can read. */
export interface Invocation {
  /** The scratch folder of this one command. */
  readonly folder: string;
  readonly arguments: readonly string[];
  /** To be added to the child's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The shell waits here before it begins with the text. */
  readonly gate: StartGate;
  /** Where the command's children may append JSON lines for the run. */
  readonly reportFile: string;
}

/**
 * Prepares a command's text to run in a fresh bash that continues `state`. `bash` is the path of the shell;
 * `stateFolder` is made with mode 0700 where it is missing, and has the scratch folder or a link to it.
 */
export async function prepare(
  bash: string,
  text: string,
  stateFolder: string,
  state: ShellState,
): Promise<Invocation> {
  const folder = await makeScratch(stateFolder);
  const tracing = hasOption(state, 'xtrace');
  const verbose = hasOption(state, 'verbose');
  const status = statusScript(state);
  // Tracing starts inside the text, on its first line, so that line numbers hold and nothing of ours is traced.
  const switches = [tracing ? 'set -x' : '', verbose ? 'set -v' : ''].filter(Boolean);
  const lead =
    switches.length > 0 ? `{ ${[...switches, status].filter(Boolean).join('; ')}; } 2>/dev/null; ` : '';
  const [takes, gate] = await Promise.all([takesTail(bash, text), StartGate.in(folder)]);
  const tail = takes ? pipeStatusTail : '';
  const reportFile = join(folder, 'report.jsonl');
  const options = { mode: 0o600, flag: 'wx' } as const;
  await Promise.all([
    writeFile(join(folder, 'command'), lead + withLastBackground(text, state.lastBackground) + tail, options),
    writeFile(join(folder, 'begin'), Buffer.from(prelude + restoreScript(state), 'latin1'), options),
    writeFile(reportFile, '', options),
  ]);
  const main = [
    '. "$DRILLBOOK_SHELL/begin" 2>/dev/null',
    lead === '' ? status : '',
    'eval "$__drillbook_text"',
  ];
  return {
    folder,
    arguments: ['--noprofile', '--norc', '-c', main.filter(Boolean).join('; '), 'bash'],
    environment: { DRILLBOOK_SHELL: folder, DRILLBOOK_REPORT: reportFile },
    gate,
    reportFile,
  };
}

/** Both dumps of a finished command; undefined where it was killed before it could write them. */
export async function readDumps(folder: string) {
  const read = async (name: string) => {
    try {
      return parseDump(await readFile(join(folder, name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  const [before, after] = await Promise.all([read('before'), read('after')]);
  return before && after ? { before, after } : undefined;
}

/**
 * `eval` hides the PIPESTATUS of what it ran, so the text itself has to keep it in its last line, and end with the
 * same code.
 */
const pipeStatusTail = `
{ __drillbook_end="$? \${PIPESTATUS[@]}"; exit "\${__drillbook_end%% *}"; } >/dev/null 2>&1`;

/**
 * Whether a line may be put behind the text. Not where the text is unfinished (bash must say so itself) and not
 * where an open here-document would swallow the line.
 */
async function takesTail(bash: string, text: string): Promise<boolean> {
  if (/\\$/.test(text)) return false;
  const checked = await execa(bash, ['--noprofile', '--norc', '-O', 'extglob', '-n'], {
    input: text,
    env: { LC_ALL: 'C', BASH_ENV: '' },
    reject: false,
    stdout: 'ignore',
  });
  return checked.exitCode === 0 && !checked.stderr.includes('delimited by end-of-file');
}
