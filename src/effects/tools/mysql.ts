import type { Call } from '../call.ts';
import { mysqlText } from '../mysql-text.ts';
import { readOtherSql } from '../other-sql.ts';
import { type Word, wordOf } from '../word.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

const connecting =
  '-h --host -P --port -u --user -S --socket --protocol --defaults-file --defaults-extra-file --ssl-ca --login-path --default-character-set';

/** MySQL's and MariaDB's clients. `-p` never takes the next word as its value. */
export const mysql: readonly Tool[] = [
  {
    names: 'mysql mariadb',
    abbreviates: true,
    valued: `${connecting} -e --execute -D --database --init-command --init-command-add --tee`,
    runs: '--pager',
    loads: '--plugin-dir',
    read: client,
  },
  {
    names: 'mysqldump mariadb-dump mydumper',
    abbreviates: true,
    valued: `${connecting} -r --result-file --where -w --ignore-table -B -o --outputdir -t -T --tab --max-allowed-packet`,
    read: (call) => {
      label(call, call.operands[0]);
      if (call.options.has('--delete-master-logs', '--delete-source-logs'))
        return call.reader.add('destroys', 'dumps and deletes binary logs', call.span);
      call.reader.add('reads', `dumps ${call.operands[0]?.text ?? 'databases'}`, call.span);
      const file = call.options.value('-r', '--result-file');
      if (file) call.reader.writes(file);
      if (call.name === 'mydumper') call.reader.add('changes', 'writes a folder of dumps', call.span);
    },
  },
  {
    names: 'mysqladmin mariadb-admin',
    abbreviates: true,
    valued: connecting,
    rules: [
      reads('status|ping|version|variables|extended-status|processlist|proc|stat'),
      destroys('drop', { why: 'drops the database {0}', hits: ['database', '{0}'] }),
      destroys('kill', { why: 'ends the sessions {all}', hits: ['sessions', '{all}'] }),
      changes('create', { why: 'creates the database {0}', hits: ['database', '{0}'] }),
      changes('shutdown|reload|refresh|flush-*|start-*|stop-*|password'),
      unknown(),
    ],
  },
  {
    names: 'mysqlimport mariadb-import',
    valued: connecting,
    rules: [destroys('', { has: '-d --delete', why: 'empties tables before it loads them' }), changes()],
  },
  {
    names: 'mysqlcheck mariadb-check mysqlanalyze',
    valued: connecting,
    rules: [changes('', { has: '-r --repair -o --optimize -a --analyze --auto-repair' }), reads()],
  },
  {
    names: 'mysqlshow mysqlslap mysqlbinlog mariadb-binlog',
    valued: `${connecting} --start-datetime --stop-datetime --start-position --stop-position -d -r`,
    rules: [reads()],
  },
  {
    names: 'myloader',
    valued: '-d --directory -h -u -p -B',
    rules: [
      destroys('', { has: '-o --overwrite-tables', why: 'drops tables before it loads them' }),
      changes(),
    ],
  },
  {
    names: 'mysqlsh',
    valued: `${connecting} -e --execute -f`,
    rules: [unknown('', { why: '{call}', interactive: true })],
  },
  {
    names: 'xtrabackup mariabackup innobackupex',
    valued: '--target-dir --datadir --user --password',
    rules: [
      changes('', { has: '--backup --prepare' }),
      destroys('', { has: '--copy-back --move-back', why: 'restores into the data folder' }),
      unknown(),
    ],
  },
  { names: 'mysqld_safe mysqld', rules: [changes('', { longRunning: true })] },
  {
    names: 'pt-online-schema-change gh-ost',
    rules: [reads('', { has: '--dry-run' }), changes('', { has: '--execute' }), reads()],
  },
];

function label(call: Call, positional?: Word): string {
  const database = (call.options.value('-D', '--database') ?? positional)?.text;
  const host = call.options.value('-h', '--host')?.text;
  const port = call.options.value('-P', '--port')?.text;
  const user = call.options.value('-u', '--user')?.text;
  call.reader.connect(
    {
      tool: call.name,
      ...(host && { host }),
      ...(port && { port }),
      ...(user && { user }),
      ...(database && { database }),
    },
    call.span,
  );
  return host ? `${database ?? ''}@${host}${port ? `:${port}` : ''}` : (database ?? '');
}

function client(call: Call): undefined {
  const { options, reader, span, stdin } = call;
  if (options.has('--version', '-V', '--help', '-?'))
    return reader.add('reads', 'shows its help or version', span);
  const on = label(call, call.operands[0]);
  const tee = options.value('--tee');
  if (tee) reader.writes(tee);
  const first = options.value('--init-command', '--init-command-add');
  if (first) readMysql(first, call, on);
  const sql = options.value('-e', '--execute') ?? (stdin?.kind === 'text' ? stdin.text : undefined);
  if (sql) return readMysql(sql, call, on);
  if (stdin?.kind === 'file') {
    const text = reader.fileText(stdin.path);
    if (text !== undefined) return readMysql(wordOf(text, span), call, on);
    return reader.add(
      'unknown',
      `runs the SQL of ${stdin.path.text}, which was not read${on && ` on ${on}`}`,
      span,
      { kind: 'path', name: stdin.path.text },
    );
  }
  if (stdin?.kind === 'pipe')
    return reader.add('unknown', `runs the SQL that ${stdin.from} prints${on && ` on ${on}`}`, span);
  if (stdin?.kind === 'nothing') return reader.add('reads', 'connects', span);
  reader.mark({ interactive: true });
  return reader.add('unknown', `opens a session${on && ` on ${on}`}: what is typed there is not known`, span);
}

function readMysql(sql: Word, call: Call, on: string): undefined {
  const text = mysqlText(sql.text);
  const word = text === sql.text ? sql : { ...sql, text, offset: -1 };
  return readOtherSql(word, call.reader, call.span, on, (line) => own(line, call));
}

/** Commands of the client itself: `source file`, `\! command`. */
function own(line: string, call: Call): boolean {
  const found = /^\\([!.a-zA-Z])\s*([\s\S]*)$/.exec(line);
  if (!found) return false;
  const [, name, argument] = found;
  if (name === 'P' && argument) {
    call.reader.shell(wordOf(argument, call.span), { span: call.span, stdin: { kind: 'nothing' } });
    return true;
  }
  if (name === 'T' && argument) {
    call.reader.writes(wordOf(argument, call.span));
    return true;
  }
  if (name === '!') call.reader.shell(wordOf(argument!, call.span), { span: call.span });
  else if (name === '.')
    call.reader.add('unknown', `runs the SQL of ${argument}, which was not read`, call.span);
  else if (/^[GgscurqpwWhtTnCPR]$/.test(name!)) call.reader.add('reads', line, call.span);
  else return false;
  return true;
}
