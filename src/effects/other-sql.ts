import { splitPsql } from '../syntax/psql.ts';
import { parseSql } from '../syntax/sql.ts';
import type { Reader } from './call.ts';
import type { EffectClass } from './effect.ts';
import { maskPlaceholders } from './mask.ts';
import { functionEffect } from './sql-function.ts';
import { statementEffects } from './sql-statement.ts';
import type { Span, Word } from './word.ts';

/** A statement by its first words, for what PostgreSQL's parser refuses. The first that fits speaks. */
const leading: readonly (readonly [RegExp, EffectClass])[] = [
  [/^(drop|truncate|purge|kill|shutdown)\b/i, 'destroys'],
  [/^reset\s+(master|slave|replica|binary)/i, 'destroys'],
  [/^alter\b[\s\S]*\b(drop|truncate|discard)\b/i, 'destroys'],
  [/^(delete|update)\b(?![\s\S]*\bwhere\b)/i, 'destroys'],
  [/^(delete|update)\b/i, 'changes'],
  [/^set\s+(global|persist|password)\b|^set\s+@@global/i, 'changes'],
  [/^pragma\s+\w+(\.\w+)?\s*(=|\(\s*(on|off|true|false|0|1|delete|wal|truncate|memory)\s*\))/i, 'changes'],
  [
    /^(show|describe|desc|explain|use|help|pragma|check|checksum|set|begin|start\s+transaction|commit|rollback|savepoint|release|end|delimiter|status|prompt|pager|nopager|charset|warnings|detach)\b/i,
    'reads',
  ],
  [/^(select|with|table|values)\b[\s\S]*\binto\s+(outfile|dumpfile)\b/i, 'changes'],
  [
    /^(create|alter|insert|replace|rename|grant|revoke|flush|analyze|optimize|repair|load|lock|unlock|start|stop|change|attach|vacuum|reindex|install|uninstall|import|binlog|cache|handler|merge)\b/i,
    'changes',
  ],
];

/**
 * Reads SQL of MySQL, MariaDB or SQLite: by PostgreSQL's parser where it agrees, by its leading words where not.
 * `command` takes lines of the client's own (`.dump`, `\G`); it returns false for what is SQL.
 */
export function readOtherSql(
  script: Word,
  reader: Reader,
  span: Span,
  label: string,
  command: (line: string) => boolean,
): undefined {
  if (!script.known && /^\s*"?\$[\w{@*(`][^\s;]*\s*$/.test(script.text))
    return reader.add('unknown', `which SQL ${script.text} is, is known only when it runs`, script);
  const lines = maskPlaceholders(script.text).split('\n');
  const sql = lines.map((line) => (/^\s*[.\\]/.test(line) && command(line.trim()) ? '' : line)).join('\n');
  const plain = sql
    .replace(/\\[Gg](?=\s|;|$)/g, ';')
    .replace(/#[^\n]*/g, (comment) => (/^#\s/.test(comment) ? '' : comment));
  for (const piece of splitPsql(plain.replaceAll('`', '"'))) {
    if (piece.kind === 'meta') {
      if (!command(`\\${piece.name} ${piece.argument}`)) reader.add('unknown', `\\${piece.name}`, span);
    } else readStatement(piece.text, script.known, reader, span, label && ` on ${label}`);
  }
}

function readStatement(text: string, known: boolean, reader: Reader, span: Span, on: string): undefined {
  const statements = parsed(
    known ? text : text.replace(/\$\{[^}]*\}|\$\w+/g, (whole) => '\ue100'.repeat(whole.length)),
  );
  const line = text.replace(/\s+/g, ' ').trim();
  if (statements && !/^(reset|load|set|show|kill|use|lock)\b/i.test(line)) {
    for (const statement of statements)
      for (const effect of statementEffects(statement, line))
        reader.add(effect.class, effect.reason + on, span, effect.hits);
    return;
  }
  for (const [pattern, effect] of leading) if (pattern.test(line)) return reader.add(effect, line + on, span);
  if (!/^(select|with|table|values)\b/i.test(line))
    return reader.add('unknown', `SQL that is not known: ${line}`, span);
  // It does not parse: where a quote really ends is not known.
  if (
    !statements &&
    /\b(drop|truncate|delete|update|alter|grant)\b/i.test(line.replace(/'[^']*'|"[^"]*"/g, ''))
  )
    return reader.add('unknown', `SQL that is not known: ${line}`, span);
  const stranger = [...line.matchAll(/(\w+)\s*\(/g)].find(
    ([, name]) =>
      !/^(in|values|as|over|and|or|not|on|from|select|exists|using|interval|distinct|union|any|all|cast|convert|where|when|then|if|with|by|char|varchar|decimal|numeric|int)$/i.test(
        name!,
      ) && functionEffect(name!) !== 'reads',
  );
  if (stranger)
    return reader.add('unknown', `calls ${stranger[1]}(), and nobody has said what it does`, span);
  return reader.add('reads', line + on, span);
}

function parsed(text: string): unknown[] | undefined {
  try {
    return (parseSql(text).stmts ?? []).map((each) => each.stmt);
  } catch {
    return undefined;
  }
}
