import type { Command } from 'commander';
import { readCatalog, targetOf } from '../backup/catalog.ts';
import { readAttempts } from '../backup/health/attempts.ts';
import { readFailures } from '../backup/health/failures.ts';
import {
  type Drill,
  type Health,
  type HealthLimits,
  judgeHealth,
  usualLimits,
} from '../backup/health/health.ts';
import { metricsText } from '../backup/health/metrics.ts';
import { ageText, percentText, sparkline } from '../backup/health/wording.ts';
import { isEmpty } from '../backup/retention.ts';
import type { Store } from '../backup/store.ts';
import { listRuns } from '../journal/runs.ts';
import { folders } from '../settings/folders.ts';
import { count, oneOf, storeOf, storeOption, subcommand } from './backup-options.ts';
import { bytesText, print, printJson, say, tableText } from './backup-output.ts';
import { targetOfStore } from './backup-target.ts';
import { carryOut } from './backup-task.ts';
import { time } from './backup-words.ts';
import { exit, Refusal } from './exit.ts';
import { policyOf, policyOptions, timeOf } from './retention-options.ts';
import { readSettings } from './settings.ts';

/** Adds `health` to the backup command. */
export function addHealth(command: Command, settle: (code: number) => void): void {
  policyOptions(
    storeOption(
      subcommand(
        command,
        'health',
        'say how the backups of a target are, for a person, cron or a monitor; exit code 1 where something is critical',
      ),
    ),
  )
    .option('--target <name>', 'whose backups (default: the only one of the store)')
    .option('--rpo <time>', "the newest backup may be this old (default: the target's RPO, else 24h)")
    .option('--max-duration <time>', 'a backup may take this long (default: 10m)')
    .option('--drill-every <time>', 'a backup is restored as a test this often (default: 35d)')
    .option('--quota <size>', 'room of a store that can not say it, e.g. 25GB')
    .option('--price <amount>', 'what a gigabyte costs a month, e.g. 0.023, for the estimate')
    .option('--trend <n>', 'how many backups the trend shows', '14')
    .option('--fail-on <level>', 'exit code 1 from this level on: warning or critical', 'critical')
    .option('--json', 'as JSON, schema 1')
    .option('--prometheus', "in Prometheus' text format, for node_exporter's textfile collector")
    .action(async (options) => {
      if (options.json && options.prometheus)
        throw new Refusal('Give either --json or --prometheus, not both.', exit.usage);
      const failOn = oneOf('--fail-on', options.failOn, ['warning', 'critical'] as const);
      const price = amount('--price', options.price);
      const quota = size(options.quota);
      const policy = policyOf(options);
      const trend = count('--trend', options.trend)!;
      const settings = await readSettings(process.env, process.cwd());
      const store = await storeOf(options.store);
      settle(
        await carryOut(async () => {
          const catalog = await readCatalog(store);
          const target: string = options.target ?? targetOfStore(catalog);
          const objective = settings.targets[target]?.objectives.rpo;
          const limits: HealthLimits = {
            ...usualLimits,
            ...given('age', timeOf('--rpo', options.rpo) ?? (objective && objective * 1000)),
            ...given('duration', timeOf('--max-duration', options.maxDuration)),
            ...given('drill', timeOf('--drill-every', options.drillEvery)),
          };
          const backups = catalog.backups.filter((one) => targetOf(one) === target);
          const health = judgeHealth({
            target,
            store: store.location,
            now: new Date(),
            backups,
            unfinished: catalog.unfinished.filter((one) => one.name.startsWith(`${target}-`)),
            failures: await readFailures(store, target),
            attempts: await readAttempts(folders(process.env).state, target, store.location),
            drills: await drillsOf(target, settings.folders.state),
            space: await spaceOf(
              store,
              quota,
              catalog.backups.reduce((sum, one) => sum + one.bytes, 0),
            ),
            ...(isEmpty(policy) ? {} : { policy }),
            ...(price === undefined ? {} : { price }),
            limits,
            trend,
          });
          if (options.json) printJson(health);
          else if (options.prometheus) process.stdout.write(metricsText(health));
          else show(health);
          return health.level === 'critical' || health.level === failOn ? exit.failed : exit.done;
        }),
      );
    });
}

function given<K extends keyof HealthLimits>(name: K, value: number | undefined) {
  return value === undefined ? {} : { [name]: value };
}

/** Drills that were gone through here, by their journals. */
async function drillsOf(target: string, state: string): Promise<Drill[]> {
  const runs = await listRuns(state).catch(() => []);
  return runs.flatMap((run) =>
    run.mode === 'drill' &&
    run.target === target &&
    run.lastAt !== undefined &&
    run.outcome !== undefined &&
    run.outcome !== 'abandoned'
      ? [{ at: new Date(run.lastAt), passed: run.outcome === 'passed' }]
      : [],
  );
}

async function spaceOf(store: Store, quota: number | undefined, used: number) {
  if (quota !== undefined) return { free: quota - used, total: quota };
  return store.space?.().catch(() => undefined);
}

function show(health: Health): void {
  const marks = { ok: 'ok', unknown: '?', warning: 'WARNING', critical: 'CRITICAL' };
  print(`${health.target}: ${marks[health.level]}, by ${health.figures.backups} backups in ${health.store}`);
  const width = Math.max(...health.checks.map((one) => marks[one.level].length));
  for (const one of health.checks) print(`  ${marks[one.level].padEnd(width)}  ${one.check}: ${one.words}`);
  if (health.trend.length > 0) {
    print('');
    print(
      tableText(
        [
          ['taken (UTC)', 'size', 'change', 'took', 'state'],
          ...health.trend.map((one) => [
            time(new Date(one.takenAt)),
            bytesText(one.bytes),
            one.growth === undefined ? '' : percentText(one.growth),
            ageText(one.durationMs),
            one.verified ? 'verified' : 'not verified',
          ]),
        ],
        [1, 2, 3],
      ),
    );
    print(
      `size ${sparkline(health.trend.map((one) => one.bytes))}  took ${sparkline(health.trend.map((one) => one.durationMs))}`,
    );
  }
  if (health.figures.successRate !== undefined)
    say(`${Math.round(health.figures.successRate * 100)}% of the attempts of 30 days gave a backup.`);
  if (health.cost !== undefined)
    print(
      `${bytesText(health.figures.storedBytes)} stored cost about ${money(health.cost.now)} a month at ${health.cost.pricePerGigabyte} a gigabyte${health.cost.planned === undefined ? '' : `; about ${money(health.cost.planned)} once the policy is filled`}.`,
    );
}

function money(amount: number): string {
  return amount.toFixed(amount < 0.1 ? 4 : 2);
}

function amount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(?:\.\d+)?$/.test(text))
    throw new Refusal(`${flag} is an amount like 0.023, not ${text}.`, exit.usage);
  return Number(text);
}

/** Bytes of `25GB`, `500MB`, `1TB`; decimal. */
function size(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([MGT])B$/i.exec(text.trim());
  if (match === null) throw new Refusal(`--quota is a size like 25GB, not ${text}.`, exit.usage);
  return Number(match[1]) * { M: 1e6, G: 1e9, T: 1e12 }[match[2]!.toUpperCase() as 'M' | 'G' | 'T'];
}
