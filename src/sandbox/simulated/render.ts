import { Refused, type Simulated } from './call.ts';
import { becomes } from './child.ts';
import { type Known, options } from './options.ts';
import { names } from './world.ts';

// After the commands that render.com/docs/cli lists.

const usage = (problem: string) => new Refused(`Error: ${problem}`, 1);
const read = (args: readonly string[], known: Known) =>
  options(args, { output: 'text-o', confirm: 'flag', ...known }, usage);

/** The `render` of the sandbox: acts on the sample application and the sample database. */
export const render: Simulated = async (call, world) => {
  const [verb, ...args] = call.args;
  switch (verb) {
    case 'login':
    case 'whoami':
      call.print('sandbox@drillbook\n');
      return 0;
    case 'workspace':
    case 'workspaces':
      call.print('tea-sandbox  members\n');
      return 0;
    case 'services': {
      const given = read(args, {});
      const all = [
        { id: names.renderService, name: names.service, type: 'web_service' },
        { id: names.renderPostgres, name: `${names.service}-db`, type: 'postgres' },
      ];
      call.print(
        given.text('output') === 'json'
          ? `${JSON.stringify(all, null, 2)}\n`
          : all.map((one) => `${one.id}  ${one.name}  ${one.type}\n`).join(''),
      );
      return 0;
    }
    case 'logs': {
      const given = read(args, {
        resources: 'texts-r',
        tail: 'flag',
        limit: 'text',
        level: 'text',
        text: 'text',
        start: 'text',
        end: 'text',
        type: 'text',
      });
      if (given.rest.length > 0) throw usage(`unknown command "${given.rest[0]}" for "render logs"`);
      if (given.all('resources').length === 0) throw usage('required flag(s) "resources" not set');
      for (const one of given.all('resources')) known(one);
      call.print('the sample application logs to application.log in the folder of the sandbox\n');
      return 0;
    }
    case 'restart': {
      const given = read(args, {});
      known(given.rest[0]);
      await world.stopped(false);
      call.print(`Restarted ${given.rest[0]}\n`);
      return 0;
    }
    case 'deploys': {
      const given = read(args.slice(1), { wait: 'flag', commit: 'text', 'clear-cache': 'flag' });
      if (args[0] !== 'create' && args[0] !== 'list')
        throw usage(`unknown command "${args[0] ?? ''}" for "render deploys"`);
      known(given.rest[0]);
      if (args[0] === 'create') await world.stopped(false);
      call.print('dep-sandbox live\n');
      return 0;
    }
    case 'psql': {
      const given = read(args, { command: 'text-c' });
      if (given.rest[0] !== undefined) known(given.rest[0]);
      const command = given.text('command');
      return becomes(
        'psql',
        [world.databaseUrl, ...(command === undefined ? [] : ['-c', command])],
        { ...call.env, PATH: world.realPath(call.env) },
        call.cwd,
      );
    }
    case 'ssh': {
      known(args[0]);
      return becomes('sh', [], call.env, world.home);
    }
    case undefined:
      throw usage('a command is required');
    default:
      throw usage(`unknown command "${verb}" for "render"`);
  }
};

function known(id: string | undefined): void {
  if (id === undefined) throw usage('a service is required');
  if (id !== names.renderService && id !== names.renderPostgres && id !== names.service)
    throw usage(
      `service ${id} not found. The sandbox has ${names.renderService} and ${names.renderPostgres}.`,
    );
}
