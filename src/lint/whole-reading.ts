import { trailerCheck } from '../run/plain-dump.ts';
import { invocationsOf } from './database-work.ts';
import type { Document } from './document.ts';
import type { Invocation } from './invocation.ts';

/**
 * What reads a backup to its end, by what the file is: said by the command that writes it in the same document, else by
 * its name. Undefined where neither tells, as of a folder or of a variable that nothing writes.
 */
export function wholeReading(document: Document, file: string): string | undefined {
  const bare = file.replace(/^["']|["']$/g, '');
  const writer = [...invocationsOf(document)].find(({ invocation }) => writes(invocation, bare))?.invocation;
  const first = writer?.pipeline?.stages[0]?.[0] ?? writer;
  const shown = /\s/.test(bare) ? `"${bare}"` : bare;
  switch (first?.name) {
    case 'pg_dump':
      return isText(first)
        ? trailerCheck(shown)
        : first.options.value('-F', '--format')?.text.replace(/["']/g, '').toLowerCase() === 'd'
          ? undefined
          : `pg_restore --file=/dev/null ${shown}`;
    case 'pg_dumpall':
      return trailerCheck(shown).replace('database dump', 'database cluster dump');
    case 'mysqldump':
    case 'mariadb-dump':
      return trailerCheck(shown).replace(/'[^']*'$/, "'Dump completed'");
    case 'tar':
      return `tar -tf ${shown} > /dev/null`;
    default:
      return byName(document, shown, bare);
  }
}

function byName(document: Document, shown: string, bare: string): string | undefined {
  if (/\.(?:tar|tgz)(?:\.\w+)?$/i.test(bare)) return `tar -tf ${shown} > /dev/null`;
  if (/\.(?:db|sqlite3?)$/i.test(bare)) return `sqlite3 ${shown} 'PRAGMA integrity_check'`;
  if (/\.sql(?:\.(?:gz|zst|xz|bz2|lz4))?$/i.test(bare)) {
    const names = new Set([...invocationsOf(document)].map(({ invocation }) => invocation.name));
    const ofMysql =
      /mysql|maria/i.test(bare) || ((names.has('mysqldump') || names.has('mysql')) && !names.has('pg_dump'));
    return ofMysql ? trailerCheck(shown).replace(/'[^']*'$/, "'Dump completed'") : trailerCheck(shown);
  }
  if (/\.(?:dump|custom|pgdump)$/i.test(bare)) return `pg_restore --file=/dev/null ${shown}`;
  return undefined;
}

function writes({ name, options, output, pipeline }: Invocation, file: string): boolean {
  const dumps = /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|tar)$/.test(name);
  const last = pipeline?.stages.at(-1)?.at(-1);
  const named = [options.value('-f', '--file')?.text, output?.file.text, last?.output?.file.text];
  return dumps && named.some((each) => each?.replace(/^["']|["']$/g, '') === file);
}

function isText({ options }: Invocation): boolean {
  const format = options.value('-F', '--format')?.text;
  return format === undefined || /^["']?p(?:lain)?["']?$/i.test(format);
}
