import { environments } from '../run/target.ts';
import { productionSmells } from '../settings/production-smell.ts';
import type { TargetSettingsInput } from '../settings/target-settings.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { sandboxName } from './ready.ts';
import { readSettings } from './settings.ts';

interface AddOptions {
  environment?: string;
  url?: string;
  adminUrl?: string;
  engine?: string;
  store?: string;
  recipient?: string[];
  identity?: string;
  application?: string;
  health?: string;
  tag: string[];
  rto?: string;
  rpo?: string;
}

/** `drillbook target list|add|remove`. */
export async function target(args: readonly string[]): Promise<number> {
  const command = commandLine(
    'target',
    'Targets: the databases that runs work on. References, never passwords.',
  );
  const read = () => readSettings(process.env, process.cwd());
  command
    .command('list', { isDefault: true })
    .description('list the targets that runs here can use')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const settings = await read();
      const rows = [
        { name: sandboxName, environment: 'sandbox', url: 'made on demand' },
        ...Object.entries(settings.targets).map(([name, { environment, url }]) => ({
          name,
          environment,
          url,
        })),
      ];
      const lines = rows.map(
        (row) => `${row.name.padEnd(20)} ${row.environment.padEnd(12)} ${sanitise(row.url)}`,
      );
      process.stdout.write(
        json ? `${JSON.stringify({ schema: 1, targets: rows }, null, 2)}\n` : `${lines.join('\n')}\n`,
      );
    });
  command
    .command('add <name>')
    .description('add a target, or replace the one of that name')
    .requiredOption(
      '--environment <environment>',
      `one of ${environments.filter((e) => e !== 'sandbox').join(', ')}`,
    )
    .requiredOption('--url <reference>', 'connection URL: env:NAME, file:PATH, or a URL without a password')
    .option(
      '--admin-url <reference>',
      "the server's maintenance database; made from --url where it is left out",
    )
    .option('--engine <engine>', 'postgres or sqlite')
    .option(
      '--store <store>',
      'where the backups are: a folder, s3://BUCKET/PREFIX or cloudinary://CLOUD/FOLDER',
    )
    .option('--recipient <recipient...>', 'encrypt its backups to these: age1…, file:PATH or env:NAME')
    .option('--identity <reference>', 'what opens them: file:PATH or env:NAME')
    .option('--application <url>', "the application's address")
    .option('--health <url>', 'its readiness check')
    .option('--tag <word>', 'word that chooses options, such as render; may be given again', collect, [])
    .option('--rto <duration>', 'longest downtime, such as 1h')
    .option('--rpo <duration>', 'longest loss of data, such as 24h')
    .action(async (name: string, options: AddOptions) => {
      if (name === sandboxName) throw new Refusal('the sandbox is always there and is not configured');
      const settings = await read();
      settings.preferences.addTarget(name, settingsOf(options));
      const smells = productionSmells({ name, url: options.url });
      if (options.environment !== 'production' && smells.length > 0)
        process.stderr.write(
          `Look again: ${smells.map((one) => sanitise(one)).join('; ')}. The target is ${sanitise(String(options.environment))}, and guarded as such. Is it production? drillbook target add ${sanitise(name)} --environment production …\n`,
        );
      process.stdout.write(`added ${name} (${options.environment})\n`);
    });
  command
    .command('remove <name>')
    .description('forget a target of your own')
    .action(async (name: string) => {
      const settings = await read();
      if (!settings.preferences.removeTarget(name))
        throw new Refusal(
          `there is no target ${name} among your own; those of a drillbook.yaml are removed there`,
        );
      process.stdout.write(`removed ${name}\n`);
    });
  await parse(command, args);
  return exit.done;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function settingsOf(options: AddOptions): TargetSettingsInput {
  const { rto, rpo, adminUrl, tag, environment, url, engine, recipient, identity, ...rest } = options;
  // What does not fit is refused by the schema, with its words.
  return {
    environment: environment as TargetSettingsInput['environment'],
    url: url!,
    ...(engine ? { engine: engine as TargetSettingsInput['engine'] } : {}),
    ...(adminUrl ? { admin_url: adminUrl } : {}),
    ...rest,
    ...(recipient || identity
      ? { encryption: { ...(recipient ? { recipients: recipient } : {}), ...(identity ? { identity } : {}) } }
      : {}),
    tags: tag,
    objectives: { ...(rto ? { rto } : {}), ...(rpo ? { rpo } : {}) },
  };
}
