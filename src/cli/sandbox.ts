import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { startApplication } from '../sandbox/application.ts';
import { SandboxProblem } from '../sandbox/problem.ts';
import { openSandbox, resetSandbox, type Sandbox, stopSandbox } from '../sandbox/sandbox.ts';
import { type SandboxStatus, sandboxStatus } from '../sandbox/status.ts';
import { supervise } from '../sandbox/supervisor.ts';
import { folders } from '../settings/folders.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';

/** Where the sandbox of this user is. */
export function sandboxHome(env: NodeJS.ProcessEnv): string {
  return join(folders(env).state, 'sandbox');
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** `drillbook sandbox start|stop|status|reset|psql`. Returns the exit code. */
export async function sandbox(args: readonly string[]): Promise<number> {
  const home = sandboxHome(process.env);
  let code: number = exit.done;
  const command = commandLine('sandbox', 'a private PostgreSQL with sample data, to break safely');
  const action = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .configureOutput({ writeErr: () => {} })
      .exitOverride();

  action('start', 'starts it; it stays until it is stopped').action(async () => {
    say(describe(await (await openSandbox({ home, owner: 'none', onProgress: say })).status()));
  });
  action('stop', 'stops it; its data stay').action(async () => {
    say((await stopSandbox(home)) ? 'The sandbox is stopped.' : 'The sandbox does not run.');
  });
  action('status', 'says what runs and where; exit code 1 where it does not run')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const status = await sandboxStatus(home);
      process.stdout.write(
        `${options.json ? JSON.stringify({ schema: 1, ...status }, null, 2) : describe(status)}\n`,
      );
      if (status.state !== 'running') code = exit.failed;
    });
  action('reset', 'brings data, store and application back to how they were made').action(async () => {
    // Who asks for a reset wants a sandbox to work on: it runs on only where it ran for somebody before.
    const renewed = await resetSandbox({
      home,
      owner: 'process',
      onProgress: say,
    });
    await renewed.close();
    say('The sandbox is as it was made.');
  });
  action('psql [arguments...]', 'opens psql on the sample database')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (rest: string[]) => {
      const opened = await openSandbox({
        home,
        owner: 'process',
        onProgress: say,
      });
      code = await psql(opened, rest);
      await opened.close();
    });

  try {
    if (args.length === 0)
      throw new Refusal('Say what to do: start, stop, status, reset or psql.', exit.usage);
    await parse(command, args);
    return code;
  } catch (error) {
    if (error instanceof SandboxProblem) throw new Refusal(error.message, exit.failed);
    throw error;
  }
}

/** Gives psql the terminal. Ctrl+C is its own: it cancels a query and must not end us. */
async function psql(opened: Sandbox, rest: readonly string[]): Promise<number> {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const child = spawn('psql', [opened.variables.DATABASE_URL ?? '', ...rest], {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...opened.variables,
        PATH: [...opened.path, process.env.PATH ?? ''].join(delimiter),
      },
    });
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}

/** The status in words, a line a fact. */
function describe(status: SandboxStatus): string {
  const lines = [`sandbox      ${status.state}`, `home         ${status.home}`];
  if (status.cluster && !status.cluster.startsWith(status.home)) lines.push(`cluster      ${status.cluster}`);
  if (status.server)
    lines.push(
      `server       PostgreSQL ${status.major}, process ${status.server.pid}${status.server.answers ? '' : ', does not answer'}`,
    );
  if (status.url) lines.push(`database     ${status.url}`);
  if (status.application)
    lines.push(
      `application  ${status.application.url}${status.application.stopped ? ', stopped' : status.application.maintenance ? ', in maintenance' : ''}`,
    );
  if (status.store) lines.push(`store        ${status.store}`);
  if (status.seededAt) lines.push(`sample data  of ${status.seededAt}`);
  if (status.standing) lines.push("stays until  'drillbook sandbox stop'");
  else if (status.owners.length > 0) lines.push(`needed by    process ${status.owners.join(', ')}`);
  return lines.join('\n');
}

/** The value after `--name`. */
function given(args: readonly string[], name: string): string {
  const at = args.indexOf(`--${name}`);
  const value = at < 0 ? undefined : args[at + 1];
  if (value === undefined) throw new Refusal(`--${name} is missing.`, exit.usage);
  return value;
}

const logLine = (text: string) => process.stdout.write(`${new Date().toISOString()} ${text}\n`);

/** The hidden command `__sandbox-application`: runs until it is told to stop. */
export async function sandboxApplication(args: readonly string[]): Promise<number> {
  const application = await startApplication({
    home: given(args, 'home'),
    socket: given(args, 'socket'),
    log: logLine,
  });
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    application.abandoned.then(resolve);
  });
  await application.close();
  return exit.done;
}

/** The hidden command `__sandbox-supervisor`: runs until nobody needs the sandbox. */
export async function sandboxSupervisor(args: readonly string[]): Promise<number> {
  await supervise(given(args, 'home'), logLine);
  return exit.done;
}

/** The hidden command `__simulated`: a provider's command in the sandbox. Its arguments are the command's own. */
export async function simulated(args: readonly string[]): Promise<number> {
  const [flag, home, name, ...rest] = args;
  if (flag !== '--home' || home === undefined || name === undefined)
    throw new Refusal('--home and a command are missing.', exit.usage);
  const { simulate } = await import('../sandbox/simulated/simulate.ts');
  return simulate(home, name, rest);
}
