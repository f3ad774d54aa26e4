import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { CronExpressionParser } from 'cron-parser';
import { actionsText } from '../backup/schedule/actions.ts';
import { cronText } from '../backup/schedule/cron.ts';
import { planSchedule, type Schedule, type Task } from '../backup/schedule/plan.ts';
import { systemdUnits } from '../backup/schedule/systemd.ts';
import { occasions } from '../drill/occasion.ts';
import type { DrillSettings } from '../settings/drill-settings.ts';
import { commandLine, parse } from './arguments.ts';
import { printJson, say } from './backup-output.ts';
import { exit, Refusal } from './exit.ts';
import { policyOf, policyOptions } from './retention-options.ts';
import { readSettings } from './settings.ts';

/** `drillbook schedule <target> --cron|--systemd|--github-actions`: prints what does backups, health and drills by itself. */
export async function schedule(args: readonly string[]): Promise<number> {
  const command = policyOptions(
    commandLine('schedule', 'print units that back up a target, look at its health and drill its restore')
      .argument('<target>', 'whose backups; a target of the settings brings its URL, store and RPO')
      .option('--cron', 'lines for crontab -e')
      .option('--systemd', 'services and timers, for /etc/systemd/system')
      .option('--github-actions', 'a workflow, for .github/workflows')
      .option('--backup-at <cron>', 'when to back up', '0 2 * * *')
      .option('--health-at <cron>', 'when to look at the health', '30 * * * *')
      .option(
        '--drill-at <cron>',
        "when to restore as a test, or to see whether a drill is due (default: by the target's drill, else 0 4 1 * *)",
      )
      .option(
        '--url <reference>',
        "the database: env:NAME or file:PATH (default: the target's, else env:DATABASE_URL)",
      )
      .option('--store <store>', "where the backups are (default: the target's, else env:BACKUP_DIR)")
      .option(
        '--drill-url <reference>',
        'a server that takes the scratch database of a drill',
        'env:DRILL_DATABASE_URL',
      )
      .option(
        '--environment-file <path>',
        'where the variables stand (default: /etc/drillbook/<target>.env)',
      ),
  ).option('--json', 'the units as JSON: a list of name and text');
  await parse(
    command.action(async (target: string, options: Record<string, string | boolean | undefined>) => {
      const kinds = (['cron', 'systemd', 'githubActions'] as const).filter((kind) => options[kind]);
      const [kind] = kinds;
      if (kind === undefined || kinds.length > 1)
        throw new Refusal('Give one of --cron, --systemd and --github-actions.', exit.usage);
      if (!/^[A-Za-z0-9][\w.-]*$/.test(target))
        throw new Refusal(`A target is letters, digits, dots and dashes, not ${target}.`, exit.usage);
      policyOf(options as Record<string, string | undefined>);
      const units = filesOf(kind, await planOf(kind, target, options as Record<string, string | undefined>));
      if (options.json) printJson({ units });
      else
        process.stdout.write(
          units.map(({ name, text }) => (units.length > 1 ? `# ${name}\n${text}` : text)).join('\n'),
        );
      say(hint(kind, target));
    }),
    args,
  );
  return exit.done;
}

type Kind = 'cron' | 'systemd' | 'githubActions';

