import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** Services, logs, infrastructure as code, builders and migrations. */
export const system: readonly Tool[] = [
  {
    names: 'systemctl',
    valued:
      '-t --type --state -H --host -M --machine -n --lines -o --output -p --property --root -s --signal',
    switches: '--now --no-pager --user --system --quiet -q --no-block --all -a -l --full --failed --force -f',
    rules: [
      reads(
        'status|show|cat|is-active|is-enabled|is-failed|is-system-running|list-units|list-unit-files|list-timers|list-dependencies|list-sockets|list-jobs|get-default|help|show-environment',
      ),
      destroys('poweroff|halt|reboot|kexec|emergency|rescue', { why: 'stops this machine' }),
      destroys('kill', { why: 'kills {all}', hits: ['service', '{all}'] }),
      destroys('clean', { why: 'deletes the files of {all}', hits: ['service', '{all}'] }),
      changes(
        'start|stop|restart|reload|try-restart|reload-or-restart|enable|disable|mask|unmask|reenable|preset|daemon-reload|daemon-reexec|reset-failed|isolate|set-default|set-property|edit|link|revert|suspend|hibernate|set-environment',
        { why: '{call}', hits: ['service', '{all}'] },
      ),
      reads('', { has: '--version' }),
      unknown('*'),
      reads(),
    ],
  },
  {
    names: 'service rc-service invoke-rc.d',
    rules: [
      reads('* status'),
      reads('', { has: '--status-all' }),
      changes('* start|* stop|* restart|* reload|* force-reload', {
        why: '{call}',
        hits: ['service', '{call}'],
      }),
      unknown(),
    ],
  },
  {
    names: 'journalctl',
    valued: '-u --unit -n --lines -S --since -U --until -p --priority -o --output -b -t -k -g',
    rules: [
      destroys('', { has: '--vacuum-size --vacuum-time --vacuum-files', why: 'deletes logs' }),
      changes('', { has: '--rotate --flush --sync' }),
      reads('', { has: '-f --follow', longRunning: true }),
      reads(),
    ],
  },
  {
    names: 'supervisorctl',
    valued: '-c -s -u',
    rules: [
      reads('status|avail|pid|maintail|version'),
      reads('tail', { has: '-f', longRunning: true }),
      reads('tail'),
      destroys('remove|clear', { why: '{call}' }),
      changes('start|stop|restart|reload|update|reread|add|signal|shutdown', {
        why: '{call}',
        hits: ['service', '{all}'],
      }),
      unknown(),
    ],
  },
  {
    names: 'launchctl',
    rules: [
      reads('list|print'),
      changes('load|unload|start|stop|kickstart|bootstrap|bootout|enable|disable'),
      unknown(),
    ],
  },
  {
    names: 'nginx apachectl apache2ctl httpd haproxy caddy',
    valued: '-c -s -f -g',
    rules: [
      reads('', { has: '-t -T -v -V --version -S -M' }),
      reads('configtest|status|fullstatus|validate|version'),
      changes('', { why: '{call}', hits: ['service', '{call}'] }),
    ],
  },
  {
    names: 'certbot',
    rules: [reads('certificates'), reads('', { has: '--dry-run' }), destroys('delete|revoke'), changes()],
  },
  {
    names: 'terraform tofu terragrunt',
    singleDash: true,
    valued: '-target -out -var -var-file -state -state-out -backup -parallelism -replace',
    switches: '-chdir',
    rules: [
      reads(
        'plan|show|output|validate|version|providers|graph|state list|state show|state pull|workspace list|workspace show|console|get|metadata',
        { lacks: '-out' },
      ),
      changes('plan', { why: 'writes a plan to {-out}' }),
      destroys('destroy|state rm|state push|workspace delete|force-unlock|taint|run-all destroy', {
        why: '{call}',
        hits: ['cluster', '{all}'],
      }),
      destroys('apply', { has: '-destroy', why: '{call}' }),
      unknown('apply|run-all apply', { why: '{call}: what it deletes, its plan tells' }),
      reads('fmt', { has: '-check' }),
      changes(
        'init|import|refresh|fmt|state mv|state replace-provider|workspace new|workspace select|untaint|login|logout|test',
      ),
      unknown(),
    ],
  },
  {
    names: 'pulumi',
    rules: [
      reads('preview|stack ls|stack output|about|whoami|version|logs|config get|history'),
      destroys('destroy|stack rm|cancel|state delete', { why: '{call}' }),
      unknown('up|update', { why: '{call}: what it deletes, its preview tells' }),
      changes('refresh|config|login|stack|import|new'),
      unknown(),
    ],
  },
  {
    names: 'ansible ansible-playbook',
    valued: '-i -m -a -e -l -t --tags --limit -u --extra-vars -f',
    rules: [
      reads('', { has: '--list-hosts --list-tasks --syntax-check --version' }),
      reads('', { has: '-C --check' }),
      unknown(),
    ],
  },
  {
    names: 'vault consul nomad',
    valued: '-address -token -namespace -format -field',
    singleDash: true,
    rules: [
      reads(
        'status|read|kv get|kv list|kv metadata get|list|version|token lookup|policy read|policy list|secrets list|auth list|members|catalog|kv export|operator raft list-peers|job status|node status|operator members|print',
      ),
      destroys(
        'delete|kv delete|kv destroy|kv metadata delete|secrets disable|auth disable|lease revoke|token revoke|operator seal|operator raft snapshot restore|snapshot restore|job stop|system gc|policy delete|leave|force-leave',
        { why: '{call}' },
      ),
      changes(
        'write|kv put|kv patch|kv undelete|login|secrets enable|auth enable|policy write|token create|operator unseal|operator raft snapshot save|snapshot save|job run|job plan|node drain|unwrap|operator init',
      ),
      unknown(),
    ],
  },
  {
    names: 'make gmake just task rake npx pnpx bunx gradle mvn ant grunt gulp',
    valued: '-C -f -j',
    rules: [
      reads('', { has: '-n --dry-run --just-print --version -l --list' }),
      unknown('', { why: 'what {call} does, its recipe tells' }),
    ],
  },
  {
    names:
      'rails flask alembic django-admin knex prisma sequelize flyway liquibase goose dbmate migrate sqlx drizzle-kit',
    valued: '-c -n -e -p -path -database -d',
    rules: [
      reads(
        'current|history|show|heads|branches|migrate status|status|db:migrate:status|db:version|migrate:list|info|validate|version|generate|routes|about|db status',
      ),
      destroys(
        'downgrade|db:drop|db:reset|db:rollback|db:schema:load|db:setup|migrate reset|db push|migrate:rollback|clean|rollback|undo|down|drop|reset|db:migrate:down|db:migrate:undo|db:purge|rollbackCount|dropAll|undo:all|db:migrate:undo:all|db:truncate_all',
        { why: '{call}' },
      ),
      changes(
        'upgrade|stamp|db:migrate|db:seed|db:create|migrate deploy|migrate dev|migrate resolve|migrate:latest|migrate|repair|baseline|update|up|new|create|revision|db pull|redo|db:prepare|db upgrade',
      ),
      unknown(),
    ],
  },
];
