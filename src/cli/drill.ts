import { type DrillResult, drillHistory } from '../drill/history.ts';
import { drillOverviews, dueTargets } from '../drill/overview.ts';
import { Redaction } from '../execution/redaction.ts';
import { findRun } from '../journal/runs.ts';
import { connectionOf } from '../settings/connection.ts';
import { resolveReference } from '../settings/reference.ts';
import { commandLine, parse } from './arguments.ts';
import { oneOf } from './backup-options.ts';
import { print, printJson, say } from './backup-output.ts';
import { dueLine, historyText, overviewText, trendText } from './drill-words.ts';
import { exit, Refusal } from './exit.ts';
import { sandboxName } from './ready.ts';
import type { RunOptions } from './run.ts';
import { readSettings, type Settings } from './settings.ts';

interface RunFlags extends RunOptions {
  backup?: string;
  from?: string;
  scratch?: string;
  runbook?: string;
  due?: boolean;
}

/** How many drills the trend of a list shows. */
const trendLength = 12;

/** `drillbook drill run|due|list|history|export`. */
export async function drill(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const settle = (given: number) => {
    code = Math.max(code, given);
  };
  const command = commandLine(
    'drill',
    'restore a real backup into a scratch database, judge it, keep the result',
  );
  const { permissionsOf, withPermissions } = await import('./run.ts');
  const sub = (name: string, summary: string) =>
    command
      .command(name)
      .description(summary)
      .configureOutput({ writeErr: () => {} })
      .exitOverride()
      .option('--project <folder>', 'the folder with drillbook.yaml, for cron (default: here)');
  const settingsOf = (options: { project?: string }) =>
    readSettings(process.env, options.project ?? process.cwd());

  withPermissions(
    sub('run', 'hold a drill, unattended; exit code 0 passed, 1 failed, 3 where only a person may decide')
      .argument('[target]', "a target of the settings, or 'sandbox' (default: the only one with a drill)")
      .option('--due', 'only where a drill is due; every target with a schedule where none is named')
      .option('--backup <which>', 'latest, random, or the name of one')
      .option('--from <span>', 'how far back a random one may be: week or month')
      .option('--scratch <server>', 'what takes the scratch database: a target, sandbox, or env:NAME')
      .option('--runbook <file>', 'another runbook, behind a # a procedure of it'),
  ).action(async (target: string | undefined, options: RunFlags & { project?: string }) => {
    const settings = await settingsOf(options);
    const { cleanUp, runDrill } = await import('./drill-run.ts');
    await cleanUp(settings);
    const flags = {
      ...given('backup', options.backup),
      ...given('from', options.from && oneOf('--from', options.from, ['week', 'month'] as const)),
      ...given('scratch', options.scratch),
      ...given('runbook', options.runbook),
      json: options.json ?? false,
      inputs: options.input,
      permissions: permissionsOf(options),
    };
    for (const name of await targetsOf(target, options.due ?? false, settings))
      settle(await runDrill(name, flags, settings));
  });

  sub('due', 'say which drills are due; exit code 1 where one is overdue')
    .option('--json', 'as JSON, schema 1')
    .action(async (options) => {
      const settings = await settingsOf(options);
      const now = new Date();
      const all = await dueTargets(settings.targets, settings.folders.state, now);
      if (options.json) printJson({ schema: 1, at: now.toISOString(), targets: all });
      else for (const one of all) print(dueLine(one, now));
      if (all.length === 0)
        say('no target of the settings has a schedule of drills (drill: schedule: first Monday)');
      if (all.some((one) => one.due.kind === 'overdue' || one.problem !== undefined)) settle(exit.failed);
    });

  sub('list', 'the drills of every target: the last, the next, the trend, what fails')
    .option('--json', 'as JSON, schema 1')
    .action(async (options) => {
      const settings = await settingsOf(options);
      const now = new Date();
      const all = await drillOverviews(settings.targets, settings.folders.state, now, trendLength);
      if (options.json) printJson({ schema: 1, at: now.toISOString(), targets: all });
      else for (const one of all) print(overviewText(one, now));
      if (all.length === 0)
        say("no drill was held yet, and none is in the settings: 'drillbook drill run sandbox' holds one");
    });

  sub('history', 'every drill of a target, the newest first')
    .argument('[target]', 'whose (default: all)')
    .option('--limit <n>', 'how many', '24')
    .option('--json', 'as JSON, schema 1')
    .action(async (target: string | undefined, options) => {
      if (!/^[1-9]\d{0,5}$/.test(options.limit)) throw new Refusal('--limit is a number from 1', exit.usage);
      const settings = await settingsOf(options);
      const drills = await drillHistory(settings.folders.state, target, Number(options.limit));
      if (options.json) printJson({ schema: 1, drills });
      else if (drills.length > 0) print(`${historyText(drills)}\n${trendText(drills)}`);
      if (drills.length === 0)
        say(`no drill${target === undefined ? '' : ` of ${target}`} was held here yet`);
    });

  sub(
    'export',
    'the evidence of a drill, for an auditor: result, entry, journal, manifest, recording, SHA-256 sums',
  )
    .argument('<run>', "a drill's run, or 'latest'")
    .requiredOption('--to <place>', 'a folder that is not there yet, or a file that ends with .tar')
    .action(async (run: string, options) => {
      await exportDrill(run, options.to, await settingsOf(options));
    });

  command.action(() => {
    throw new Refusal(
      "Say what to do: run, due, list, history or export. 'drillbook drill --help' shows more.",
    );
  });
  await parse(command, args);
  return code;
}

