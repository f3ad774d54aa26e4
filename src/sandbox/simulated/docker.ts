import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Call, Refused, type Simulated } from './call.ts';
import { becomes } from './child.ts';
import { type Known, options } from './options.ts';
import { names, type World } from './world.ts';

// After docs.docker.com/reference/cli: usage errors end with 1 or 125, what the daemon refuses with 1.

const usage = (problem: string) => new Refused(problem, 125);

/** The `docker` of the sandbox: two containers, the sample application and its database. */
export const docker: Simulated = async (call, world) => {
  const [verb, ...args] = call.args;
  switch (verb) {
    case 'compose':
      return compose(call, world, args);
    case 'exec':
      return exec(call, world, args, (name) => {
        if (name !== names.databaseContainer && name !== names.apiContainer)
          throw new Refused(`Error response from daemon: No such container: ${name}`, 1);
      });
    case 'ps':
      call.print(
        `CONTAINER ID   NAMES\n000000000001   ${names.databaseContainer}\n000000000002   ${names.apiContainer}\n`,
      );
      return 0;
    case 'stop':
    case 'start':
    case 'restart':
      for (const name of options(args, { time: 'text-t' }, usage).rest) {
        if (name !== names.apiContainer)
          throw new Refused(
            name === names.databaseContainer
              ? 'Error: the database of the sandbox is not stopped by a simulated command'
              : `Error response from daemon: No such container: ${name}`,
            1,
          );
        await world.stopped(verb === 'stop');
        call.print(`${name}\n`);
      }
      return 0;
    case 'version':
    case '--version':
      call.print('Docker version 28 (simulated)\n');
      return 0;
    default:
      throw new Refused(
        `docker: '${verb ?? ''}' is not a docker command that the sandbox has.\nSee 'docker --help'`,
        1,
      );
  }
};

/** Compose of the first generation is gone from machines that are kept up: so it is here. */
export const dockerCompose: Simulated = async (call) => {
  call.warn("docker-compose: command not found (Compose v1 is not maintained any more: 'docker compose')\n");
  return 127;
};

async function compose(call: Call, world: World, args: readonly string[]): Promise<number> {
  const at = args.findIndex((word, index) => !word.startsWith('-') && !takesValue(args[index - 1]));
  const own = options(
    args.slice(0, at < 0 ? args.length : at),
    { file: 'texts-f', 'project-name': 'text-p', profile: 'texts' },
    usage,
  );
  const [verb, ...rest] = at < 0 ? [] : args.slice(at);
  if (verb === 'version') {
    call.print('Docker Compose version v2 (simulated)\n');
    return 0;
  }
  await composeFile(call, own.all('file'));
  switch (verb) {
    case 'ps':
      call.print(
        `NAME           SERVICE\n${names.databaseContainer}     ${names.composeDatabase}\n${names.apiContainer}    ${names.composeApi}\n`,
      );
      return 0;
    case 'stop':
    case 'start':
    case 'restart':
    case 'up':
    case 'down':
    case 'pause':
    case 'unpause': {
      const given = options(
        rest,
        {
          detach: 'flag-d',
          timeout: 'text-t',
          volumes: 'flag-v',
          wait: 'flag',
          'force-recreate': 'flag',
          build: 'flag',
        },
        usage,
      );
      const services = given.rest.length > 0 ? given.rest : [names.composeApi];
      for (const service of services) known(service);
      if (given.flag('volumes'))
        throw new Refused(
          'Error: the volume of the database of the sandbox is not removed by a simulated command',
          1,
        );
      if (services.includes(names.composeApi))
        await world.stopped(verb === 'stop' || verb === 'down' || verb === 'pause');
      for (const service of services) call.warn(` Container members-${service}  ${stateAfter(verb)}\n`);
      return 0;
    }
    case 'exec':
      return exec(call, world, rest, known);
    case 'logs':
      for (const service of options(rest, { follow: 'flag-f', tail: 'text-n', since: 'text' }, usage).rest)
        known(service);
      call.print('the sample application logs to application.log in the folder of the sandbox\n');
      return 0;
    default:
      throw new Refused(`unknown docker command: "compose ${verb ?? ''}"`, 1);
  }
}

const takesValue = (word: string | undefined) =>
  word !== undefined && /^(-f|--file|-p|--project-name|--profile)$/.test(word);

function stateAfter(verb: string): string {
  return { stop: 'Stopped', down: 'Removed', pause: 'Paused' }[verb] ?? 'Started';
}

function known(service: string): void {
  if (service !== names.composeApi && service !== names.composeDatabase)
    throw new Refused(
      `no such service: ${service}. The sandbox has ${names.composeApi} and ${names.composeDatabase}.`,
      1,
    );
}

async function composeFile(call: Call, named: readonly string[]): Promise<void> {
  const candidates =
    named.length > 0
      ? named
      : [call.env.COMPOSE_FILE, 'compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
  for (const name of candidates)
    if (name && (await stat(resolve(call.cwd, name)).catch(() => undefined))) return;
  throw new Refused(
    named.length > 0
      ? `open ${named[0]}: no such file or directory`
      : 'no configuration file provided: not found',
    14,
  );
}

const execOptions: Known = {
  interactive: 'flag-i',
  tty: 'flag-t',
  'no-tty': 'flag-T',
  detach: 'flag-d',
  env: 'texts-e',
  user: 'text-u',
  workdir: 'text-w',
};

/** Runs a command in the place of a container: here, with the database's socket as its server and its superuser for `postgres`. */
async function exec(
  call: Call,
  world: World,
  args: readonly string[],
  check: (name: string) => void,
): Promise<number> {
  const at = args.findIndex(
    (word, index) =>
      !word.startsWith('-') && !/^(-e|--env|-u|--user|-w|--workdir)$/.test(args[index - 1] ?? ''),
  );
  if (at < 0 || args.length < at + 2) throw usage('"docker exec" requires at least 2 arguments.');
  const given = options(args.slice(0, at), execOptions, usage);
  const [name, program, ...rest] = args.slice(at);
  check(name!);
  if (given.flag('tty') && !call.interactive) throw new Refused('the input device is not a TTY', 1);
  const added = Object.fromEntries(
    given
      .all('env')
      .flatMap((pair) =>
        pair.includes('=') ? [[pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]] : [],
      ),
  );
  const env = { ...call.env, PATH: world.realPath(call.env), PGHOST: world.socket, ...added };
  return becomes(program!, asSuperuser(program!, rest), env, call.cwd);
}

/** In a container of the official image the superuser is `postgres`; the sandbox's has another name. */
function asSuperuser(program: string, args: readonly string[]): readonly string[] {
  if (!/^(psql|pg_dump|pg_restore|pg_dumpall|createdb|dropdb|pg_isready|vacuumdb)$/.test(program))
    return args;
  return args.flatMap((word, index) => {
    if (/^(-U|--username)$/.test(word) && args[index + 1] === 'postgres') return [];
    if (/^(-U|--username)$/.test(args[index - 1] ?? '') && word === 'postgres') return [];
    return word === '-Upostgres' || word === '--username=postgres' ? [] : [word];
  });
}
