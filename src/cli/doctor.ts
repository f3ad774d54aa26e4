import { resolve } from 'node:path';
import { folders } from '../settings/folders.ts';
import { SettingsError } from '../settings/project-file.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { bounded, type Check, type Verdict } from './doctor-check.ts';
import { machineChecks, terminalChecks } from './doctor-machine.ts';
import { targetChecks } from './doctor-target.ts';
import { neededBy, type ReadRunbook, toolChecks } from './doctor-tools.ts';
import { exit, Refusal } from './exit.ts';
import { knownTools } from './installed-tools.ts';
import { readLibrary, shippedRunbooks } from './library.ts';
import { readSettings, type Settings } from './settings.ts';

/** Runbooks that nobody listed before are compiled first; in milliseconds. */
const runbooksPatience = 60_000;

interface Options {
  readonly json?: boolean;
  readonly target?: string;
  readonly readOnly?: boolean;
}

/** `drillbook doctor`: looks at everything that a run will need, and says what to do. Returns the exit code: 1 where something fails. */
export async function doctor(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine(
    'doctor',
    'Looks at tools, connections, rights, stores, clock and terminal, and says what to do.',
  )
    .option('--target <name>', 'only that target, and what it needs')
    .option('--read-only', 'writes nothing, not even a probe into a store')
    .option('--json', 'the checks as JSON, schema 1')
    .action(async (options: Options) => {
      const checks = await lookAround(options);
      const failed = checks.some(({ verdict }) => verdict === 'failed');
      if (options.json)
        process.stdout.write(`${JSON.stringify({ schema: 1, ok: !failed, checks }, null, 2)}\n`);
      else process.stdout.write(`${checksText(checks)}\n`);
      if (failed) code = exit.failed;
    });
  await parse(command, args);
  return code;
}

async function lookAround(options: Options): Promise<readonly Check[]> {
  const environment = process.env;
  const own = [
    bounded('machine', 'machine', () => machineChecks(folders(environment).state)),
    Promise.resolve(terminalChecks(process.stdout, environment)),
  ];
  const settings = await readSettings(environment, process.cwd()).catch((error: unknown) => {
    if (error instanceof SettingsError) return error;
    throw error;
  });
  if (settings instanceof SettingsError) {
    // What cannot be read is the first thing to mend; tools and machine are looked at all the same.
    const fault: Check = {
      about: 'settings',
      name: 'settings',
      verdict: 'failed',
      says: settings.message,
      next: 'Mend the file; until then no target is known.',
    };
    const tools = toolChecks(knownTools, () => ({ targets: [], runbooks: [] }), environment);
    return [fault, ...(await Promise.all([...own, tools])).flat()];
  }
  if (options.target !== undefined && !settings.targets[options.target])
    throw new Refusal(
      `there is no target ${options.target}. Known: ${Object.keys(settings.targets).join(', ') || "none; 'drillbook init' proposes some"}.`,
      exit.usage,
    );
  const chosen = Object.entries(settings.targets).filter(
    ([name]) => options.target === undefined || name === options.target,
  );
  const targets = chosen.map(([name, one]) =>
    targetChecks({
      name,
      settings: one,
      folder: settings.folder,
      environment,
      readOnly: options.readOnly ?? false,
    }),
  );
  const tools = bounded(
    'tool',
    'tools',
    () =>
      toolsOf(
        settings,
        chosen.map(([name]) => name),
        environment,
      ),
    runbooksPatience,
  );
  return (await Promise.all([...own, tools, ...targets])).flat();
}

async function toolsOf(
  settings: Settings,
  targets: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  const runbooks: ReadRunbook[] = [];
  const places = [...settings.runbooks.map((folder) => resolve(folder)), shippedRunbooks()];
  await readLibrary(
    places,
    ({ title, catalogue }) => runbooks.push({ title, commands: catalogue.commands }),
    {
      cache: settings.folders.cache,
      onSkip: () => {},
    },
  );
  const users = neededBy(knownTools, runbooks);
  const ofEngine = (engine: string) => targets.filter((name) => settings.targets[name]!.engine === engine);
  const postgres = ofEngine('postgres');
  return toolChecks(
    knownTools,
    (name) => ({
      targets: ['psql', 'pg_dump', 'pg_restore'].includes(name) ? postgres : [],
      runbooks: users.get(name) ?? [],
    }),
    environment,
  );
}

const marks: Readonly<Record<Verdict, string>> = {
  ok: 'ok  ',
  warning: 'warn',
  failed: 'FAIL',
  skipped: '-   ',
};

function checksText(checks: readonly Check[]): string {
  const lines: string[] = [];
  let about = '';
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const check of checks) {
    if (check.about !== about) lines.push(...(about === '' ? [] : ['']), sanitiseLine(check.about));
    about = check.about;
    lines.push(`  ${marks[check.verdict]}  ${check.name.padEnd(width)}  ${sanitiseLine(check.says)}`);
    if (check.next) lines.push(`        ${' '.repeat(width)}  → ${sanitiseLine(check.next)}`);
  }
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  lines.push('', `${count('ok')} ok, ${count('warning')} to look at, ${count('failed')} failed`);
  return lines.join('\n');
}