async function targetsOf(
  target: string | undefined,
  onlyDue: boolean,
  settings: Settings,
): Promise<readonly string[]> {
  if (onlyDue) {
    const all = await dueTargets(settings.targets, settings.folders.state, new Date());
    const wanted = all.filter((one) => target === undefined || one.target === target);
    if (wanted.length === 0)
      throw new Refusal(
        `${target === undefined ? 'no target has' : `${target} has no`} schedule of drills: nothing can be due (drill: schedule: first Monday)`,
      );
    const broken = wanted.find((one) => one.problem !== undefined);
    if (broken) throw new Refusal(`${broken.target}: ${broken.problem}`);
    const due = wanted.filter(({ due: { kind } }) => kind === 'due' || kind === 'overdue');
    if (due.length === 0) for (const one of wanted) say(dueLine(one, new Date()));
    return due.map((one) => one.target);
  }
  if (target !== undefined) return [target];
  const known = Object.keys(settings.targets);
  const drilled = known.filter((name) => settings.targets[name]?.drill !== undefined);
  if (drilled.length === 1) return drilled;
  if (known.length === 0) return [sandboxName];
  throw new Refusal(
    `say which target: ${(drilled.length > 0 ? drilled : [...known, sandboxName]).join(', ')}; or --due for those that are due`,
  );
}

async function exportDrill(given: string, to: string, settings: Settings): Promise<void> {
  const { evidenceOf, writeEvidence } = await import('../drill/evidence.ts');
  const { state } = settings.folders;
  const wanted = given === 'latest' ? await latestRun(state) : given;
  const found = await findRun(state, wanted);
  if (found.kind === 'none')
    throw new Refusal(`there is no run ${wanted}. 'drillbook drill history' shows the drills.`);
  if (found.kind === 'ambiguous')
    throw new Refusal(`${wanted} may mean several runs: ${found.ids.join(', ')}`);
  const redaction = new Redaction(await secretsOf(settings));
  try {
    const files = await evidenceOf(found.folder, (text) => redaction.text(text) !== text);
    await writeEvidence(files, to, found.id);
    say(`${files.length} files of ${found.id} are in ${to}`);
  } catch (error) {
    throw new Refusal(`${found.id} was not exported: ${(error as Error).message}`, exit.failed);
  }
}

async function latestRun(state: string): Promise<string> {
  const [last] = (await drillHistory(state, undefined, 5)).filter(
    (one: DrillResult) => one.outcome !== 'unfinished',
  );
  if (!last) throw new Refusal('no drill was held here yet', exit.failed);
  return last.run;
}

/** Passwords of every target, as far as this machine knows them: none of them may be in what is handed out. */
async function secretsOf({ targets }: Settings): Promise<readonly string[]> {
  const references = Object.values(targets).flatMap(({ url, admin_url, drill: held }) => [
    url,
    admin_url,
    held?.scratch,
  ]);
  const secrets = await Promise.all(
    references.map(async (reference) => {
      const resolved = reference === undefined ? undefined : await resolveReference(reference, process.env);
      return resolved && 'value' in resolved ? connectionOf(resolved.value)?.password : undefined;
    }),
  );
  return secrets.flatMap((secret) => secret || []);
}

function given<K extends string, V>(name: K, value: V | undefined | '') {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { [key in K]: V });
}
