import type { Call } from '../call.ts';
import { connectionString, label } from '../database.ts';
import { parseArguments } from '../options.ts';
import { applyRules } from '../rule.ts';
import { readSql } from '../sql.ts';
import { runsInput } from './shells.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

const railwayValued =
  '-s --service -e --environment -p --project -w --workspace --at -m --message -d --deployment';

const railwayTool: Tool = {
  names: 'railway',
  valued: railwayValued,
  switches: '--json -y --yes',
  stopAtOperand: true,
  read: railway,
  rules: [
    reads(
      'status|whoami|list|variables|variable list|variable ls|environment list|domain list|docs|open|service status|deployment list|volume list|postgres pitr status|help',
      { lacks: '--set' },
    ),
    reads('logs', { longRunning: true }),
    destroys(
      'down|delete|environment delete|volume delete|service delete|project delete|bucket delete|function delete|variable delete|variable rm',
      { why: '{call}', hits: ['service', '{-s --service}'] },
    ),
    destroys('postgres pitr restore', { why: '{call}', hits: ['database', '{-s --service}'] }),
    changes(
      'up|redeploy|deploy|restart|variables|variable set|domain|link|unlink|login|logout|init|add|service|environment|scale|volume|postgres pitr enable|upgrade',
      { why: '{call}', hits: ['service', '{-s --service}'] },
    ),
    unknown(),
  ],
};

