import { readSql } from '../sql.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** PostgreSQL's server, its clusters, and what keeps their backups and replicas. */
export const postgresServer: readonly Tool[] = [
  {
    names: 'pg_verifybackup pg_checksums pg_waldump pg_controldata pg_config pg_test_fsync',
    valued: '-D --pgdata -m -w -n --rmgr -t -s -e -p',
    rules: [
      changes('', { has: '-e --enable -d --disable', why: 'rewrites the checksums of a data folder' }),
      reads(),
    ],
  },
  {
    names: 'pg_archivecleanup',
    valued: '-x',
    rules: [
      reads('', { has: '-n --dry-run' }),
      destroys('', { why: 'deletes WAL files of {0} older than {1}', hits: ['path', '{0}'] }),
    ],
  },
  {
    names: 'pg_resetwal pg_resetxlog',
    valued: '-D --pgdata',
    rules: [
      reads('', { has: '-n --dry-run' }),
      destroys('', { why: 'resets the WAL: committed data may be lost' }),
    ],
  },
  {
    names: 'pg_rewind',
    valued: '-D --target-pgdata --source-pgdata --source-server',
    rules: [
      reads('', { has: '-n --dry-run' }),
      destroys('', {
        why: 'rewinds the data folder {-D --target-pgdata}',
        hits: ['path', '{-D --target-pgdata}'],
      }),
    ],
  },
  {
    names: 'pg_upgrade',
    valued: '-b -B -d -D -o -O -p -P -U -j',
    rules: [
      reads('', { has: '-c --check' }),
      destroys('', { has: '-k --link', why: 'upgrades in place: the old cluster is gone' }),
      changes('', { why: 'upgrades a cluster' }),
    ],
  },
  {
    names: 'initdb',
    valued: '-D --pgdata -U -E --locale',
    rules: [changes('', { why: 'creates a cluster in {-D --pgdata}' })],
  },
  {
    names: 'pg_ctl',
    valued: '-D --pgdata -l --log -m --mode -o -p -t --timeout -U -P -N',
    rules: [
      reads('status'),
      changes('start|stop|restart|reload|logrotate|init|initdb', {
        why: '{call}',
        hits: ['service', 'postgresql'],
      }),
      destroys('promote', { why: 'makes the replica a primary, for good' }),
      unknown(),
    ],
  },
  {
    names: 'pg_ctlcluster',
    rules: [
      changes('* * start|* * stop|* * restart|* * reload'),
      reads('* * status'),
      destroys('* * promote'),
    ],
  },
  { names: 'pg_lsclusters', rules: [reads()] },
  { names: 'pg_createcluster', rules: [changes()] },
  {
    names: 'pg_dropcluster',
    rules: [destroys('', { why: 'drops the cluster {all}', hits: ['cluster', '{all}'] })],
  },
  {
    names: 'postgres postmaster',
    valued: '-D -c -p -k -h -r -B -N -C',
    rules: [
      unknown('', { has: '--single', why: 'runs SQL on a data folder, without a server' }),
      reads('', { has: '--version -V -C' }),
      changes('', { why: 'starts a server', longRunning: true }),
    ],
  },
  {
    names: 'pgbackrest',
    valued: '--stanza --config --repo --type --target --set',
    rules: [
      reads('info|check|verify|version|help|repo-ls|repo-get'),
      destroys('restore', { why: 'restores over the data folder' }),
      destroys('expire|stanza-delete|repo-rm'),
      changes('backup|archive-push|archive-get|stanza-create|stanza-upgrade|start|stop|annotate'),
    ],
  },
  {
    names: 'wal-g',
    valued: '--config',
    rules: [
      reads('backup-list|wal-show|wal-verify|st ls'),
      reads('delete', { lacks: '--confirm', why: 'shows what would be deleted' }),
      destroys('delete', { why: 'deletes backups' }),
      destroys('backup-fetch', { why: 'writes a backup over {0}' }),
      changes('backup-push|wal-push|wal-fetch|backup-mark'),
    ],
  },
  {
    names: 'barman',
    valued: '-c --config',
    rules: [
      reads(
        'list-server|list-servers|list-backup|list-backups|show-backup|show-server|show-servers|check|status|check-backup|verify-backup|list-files|diagnose|replication-status',
      ),
      destroys('delete|recover', { why: '{call}' }),
      changes('backup|cron|receive-wal|switch-wal|switch-xlog|keep|sync-backup'),
    ],
  },
  {
    names: 'patronictl',
    valued: '-c --config-file -d --dcs-url --command --file -U --username --dbname --role --member',
    read: (call) => {
      if (call.operands[0]?.text !== 'query') return false;
      // Before the verb the letter names a configuration.
      const late = call.options.values('-c', '--command').at(-1);
      if (late) return readSql(late, call.reader, { span: call.span, database: { label: '' } });
      return call.reader.add('unknown', 'runs SQL that was not read', call.span);
    },
    rules: [
      reads('list|show-config|topology|history|version|dsn'),
      destroys('remove|reinit|failover|switchover', { why: '{call}' }),
      changes('restart|reload|pause|resume|edit-config|flush|scaffold'),
    ],
  },
  {
    names: 'repmgr',
    valued: '-f --config-file -h -d -U',
    rules: [
      reads('cluster show|cluster event|node check|node status|daemon status|service status'),
      destroys('standby clone|standby promote|standby switchover|node rejoin|cluster cleanup', {
        why: '{call}',
      }),
      changes('standby register|primary register|standby follow'),
    ],
  },
  {
    names: 'pgcopydb',
    rules: [
      reads('list|compare|ping|snapshot|stream receive'),
      changes('dump'),
      destroys('', { has: '--drop-if-exists', why: 'drops what stands in the target first' }),
      changes('clone|copy|restore|follow|fork'),
    ],
  },
];
