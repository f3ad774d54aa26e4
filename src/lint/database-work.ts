import type { Effect } from '../effects/effect.ts';
import type { Document, Doing } from './document.ts';
import { type Invocation, lineOf } from './invocation.ts';
import type { Script } from './script.ts';

/** Commands that write a dump of a database. */
export const dumpers: ReadonlySet<string> = new Set([
  'pg_dump',
  'pg_dumpall',
  'mysqldump',
  'mariadb-dump',
  'mongodump',
]);

const unpackers =
  /^(gunzip|zcat|gzip|unzip|zstd|zstdcat|unzstd|xz|xzcat|unxz|bzcat|bunzip2|lz4|pigz|unpigz)$/;

/** True for a command that unpacks a file. */
export function unpacks(invocation: Invocation): boolean {
  return unpackers.test(invocation.name);
}

const dumpLike = /\.(?:sql|dump|bak|gz|zst|bz2|xz|tar|backup|pgdump|custom)\b|backup|dump|restor/i;

/** True for a command that makes a backup of a database. */
export function backsUp(invocation: Invocation): boolean {
  const { name } = invocation;
  // What goes straight into another database is kept nowhere.
  const last = invocation.pipeline?.stages.at(-1)?.at(-1)?.name;
  if (last && /^(psql|pg_restore|mysql|mariadb|mongorestore)$/.test(last)) return false;
  if (dumpers.has(name))
    return !invocation.options.has(
      '--schema-only',
      '-s',
      '--help',
      '--version',
      '-V',
      '--globals-only',
      '-g',
    );
  if (name === 'pg_basebackup') return true;
  const line = lineOf(invocation);
  if (/^(pgbackrest|wal-g|barman|drillbook)$/.test(name))
    return (
      /\bbackup(-push|\s+create)?\b/.test(line) && !/\b(list|show|verify|delete|restore|info)\b/.test(line)
    );
  if (name === 'aws') return /\bcreate-db-(cluster-)?snapshot\b/.test(line);
  if (name === 'gcloud') return /\bsql (backups create|export)\b/.test(line);
  if (name === 'heroku') return /\bpg:backups:capture\b/.test(line);
  if (/^(sqlite3)$/.test(name)) return /\.backup|VACUUM INTO/i.test(line);
  return (
    !known(name) &&
    /\b(?:create|make|take|run)[-_:]?backup|backup[-_:]?(?:create|now|db|database)|backup\.(?:sh|py|js|ts)\b|:backup\b/i.test(
      line,
    ) &&
    !/verif|list|restore|delete|clean|status|check/i.test(line)
  );
}

/** True for a command that puts a backup into a database. */
export function restores(invocation: Invocation, about: string): boolean {
  const { name, options, feed, pipeline } = invocation;
  const words = `${lineOf(invocation)} ${feed?.kind === 'file' ? feed.path.text : ''}`;
  switch (name) {
    case 'pg_restore':
      return options.has('-d', '--dbname');
    case 'mongorestore':
      return true;
    case 'psql':
    case 'mysql':
    case 'mariadb': {
      if (feed?.kind === 'pipe') {
        const earlier = pipeline?.stages.slice(0, invocation.stage).flat() ?? [];
        return earlier.some(
          (each) =>
            unpacks(each) ||
            each.name === 'pg_restore' ||
            (each.name === 'cat' && dumpLike.test(lineOf(each))),
        );
      }
      const file = feed?.kind === 'file' ? feed.path.text : options.value('-f', '--file')?.text;
      if (file === undefined || /migrat|rollback|seed|schema|init/i.test(file)) return false;
      return dumpLike.test(file.replace(/\.sql$/, '')) || /restor|backup/i.test(about);
    }
    case 'pgbackrest':
    case 'drillbook':
      return /\brestore\b/.test(words);
    case 'wal-g':
      return /\bbackup-fetch\b/.test(words);
    case 'aws':
      return /^aws rds restore-db-/.test(words);
    default:
      return (
        !known(name) &&
        !/^(?:install|i|add|ci|remove|uninstall|update|view)$/.test(invocation.operands[0]?.text ?? '') &&
        [invocation.name, ...invocation.words.map((word) => word.text)].some(isRestoreWord)
      );
  }
}

/** `restore`, `db:restore`, `scripts/restore_to_test.py`; not `describe-restore`, `test_restore.py` or a setting `restore.path=…`. */
function isRestoreWord(word: string): boolean {
  return (
    /(?:^|[/_:-])restore(?:[_:-][\w:-]*)?(?:\.(?:sh|py|js|ts|rb|mjs))?$/i.test(word) &&
    !word.startsWith('--') &&
    !/verify|test_|test-|check|list|status|log|describe|show|pre-?restore/i.test(word)
  );
}

/** Tools whose names say what they do: the words behind them are not searched for what a script may do. */
function known(name: string): boolean {
  return /^(echo|printf|cat|ls|cd|cp|mv|rm|mkdir|grep|tail|head|less|git|find|export|tee|touch|chmod|chown|curl|wget|du|df|stat|vim?|nano|docker|kubectl|docker-compose|helm|railway|render|sudo|ssh|scp|rsync|tar|openssl|gpg|aws|gcloud|az|env|time|watch|psql|xargs|open|man|which|systemctl|journalctl|apt|apt-get|brew|yum|dnf|velero|etcdctl|restic|diff|dotnet|nuget|msbuild|pip3?|cargo|go|snap|ip6?tables-restore|nft|ipset|alsactl|restorecon|jq|awk|sed)$/.test(
    name,
  );
}

/** True where a script looks into the database itself, or runs something that says that it verifies data. */
export function looksAtData(script: Script): boolean {
  if (script.sql.some((piece) => /^\s*(?:select|with|table)\b|^\s*\\d/i.test(piece.text))) return true;
  return script.invocations.some((each) => {
    const line = lineOf(each);
    if (each.name === 'drillbook') return /\bcompare\b|\bverify\b/.test(line);
    if (/^(curl|wget|http|echo|ls|docker|kubectl|grep|tail|cat|systemctl|printf)$/.test(each.name))
      return false;
    if (/^(pg_amcheck|pg_verifybackup|mongosh|sqlite3)$/.test(each.name)) return true;
    if (each.name === 'psql' || each.name === 'mysql')
      return each.feed === undefined && !each.options.has('-f', '--file');
    return /verif|compare|integrity|check[-_]?(?:data|db|count)|data[-_]?check|smoke|\btests?\b|row[-_]?count/i.test(
      line,
    );
  });
}

/**
 * Whole databases and schemas, and what a clean restore drops; not single tables, which runbooks drop for many reasons,
 * nor names, which can be changed back.
 */
export function destroysDatabase({ class: effect, hits, reason }: Effect): boolean {
  if (effect !== 'destroys' || /^renames|final-(?:db-)?snapshot/.test(reason)) return false;
  return hits?.kind === 'database' || /^DROP SCHEMA\b|^drops collections before/.test(reason);
}

/** The nearest words around a doing, as one text. */
export function aboutOf(doing: Doing | undefined, nearest = 99): string {
  return doing ? doing.about.slice(-nearest).join(' · ') : '';
}

/** Every invocation of the document, with its script and what it belongs to. */
export function* invocationsOf(document: Document): Generator<{
  readonly invocation: Invocation;
  readonly script: Script;
  readonly doing: Doing | undefined;
}> {
  for (const script of document.scripts) {
    const doing = document.doingOf(script);
    for (const invocation of script.invocations) yield { invocation, script, doing };
  }
}
