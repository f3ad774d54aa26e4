import type { Call } from '../call.ts';
import { postgresDatabase } from '../database.ts';
import { type Database, readSql } from '../sql.ts';
import { type Word, wordOf } from '../word.ts';

/** psql: statements of -c, files of -f, what stands at its input, or a session. */
export function psql(call: Call): undefined {
  const { options, reader, span } = call;
  if (options.has('--help', '-?', '--version', '-V'))
    return reader.add('reads', 'shows its help or version', span);
  const database = { ...postgresDatabase(call, call.operands[0]?.text), variables: psqlValues(call) };
  const on = database.label && ` on ${database.label}`;
  const output = options.value('-o', '--output');
  const log = options.value('-L', '--log-file');
  if (output && !output.text.startsWith('|')) reader.writes(output);
  if (output?.text.startsWith('|')) reader.shell(wordOf(output.text.slice(1), span), { span });
  if (log) reader.add('changes', `appends to ${log.text}`, log, { kind: 'path', name: log.text });
  // A prompt runs what stands in its backquotes.
  for (const setting of options.values('-v', '--set', '--variable'))
    if (/^PROMPT\d=/.test(setting.text))
      for (const [, command] of setting.text.matchAll(/%`([^`]*)`/g))
        reader.shell(wordOf(command!, span, setting.known), { span });
  const statements = options.values('-c', '--command');
  const files = options.values('-f', '--file');
  for (const statement of statements) readSql(statement, reader, { span, database });
  for (const file of files) {
    if (file.text === '-') readInput(call, database, on);
    else if (/^\/dev\/(stdin|fd\/0)$/.test(file.text)) readInput(call, database, on);
    else readFile(call, file, database, on);
  }
  if (statements.length > 0 || files.length > 0) return;
  if (options.has('-l', '--list')) return reader.add('reads', `lists databases${on}`, span);
  readInput(call, database, on);
}

/** `-v name=value`; what the shell has yet to fill in stays as it is written. */
function psqlValues({ options }: Call): Record<string, string> {
  const settings = options.values('-v', '--set', '--variable').map((word) => /^(\w+)=(.*)$/s.exec(word.text));
  return Object.fromEntries(settings.flatMap((found) => (found ? [[found[1]!, found[2]!]] : [])));
}

/** What stands at psql's standard input. */
function readInput(call: Call, database: Database, on: string): undefined {
  const { reader, span, stdin } = call;
  switch (stdin?.kind) {
    case undefined:
      reader.mark({ interactive: true });
      return reader.add('unknown', `opens a session${on}: what is typed there is not known`, span);
    case 'nothing':
      return reader.add('reads', `connects${on}`, span);
    case 'text':
      return readSql(stdin.text, reader, { span, database });
    case 'file':
      return readFile(call, stdin.path, database, on);
    case 'pipe':
      if (stdin.dump === 'cleaning')
        return reader.add('destroys', `restores a dump that drops what stands there${on}`, span, {
          kind: 'database',
          name: database.label,
        });
      if (stdin.dump === 'plain')
        return reader.add('changes', `restores a dump${on}`, span, {
          kind: 'database',
          name: database.label,
        });
      if (stdin.from === 'pg_restore')
        return reader.add('changes', `restores an archive${on}`, span, {
          kind: 'database',
          name: database.label,
        });
      return reader.add('unknown', `runs the SQL that ${stdin.from} prints${on}`, span);
    default:
      return stdin satisfies never;
  }
}

function readFile(call: Call, file: Word, database: Database, on: string): undefined {
  const text = call.reader.fileText(file);
  if (text === undefined)
    return call.reader.add('unknown', `runs the SQL of ${file.text}, which was not read${on}`, file, {
      kind: 'path',
      name: file.text,
    });
  readSql({ ...file, text, known: true, offset: -1 }, call.reader, { span: call.span, database });
}
