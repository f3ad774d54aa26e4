import type { Around, Reader } from './call.ts';
import { readSql } from './sql.ts';
import type { Word } from './word.ts';

/**
 * A wrapper or client that the table does not know must not hide what it is given: `anything rm -rf x`,
 * `anything -- dropdb x`, `anything 'sudo rm x'`, `anything -c 'DROP TABLE t'`, SQL at its standard input.
 */
export function readStrangersWords(args: readonly Word[], around: Around, reader: Reader): undefined {
  let tried = 0;
  for (const [at, word] of args.entries()) {
    if (word.known && hidden.test(word.text.slice(word.text.lastIndexOf('/') + 1)) && tried < 4) {
      tried += 1;
      reader.command(args.slice(at), { ...around });
    } else if (destroyingSql.test(word.text)) {
      readSql(word, reader, { span: around.span, database: { label: '' } });
    } else if (
      /\s/.test(word.text.trim()) &&
      hidden.test(/[^\s/]*(?=\s)/.exec(word.text.trim())?.[0] ?? '')
    ) {
      reader.shell(word, { span: around.span, stdin: around.stdin });
    }
  }
  if (around.stdin?.kind === 'text' && destroyingSql.test(around.stdin.text.text))
    readSql(around.stdin.text, reader, { span: around.span, database: { label: '' } });
}

const destroyingSql =
  /(^|;)\s*(drop|truncate|delete\s+from|update\s+\S+\s+set|alter\s+(table|database|schema))\s/im;

/** Commands whose names are not ordinary words: seen as an argument of a stranger, they are read too. */
const hidden =
  /^(rm|rmdir|shred|dropdb|dropuser|psql|pg_restore|mysql|mariadb|mysqladmin|redis-cli|mongosh|mongo|sqlite3|mkfs(\.\w+)?|wipefs|dd|sudo|bash|sh|zsh|env|xargs|kubectl|docker|aws|gcloud|terraform)$/;
