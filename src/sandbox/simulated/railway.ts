import { type Call, Refused, type Simulated } from './call.ts';
import { becomes } from './child.ts';
import { type Known, type Options, options } from './options.ts';
import { names, type World } from './world.ts';

// After the commands that docs.railway.com lists for the CLI, version 4.

const usage = (problem: string) => new Refused(`error: ${problem}\n\nFor more information, try '--help'.`, 2);
const read = (args: readonly string[], known: Known): Options => options(args, known, usage);

/** The `railway` of the sandbox: acts on the sample application and the sample database. */
export const railway: Simulated = async (call, world) => {
  const [verb, ...args] = call.args;
  switch (verb) {
    case 'login':
    case 'whoami':
      call.print('Logged in as sandbox@drillbook\n');
      return 0;
    case 'link':
      return 0;
    case 'status':
      call.print(`Project: members\nEnvironment: sandbox\nService: ${names.service}\n`);
      return 0;
    case 'run':
    case 'local':
      return runLocally(call, world, args);
    case 'connect':
      return connect(call, world, args);
    case 'variable':
    case 'variables':
    case 'vars':
    case 'var':
      return variable(call, world, verb, args);
    case 'redeploy':
    case 'restart':
    case 'down':
      return lifecycle(call, world, verb, args);
    case 'up':
    case 'deploy':
      await deployed(world);
      call.print('Build of the sample application: nothing to build\nDeploy complete\n');
      return 0;
    case 'logs':
      call.print('the sample application logs to application.log in the folder of the sandbox\n');
      return 0;
    case 'postgres':
      throw usage(
        "the sandbox has no point-in-time recovery of the provider's: use the steps for plain PostgreSQL",
      );
    case 'environment':
    case 'env': {
      const [name, ...more] = args;
      if (name === 'new' || name === 'delete' || name === 'edit' || name === 'list' || args.length === 0)
        return 0;
      if (more.length > 0 || name === 'set') throw usage(`unexpected argument '${more[0] ?? name}' found`);
      return 0;
    }
    case undefined:
      throw usage('a command is required');
    default:
      throw usage(`unrecognized subcommand '${verb}'`);
  }
};

async function runLocally(call: Call, world: World, args: readonly string[]): Promise<number> {
  const own = args.findIndex((word) => !word.startsWith('-'));
  const taken = args.slice(0, own < 0 ? args.length : own);
  // `--service X` names its value in the next word.
  const skip = taken.some((word) => /^(-s|--service|-e|--environment)$/.test(word)) ? 1 : 0;
  const [program, ...rest] = args.slice(taken.length + skip);
  if (program === undefined) throw usage('a command to run is required');
  return becomes(program, rest, await serviceEnvironment(call, world), call.cwd);
}

async function connect(call: Call, world: World, args: readonly string[]): Promise<number> {
  const { rest } = read(args, { environment: 'text-e', verbose: 'flag-v' });
  const service = rest[0] ?? 'postgres';
  if (!/^(postgres|postgresql|db|members)$/i.test(service))
    throw new Refused(`Service "${service}" not found`, 1);
  return becomes('psql', [world.databaseUrl], { ...call.env, PATH: world.realPath(call.env) }, call.cwd);
}

async function serviceEnvironment(call: Call, world: World): Promise<NodeJS.ProcessEnv> {
  const { variables } = await world.read();
  return { ...call.env, DATABASE_URL: world.databaseUrl, ...variables };
}

async function variable(call: Call, world: World, verb: string, args: readonly string[]): Promise<number> {
  const known: Known = {
    service: 'text-s',
    environment: 'text-e',
    kv: 'flag-k',
    json: 'flag',
    set: 'texts',
    'set-from-stdin': 'text',
    'skip-deploys': 'flag',
  };
  const sub = args[0]?.startsWith('-') ? undefined : args[0];
  const given = read(sub === undefined ? args : args.slice(1), known);
  serviceOf(given);
  const pairs = sub === 'set' ? given.rest : sub === undefined ? given.all('set') : [];
  switch (sub) {
    case undefined:
      if (pairs.length > 0) return set(call, world, pairs, given.flag('skip-deploys'));
      return list(call, world, given);
    case 'list':
      return list(call, world, given);
    case 'set':
      if (pairs.length === 0)
        throw usage('the following required arguments were not provided:\n  <VARIABLE>...');
      return set(call, world, pairs, given.flag('skip-deploys'));
    case 'delete': {
      const record = await world.read();
      const name = given.rest[0];
      if (name === undefined) throw usage('the following required arguments were not provided:\n  <KEY>');
      if (!(name in record.variables)) throw new Refused(`Variable ${name} not found`, 1);
      const { [name]: _, ...variables } = record.variables;
      await world.write({ ...record, variables });
      await deployed(world);
      return 0;
    }
    default:
      throw usage(`unrecognized subcommand '${sub}' of '${verb}'`);
  }
}

async function list(call: Call, world: World, given: Options): Promise<number> {
  const all = { DATABASE_URL: world.databaseUrl, ...(await world.read()).variables };
  if (given.flag('json')) call.print(`${JSON.stringify(all, null, 2)}\n`);
  else for (const [name, value] of Object.entries(all)) call.print(`${name}=${value}\n`);
  return 0;
}

async function set(
  call: Call,
  world: World,
  pairs: readonly string[],
  skipDeploys: boolean,
): Promise<number> {
  const record = await world.read();
  const added = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw usage(`invalid value '${pair}' for '<VARIABLE>...': expected KEY=VALUE`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  await world.write({ ...record, variables: { ...record.variables, ...Object.fromEntries(added) } });
  call.print(`Set variables ${added.map(([name]) => name).join(', ')}\n`);
  // Railway deploys anew when a variable changes; only a deployed service reads it.
  if (!skipDeploys) await deployed(world);
  return 0;
}

async function lifecycle(call: Call, world: World, verb: string, args: readonly string[]): Promise<number> {
  const given = read(args, { service: 'text-s', environment: 'text-e', yes: 'flag-y', json: 'flag' });
  serviceOf(given);
  if (!given.flag('yes') && !call.interactive)
    throw new Refused(
      `Cannot prompt for confirmation in non-interactive mode. Use --yes to skip confirmation.`,
      1,
    );
  if (!given.flag('yes') && !(await agreed(call, `${verb} the latest deployment of ${names.service}?`)))
    return 1;
  if (verb === 'down') await world.stopped(true);
  else await deployed(world);
  call.print(`The latest deployment of ${names.service} is ${verb === 'down' ? 'removed' : `${verb}ed`}\n`);
  return 0;
}

async function agreed(call: Call, question: string): Promise<boolean> {
  call.warn(`? ${question} (y/N) `);
  for await (const chunk of call.stdin) return /^y/i.test(String(chunk).trim());
  return false;
}

/** The service starts with its variables: those that switch maintenance are read now. */
async function deployed(world: World): Promise<void> {
  const { variables } = await world.read();
  const on = [variables.MAINTENANCE_MODE, variables.READ_ONLY_MODE].some((value) =>
    /^(1|on|true|yes)$/i.test(value ?? ''),
  );
  await world.stopped(false);
  await world.maintenance(on);
}

function serviceOf(given: Options): void {
  const service = given.text('service');
  if (service !== undefined && service !== names.service)
    throw new Refused(`Service "${service}" not found. The sandbox has the service ${names.service}.`, 1);
}