/** Command lines of the places where applications run. */
export const provider: readonly Tool[] = [
  railwayTool,
  {
    names: 'render',
    valued: '-o --output -r --resources --commit --limit --start --end -c --command',
    read: render,
    rules: [
      reads('logs', { has: '--tail', longRunning: true }),
      reads(
        'services|services list|services instances|projects|environments|logs|deploys list|jobs list|workspace current|whoami|version|help|blueprints validate|pg list|kv list|skills list',
      ),
      destroys('services delete|deploys rollback|pg delete|jobs delete', {
        why: '{call}',
        hits: ['service', '{0}'],
      }),
      changes(
        'deploys create|deploys cancel|restart|login|logout|workspace set|jobs create|jobs cancel|services create|services update|services suspend|services resume|blueprints launch',
        { why: '{call}', hits: ['service', '{0}'] },
      ),
      unknown(),
    ],
  },
  {
    names: 'heroku',
    valued: '-a --app -r --remote --confirm -c --command -n --num --by-target',
    read: heroku,
    rules: [
      reads('logs', { has: '-t --tail', longRunning: true }),
      reads(
        'apps|apps:info|info|ps|logs|config|config:get|releases|releases:info|status|addons|addons:info|pg:info|pg:backups|pg:backups:info|pg:backups:url|pg:ps|pg:locks|pg:wait|pg:diagnose|pg:bloat|pg:credentials|domains|whoami|version|auth:whoami|maintenance|buildpacks|certs|pipelines|pg:outliers|pg:long-running-queries|pg:table-size|pg:total-table-size',
      ),
      destroys(
        'apps:destroy|addons:destroy|pg:reset|pg:backups:restore|pg:backups:delete|pg:killall|pg:kill|pg:copy|pg:push|pg:promote|config:unset|domains:remove|rollback|releases:rollback|apps:delete|pg:pull|ps:kill|pg:unfollow',
        { why: '{call}', hits: ['service', '{-a --app}'] },
      ),
      changes(
        'maintenance:on|maintenance:off|pg:backups:capture|pg:backups:download|pg:backups:schedule|pg:backups:unschedule|pg:backups:cancel|config:set|ps:scale|ps:restart|ps:stop|restart|dyno:restart|addons:create|addons:attach|addons:detach|addons:upgrade|apps:create|create|domains:add|pg:upgrade|pg:maintenance|pg:settings|features:enable|login|git:remote|container:push|container:release|pg:credentials:rotate|pg:connection-pooling:attach',
        { why: '{call}', hits: ['service', '{-a --app}'] },
      ),
      unknown(),
    ],
  },
  {
    names: 'fly flyctl',
    valued: '-a --app -c --config -C --command -r --region --image',
    read: fly,
    rules: [
      reads('logs', { longRunning: true }),
      reads(
        'status|apps list|list|info|releases|machine list|machines list|machine status|volumes list|volumes show|volumes snapshots list|secrets list|postgres list|pg list|checks list|ips list|version|doctor|platform regions|auth whoami|config show|history|image show|scale show|mpg list|mpg status',
      ),
      destroys(
        'apps destroy|destroy|machine destroy|machine remove|volumes destroy|volumes delete|secrets unset|postgres failover|pg failover|ips release|mpg destroy|mpg restore|volume destroy|volume delete',
        { why: '{call}', hits: ['service', '{-a --app}'] },
      ),
      changes(
        'deploy|launch|scale|secrets set|secrets import|restart|apps restart|apps create|machine start|machine stop|machine restart|machine run|machine clone|machine update|volumes create|volumes extend|volumes fork|postgres create|postgres attach|postgres detach|pg create|auth login|certs|ips allocate-v4|postgres restart|suspend|resume',
        { why: '{call}', hits: ['service', '{-a --app}'] },
      ),
      reads('proxy', { longRunning: true }),
      unknown(),
    ],
  },
  {
    names: 'vercel netlify wrangler',
    valued: '--token --scope -t -S --env --site -e',
    rules: [
      reads(
        'ls|list|inspect|whoami|logs|status|env ls|domains ls|dns ls|tail|deployments list|sites:list|env:list|version|d1 list|d1 info|r2 bucket list|kv namespace list',
      ),
      destroys(
        'rm|remove|rollback|env rm|domains rm|dns rm|delete|sites:delete|env:unset|d1 delete|r2 object delete|r2 bucket delete|kv namespace delete|kv key delete|secret delete|project rm',
        { why: '{call}' },
      ),
      changes(
        'deploy|promote|env add|env pull|link|login|logout|redeploy|alias|domains add|dns add|publish|build|secret put|env:set|pull|r2 object put|kv key put|d1 create',
      ),
      unknown(),
    ],
  },
  {
    names: 'supabase neonctl neon planetscale pscale turso',
    valued: '--project-ref --project-id --branch --db-url --org',
    rules: [
      reads(
        'projects list|branches list|status|migration list|db diff|inspect|databases list|branch list|db list|db show|branch show|backup list|me|orgs list|connection-string|cs|functions list|secrets list',
      ),
      destroys(
        'db reset|projects delete|branches delete|branches restore|branches reset|databases delete|db destroy|branch delete|db delete|database delete|backup delete|functions delete|migration repair|secrets unset|password reset',
        { why: '{call}' },
      ),
      changes(
        'db push|db dump|db pull|migration up|migration new|link|login|start|stop|init|branches create|databases create|branch create|deploy-request|backup create|functions deploy|secrets set|db create|projects create',
        { why: '{call}' },
      ),
      unknown(),
    ],
  },
  {
    names: 'pm2',
    rules: [
      reads('list|ls|status|show|info|describe|env|jlist|prettylist|id|pid|report|ping'),
      reads('logs|monit', { longRunning: true }),
      destroys('delete|del|kill|flush', { why: '{call}', hits: ['service', '{all}'] }),
      changes(
        'start|stop|restart|reload|save|startup|resurrect|scale|set|install|update|deploy|unstartup|reset',
        { why: '{call}', hits: ['service', '{all}'] },
      ),
      unknown(),
    ],
  },
];

/** `railway run` starts a command here with the service's variables; `ssh` one there; `connect` opens a session. */
function railway(call: Call): boolean {
  const [verb, ...rest] = call.operands;
  const { reader, span } = call;
  const inner = parseArguments(rest, { valued: new Set(railwayValued.split(' ')), stopAtOperand: true });
  const separator = rest.findIndex((word) => word.text === '--');
  const command = separator >= 0 ? rest.slice(separator + 1) : inner.operands;
  switch (verb?.text) {
    case 'run':
    case 'local':
      if (command.length === 0) return false;
      reader.command(command, { span, stdin: call.stdin, environment: call.environment, external: true });
      return true;
    case 'ssh': {
      const place = `in service ${inner.options.value('-s', '--service')?.text ?? ''}`.trim();
      if (command.length === 0) runsInput(call, `opens a session ${place}`, [], place);
      else if (command.length === 1) reader.shell(command[0]!, { span, stdin: call.stdin, place });
      else reader.command(command, { span, stdin: call.stdin, place, external: true });
      return true;
    }
    case 'connect':
      reader.connect({ tool: 'railway', ...(command[0] && { service: command[0].text }) }, span);
      connects(
        call,
        `opens a session on ${command[0]?.text ?? 'a database'} of Railway`,
        command[0]?.text ?? '',
      );
      return true;
    case 'shell':
      runsInput(call, 'opens a shell with the variables of the service');
      return true;
    case 'logs':
      reader.mark({ longRunning: !inner.options.has('-n', '--lines', '--build') });
      reader.add('reads', 'railway logs', span);
      return true;
    default: {
      // What follows the verb are the verb's own options: the rules want them all.
      const all = parseArguments(call.args, { valued: new Set(railwayValued.split(' ')) });
      applyRules(railwayTool, { ...call, options: all.options, operands: all.operands }, all.leading);
      return true;
    }
  }
}