async function planOf(
  kind: Kind,
  target: string,
  options: Record<string, string | undefined>,
): Promise<Schedule> {
  const settings = await readSettings(process.env, process.cwd());
  const known = settings.targets[target];
  const policy = ['last', 'daily', 'weekly', 'monthly', 'yearly', 'within'].flatMap((name) =>
    options[name] === undefined ? [] : [`--${name}`, options[name]],
  );
  const rpo = known?.objectives.rpo;
  // A runner of GitHub keeps no state: there nobody knows when the last drill was.
  const drill = kind === 'githubActions' ? undefined : known?.drill;
  return planSchedule({
    target,
    url: reference('--url', options.url) ?? reference('url', known?.url) ?? 'env:DATABASE_URL',
    store: options.store ?? placeOf(known?.store, settings.folder) ?? 'env:BACKUP_DIR',
    drillUrl: reference('--drill-url', options.drillUrl)!,
    times: {
      backup: cron('--backup-at', options.backupAt!),
      health: cron('--health-at', options.healthAt!),
      drill: cron('--drill-at', options.drillAt ?? lookedAt(drill, kind) ?? '0 4 1 * *'),
    } satisfies Record<Task['name'], string>,
    policy,
    ...(drill?.schedule === undefined
      ? {}
      : { drill: { project: settings.folder, references: [known!.url, drill.scratch ?? known!.url] } }),
    ...(rpo === undefined ? {} : { rpo: `${rpo}s` }),
    // A runner has no path of ours.
    command: kind === 'githubActions' ? ['npx', '--yes', 'drillbook'] : [process.execPath, await ownPath()],
    environmentFile: environmentFile(options.environmentFile ?? `/etc/drillbook/${target}.env`),
  });
}

/**
 * Every day, an hour after the time of the drill's schedule, so that summer time does not make it come too early: whether
 * the day is the one, and whether it was done before, the drill itself knows. systemd counts in UTC, cron as the machine.
 */
function lookedAt(drill: DrillSettings | undefined, kind: Kind): string | undefined {
  if (drill?.schedule === undefined) return undefined;
  const { next } = occasions(drill.schedule, drill.timezone, new Date());
  const [hour, minute] =
    kind === 'cron' ? [next.getHours(), next.getMinutes()] : [next.getUTCHours(), next.getUTCMinutes()];
  return `${minute} ${(hour + 1) % 24} * * *`;
}

function filesOf(kind: Kind, plan: Schedule) {
  switch (kind) {
    case 'cron':
      return [{ name: `${plan.target}.crontab`, text: cronText(plan) }];
    case 'systemd':
      try {
        return systemdUnits(plan);
      } catch (error) {
        if (error instanceof RangeError) throw new Refusal(error.message, exit.usage);
        throw error;
      }
    case 'githubActions':
      return [{ name: `drillbook-${plan.target}.yml`, text: actionsText(plan) }];
  }
}

function hint(kind: Kind, target: string): string {
  switch (kind) {
    case 'cron':
      return "Add it with 'crontab -e'. Nothing was installed.";
    case 'systemd':
      return `Write each to /etc/systemd/system, then: systemctl daemon-reload && systemctl enable --now drillbook-${target}-{backup,health,drill}.timer. Nothing was installed.`;
    case 'githubActions':
      return `Write it to .github/workflows/drillbook-${target}.yml. Nothing was installed.`;
  }
}

/** A reference that holds no secret itself: units are read by others. */
function reference(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^(?:env|file|sqlite3?):./.test(text)) return text;
  if (flag === 'url') return undefined;
  throw new Refusal(
    `${flag} stands in the unit for everybody to read: give env:NAME or file:PATH, not the URL itself.`,
    exit.usage,
  );
}

function placeOf(store: string | undefined, folder: string): string | undefined {
  if (store === undefined || /^[a-z0-9]+:/.test(store)) return store;
  return resolve(folder, store);
}

function cron(flag: string, text: string): string {
  try {
    if (text.trim().split(/\s+/).length !== 5) throw new RangeError('it has not five fields');
    CronExpressionParser.parse(text);
    return text.trim().replace(/\s+/g, ' ');
  } catch (error) {
    throw new Refusal(
      `${flag} is a cron expression like "0 2 * * *": ${(error as Error).message}.`,
      exit.usage,
    );
  }
}

function environmentFile(path: string): string {
  if (!isAbsolute(path) || /[\s"'\\]/.test(path))
    throw new Refusal(`--environment-file is an absolute path without spaces, not ${path}.`, exit.usage);
  return path;
}

async function ownPath(): Promise<string> {
  return realpath(process.argv[1]!);
}
