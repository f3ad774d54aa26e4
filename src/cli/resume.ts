import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { exit } from './exit.ts';
import { loadGrammars } from './grammars.ts';
import { resumeRun, runToResume } from './resume-run.ts';
import { permissionsOf, type RunOptions, sayProgress, withPermissions } from './run.ts';
import { readSettings } from './settings.ts';
import { isTerminal } from './terminal.ts';
import { runUnattended } from './unattended.ts';

/** `drillbook resume [RUN]`. */
export async function resume(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = withPermissions(
    commandLine('resume', 'Goes on with a run that was stopped, or whose Drillbook was killed.')
      .argument('[run]', 'id of the run, or how it begins; the newest unfinished one without it')
      .option(
        '--settle <outcome>',
        '"succeeded: how you know" or "failed: how you know", for an interrupted command',
      ),
  ).action(async (given: string | undefined, options: RunOptions) => {
    code = await resumed(given, options);
  });
  await parse(command, args);
  return code;
}

async function resumed(given: string | undefined, options: RunOptions): Promise<number> {
  const settings = await readSettings(process.env, process.cwd());
  const id = await runToResume(settings, given);
  const unattended = options.plain || options.json || !isTerminal();
  if (!unattended) {
    const { home } = await import('./home.ts');
    return home({ resume: id });
  }
  const permissions = permissionsOf(options);
  await loadGrammars();
  const { session, findings } = await resumeRun(
    id,
    settings,
    process.env,
    sayProgress,
    options.input,
    permissions.reread,
  );
  for (const { certain, text } of findings)
    process.stderr.write(`${certain ? 'certain' : 'UNCERTAIN'}: ${sanitise(text)}\n`);
  return runUnattended(session, permissions, settings, { json: options.json ?? false });
}