/** A database's client that a provider starts: SQL at its input is read. */
function connects(call: Call, session: string, database: string): undefined {
  const { reader, span, stdin } = call;
  if (stdin?.kind === 'text') return readSql(stdin.text, reader, { span, database: { label: database } });
  if (stdin === undefined) {
    reader.mark({ interactive: true });
    return reader.add('unknown', `${session}: what is typed there is not known`, span);
  }
  return reader.add('unknown', `runs SQL that was not read on ${database || 'the database'}`, span);
}

function render(call: Call): boolean {
  const [verb, service, ...rest] = call.operands;
  const separator = call.args.findIndex((word) => word.text === '--');
  const name = service?.text ?? '';
  if (verb?.text === 'ssh') {
    const command = separator >= 0 ? call.args.slice(separator + 1) : rest;
    const place = `in service ${name}`.trim();
    if (command.length === 0) runsInput(call, `opens a session ${place}`, [], place);
    else call.reader.command(command, { span: call.span, stdin: call.stdin, place, external: true });
    return true;
  }
  if (verb?.text === 'psql' || verb?.text === 'pgcli') {
    if (separator < 0 && call.args.some((word) => word.text === '--help')) return false;
    call.reader.connect({ tool: 'render', ...(name && { service: name }) }, call.span);
    const sql = call.options.value('-c', '--command');
    if (sql) readSql(sql, call.reader, { span: call.span, database: { label: name } });
    else if (separator >= 0)
      call.reader.command([{ ...verb, text: 'psql' }, ...call.args.slice(separator + 1)], {
        span: call.span,
        stdin: call.stdin,
        external: true,
      });
    else connects(call, `opens a session on ${name || 'a database'} of Render`, name);
    return true;
  }
  return false;
}

function heroku(call: Call): boolean {
  const [verb, ...rest] = call.operands;
  const app = call.options.value('-a', '--app')?.text ?? 'the application';
  const place = `in a dyno of ${app}`;
  if (verb?.text === 'pg:psql' || verb?.text === 'psql') {
    const sql = call.options.value('-c', '--command');
    if (sql)
      readSql(sql, call.reader, {
        span: call.span,
        database: { label: label(connectionString(rest[0]?.text ?? app)) },
      });
    else connects(call, `opens a session on the database of ${app}`, app);
    return true;
  }
  if (verb?.text === 'run' || verb?.text === 'run:detached') {
    const separator = call.args.findIndex((word) => word.text === '--');
    const command =
      separator >= 0 ? call.args.slice(separator + 1) : call.args.slice(call.args.indexOf(rest[0]!));
    if (rest.length === 0) runsInput(call, `opens a session ${place}`, [], place);
    else if (command.length === 1 || /\s/.test(command[0]?.text ?? ''))
      call.reader.shell(command[0]!, { span: call.span, place });
    else call.reader.command(command, { span: call.span, place, external: true });
    return true;
  }
  return false;
}

function fly(call: Call): boolean {
  const verbs = call.operands.map((word) => word.text);
  const command = call.options.value('-C', '--command');
  const place = `in ${call.options.value('-a', '--app')?.text ?? 'the application'}`;
  if (verbs[0] === 'ssh' && verbs[1] === 'console') {
    if (command) call.reader.shell(command, { span: call.span, place, stdin: call.stdin });
    else runsInput(call, `opens a session ${place}`, [], place);
    return true;
  }
  if (/^(postgres|pg|mpg)$/.test(verbs[0] ?? '') && verbs[1] === 'connect') {
    connects(call, `opens a session on the database ${place}`, '');
    return true;
  }
  return false;
}
