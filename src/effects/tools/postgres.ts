import type { Call } from '../call.ts';
import { connectionString, postgresDatabase } from '../database.ts';
import { masked } from '../rule.ts';
import { psql } from './psql.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

const connecting = '-h --host -p --port -U --username --role --maintenance-db';

/** PostgreSQL's clients and server tools. */
export const postgres: readonly Tool[] = [
  {
    names: 'psql pgcli',
    abbreviates: true,
    valued: `${connecting} -c --command -d --dbname -f --file -F --field-separator -L --log-file -o --output -P --pset -R --record-separator -T --table-attr -v --set --variable`,
    read: psql,
  },
  {
    names: 'pg_dump pg_dumpall',
    abbreviates: true,
    valued: `${connecting} -d --dbname -f --file -F --format -j --jobs -n --schema -N --exclude-schema -t --table -T --exclude-table -E --encoding -S --superuser -Z --compress -e --extension --exclude-extension --exclude-table-data --lock-wait-timeout --section --snapshot -l --database --filter`,
    read: (call) => {
      if (call.options.has('--help', '-?', '--version', '-V'))
        return call.reader.add('reads', 'shows its help or version', call.span);
      const positional = call.name === 'pg_dump' ? call.operands[0]?.text : undefined;
      const { label } = postgresDatabase(call, positional);
      call.reader.add('reads', `dumps ${label || 'the default database'}`, call.span);
      const file = call.options.value('-f', '--file');
      if (file) call.reader.writes(file);
    },
  },
  {
    names: 'pg_restore',
    abbreviates: true,
    valued: `${connecting} -d --dbname -f --file -F --format -I --index -j --jobs -L --use-list -n --schema -N --exclude-schema -P --function -S --superuser -t --table -T --trigger --section --filter`,
    read: restore,
  },
  {
    names: 'createdb',
    abbreviates: true,
    valued: `${connecting} -D --tablespace -E --encoding -l --locale -O --owner -S --strategy -T --template --lc-collate --lc-ctype --locale-provider --icu-locale`,
    read: (call) => hitsDatabase(call, 'changes', 'creates the database'),
  },
  {
    names: 'dropdb',
    abbreviates: true,
    valued: connecting,
    read: (call) => hitsDatabase(call, 'destroys', 'drops the database'),
  },
  {
    names: 'createuser',
    valued: `${connecting} -c --connection-limit -g --member-of`,
    read: (call) => onServer(call, 'changes', 'creates the role'),
  },
  { names: 'dropuser', valued: connecting, read: (call) => onServer(call, 'destroys', 'drops the role') },
  {
    names: 'vacuumdb',
    valued: `${connecting} -d --dbname -j --jobs -t --table -n --schema -N -P --parallel`,
    read: (call) => onServer(call, 'changes', 'vacuums'),
  },
  {
    names: 'reindexdb clusterdb',
    valued: `${connecting} -d --dbname -j --jobs -t --table -i --index -S --schema`,
    read: (call) => onServer(call, 'changes', 'rebuilds indexes or tables of'),
  },
  {
    names: 'pg_isready',
    valued: `${connecting} -d --dbname -t --timeout`,
    read: (call) => onServer(call, 'reads', 'asks whether the server answers'),
  },
  {
    names: 'pg_amcheck',
    valued: `${connecting} -d --database -j --jobs -t --table -i --index`,
    rules: [
      changes('', { has: '--install-missing', why: 'installs an extension' }),
      reads('', { why: 'checks tables and indexes' }),
    ],
  },
  {
    names: 'pg_basebackup',
    valued: `${connecting} -D --pgdata -d --dbname -F --format -r --max-rate -t --target -X --wal-method -S --slot -c --checkpoint -l --label -T --tablespace-mapping -Z --compress`,
    rules: [
      changes('', { why: 'copies the whole server into {-D --pgdata}', hits: ['path', '{-D --pgdata}'] }),
    ],
  },
  {
    names: 'pg_receivewal pg_recvlogical',
    valued: `${connecting} -D --directory -S --slot -d --dbname -f --file`,
    rules: [
      destroys('', { has: '--drop-slot', why: 'drops a replication slot' }),
      changes('', { why: 'receives WAL into files', longRunning: true }),
    ],
  },
  {
    names: 'pgbench',
    valued: `${connecting} -c --client -j --jobs -T --time -t --transactions -s --scale -f --file`,
    rules: [
      destroys('', { has: '-i --initialize', why: "drops and makes pgbench's tables" }),
      unknown('', { has: '-f --file', why: 'runs the script {-f --file}, which was not read' }),
      changes('', { why: 'runs a load on the database' }),
    ],
  },
  { names: 'pg_activity pgbadger pg_top', rules: [reads('', { interactive: true, longRunning: true })] },
];

function restore(call: Call): undefined {
  const { options, reader, span } = call;
  const archive = call.operands[0]?.text ?? 'standard input';
  if (options.has('--help', '-?', '--version', '-V'))
    return reader.add('reads', 'shows its help or version', span);
  if (options.has('-l', '--list')) {
    reader.add('reads', `lists what ${archive} holds`, span);
    const file = options.value('-f', '--file');
    if (file) reader.writes(file);
    return;
  }
  if (!options.has('-d', '--dbname')) {
    reader.add('reads', `turns ${archive} into SQL`, span);
    const file = options.value('-f', '--file');
    if (file) reader.writes(file);
    return;
  }
  const { label } = postgresDatabase(call);
  const to = label || 'the default database';
  if (options.has('-c', '--clean'))
    reader.add('destroys', `restores ${archive} and drops what stands in ${to}`, span, {
      kind: 'database',
      name: to,
    });
  else
    reader.add(
      'changes',
      `restores ${archive} into ${options.has('-C', '--create') ? `a new database of the server of ${to}` : to}`,
      span,
      { kind: 'database', name: to },
    );
}

function hitsDatabase(call: Call, effect: 'changes' | 'destroys', words: string): undefined {
  if (call.options.has('--help', '--version'))
    return call.reader.add('reads', 'shows its help or version', call.span);
  const name = call.operands[0]?.text ?? call.reader.value('PGDATABASE') ?? 'of the user';
  const parsed = connectionString(name);
  const { label } = postgresDatabase(call, name);
  call.reader.add(effect, `${words} ${label || name}`, call.span, {
    kind: 'database',
    name: parsed.database ?? name,
  });
}

function onServer(call: Call, effect: 'reads' | 'changes' | 'destroys', words: string): undefined {
  const { label } = postgresDatabase(call, call.name.endsWith('user') ? undefined : call.operands[0]?.text);
  const what = call.name.endsWith('user')
    ? `${call.operands[0]?.text ?? ''}${label && ` on ${label}`}`
    : label;
  call.reader.add(
    effect,
    masked(`${words} ${what}`.trim()),
    call.span,
    label ? { kind: 'database', name: label } : undefined,
  );
}
