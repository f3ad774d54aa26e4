import type { PsqlPiece } from '../syntax/psql.ts';
import type { Reader } from './call.ts';
import { readSql, type SqlAround } from './sql.ts';
import { isStarting } from './starting-variable.ts';
import type { Span } from './word.ts';
import { wordOf } from './word.ts';

/** Backslash commands that only show something or set up the session. */
const showing =
  /^(d\w*\+?|l|list|z|sf|sv|x|a|t|f|C|H|T|timing|pset|echo|qecho|warn|conninfo|q|quit|r|reset|p|print|h|help|\?|errverbose|encoding|set|unset|if|elif|else|endif|gset|gdesc|gx|crosstabview|getenv|bind|bind_named|startpipeline|endpipeline|syncpipeline|flush|flushrequest|getresults|html|cd|prompt|dconfig|password_encryption|copyright|lo_list|ir_relative|watch|g|close|close_prepared|parse|sendpipeline|\\)$/;

/** What a backslash command of psql does. After the meta-commands of psql's manual page. */
export function readMeta(
  piece: PsqlPiece & { kind: 'meta' },
  span: Span,
  reader: Reader,
  around: SqlAround,
): undefined {
  const { name } = piece;
  const argument = another(piece, span, reader, around);
  const on = around.database.label && ` on ${around.database.label}`;
  for (const [, command] of argument.matchAll(/`([^`]*)`/g))
    if (name !== '!') reader.shell(wordOf(command!, span), { span });
  const plain = name.replace(/\+$/, '');
  switch (plain) {
    case '!':
      if (!argument) {
        reader.mark({ interactive: true });
        return reader.add('unknown', 'opens a shell', span);
      }
      return reader.shell(wordOf(argument, span), { span });
    case 'i':
    case 'ir':
    case 'include':
    case 'include_relative':
      return include(argument, span, reader, around);
    case 'copy':
      return copy(argument, span, reader, around, on);
    case 'c':
    case 'connect': {
      const [database, user, host, port] = argument.split(/\s+/).map((each) => (each === '-' ? '' : each));
      reader.connect(
        {
          tool: 'psql',
          ...(database && { database }),
          ...(user && { user }),
          ...(host && { host }),
          ...(port && { port }),
        },
        span,
      );
      return reader.add('reads', `connects to ${argument || 'the same database again'}`, span);
    }
    case 'gexec':
      return reader.add('unknown', `runs what the query gives as statements${on}`, span);
    case 's':
      return argument ? reader.writes(wordOf(argument, span)) : reader.add('reads', '\\s', span);
    case 'setenv': {
      const [, variable = '', value = ''] = /^(\S+)\s*([\s\S]*)$/.exec(argument) ?? [];
      if (isStarting(variable) && value) {
        reader.add('unknown', `${variable} makes what follows start ${value}`, span);
        if (/PAGER|EDITOR|VISUAL|SHELL/.test(variable))
          reader.shell(wordOf(value.replace(/^(['"])(.*)\1$/, '$2'), span), {
            span,
            stdin: { kind: 'nothing' },
          });
      }
      return reader.add('reads', '\\setenv', span);
    }
    case 'o':
    case 'out':
    case 'w':
    case 'write':
    case 'g':
    case 'gx':
      return output(plain, argument, span, reader);
    case 'e':
    case 'edit':
    case 'ef':
    case 'ev':
      reader.mark({ interactive: true });
      return reader.add('unknown', 'opens an editor and runs what is written there', span);
    case 'password':
      return reader.add('changes', `sets a password${on}`, span);
    case 'lo_unlink':
      return reader.add('destroys', `deletes the large object ${argument}${on}`, span);
    case 'lo_import':
      return reader.add('changes', `creates a large object${on}`, span);
    case 'lo_export':
      return reader.add('changes', `writes ${argument}`, span);
    case 'watch':
      reader.mark({ longRunning: true });
      return reader.add('reads', 'repeats the query until stopped', span);
    default:
      if (showing.test(plain)) return reader.add('reads', `\\${name}`, span);
      return reader.add('unknown', `nobody has said what \\${name} does`, span);
  }
}

/**
 * What belongs to the command itself: another backslash command may follow on its line (`\\timing \\! ls`), which is
 * read. Those that take the rest of the line take it whole.
 */
function another(
  { name, argument }: PsqlPiece & { kind: 'meta' },
  span: Span,
  reader: Reader,
  around: SqlAround,
): string {
  if (
    /^(!|copy|e|ef|ev|edit|h|help|sf\+?|sv\+?|o|out|w|write|g|gx)$/.test(name) &&
    /^[^\\]*$|^\||^(!|copy)/.test(name === '!' || name === 'copy' ? name : argument)
  )
    return argument;
  const plain = argument.replace(/'(?:[^'\\]|\\.|'')*'/g, (quoted) => 'x'.repeat(quoted.length));
  const at = plain.search(/\\[a-z!?]/i);
  if (at < 0) return argument;
  readSql(wordOf(argument.slice(at), span), reader, around);
  return argument.slice(0, at).trim();
}

function include(argument: string, span: Span, reader: Reader, around: SqlAround): undefined {
  const path = argument.replace(/^'(.*)'$/, '$1').trim();
  const text = reader.fileText(wordOf(path, span));
  const depth = around.depth ?? 0;
  if (text === undefined || depth > 10)
    return reader.add('unknown', `runs the SQL of ${path}, which was not read`, span, {
      kind: 'path',
      name: path,
    });
  readSql(wordOf(text, span), reader, { ...around, depth: depth + 1 });
}

function copy(argument: string, span: Span, reader: Reader, around: SqlAround, on: string): undefined {
  const program = /\b(from|to)\s+program\s+'((?:[^']|'')*)'/i.exec(argument);
  const way = /^(\([\s\S]*\)|[^\s(]+\s*(?:\([^)]*\))?)\s+(from|to)\s+(\S+)/i.exec(argument);
  if (program) reader.shell(wordOf(program[2]!.replaceAll("''", "'"), span), { span });
  else if (/\b(from|to)\s+program\b/i.test(argument.replace(/'(?:[^']|'')*'/g, '')))
    return reader.add('unknown', `\\copy ${argument}: which program, does not read`, span);
  if (!way) return reader.add('unknown', `\\copy ${argument}`, span);
  const [, what, direction, file] = way;
  if (what!.startsWith('(')) readSql(wordOf(what!.slice(1, -1), span), reader, around);
  if (direction!.toLowerCase() === 'from')
    return reader.add('changes', `copies rows into ${what}${on}`, span, { kind: 'other', name: what! });
  reader.add('reads', `copies ${what} out`, span);
  const path = file!.replace(/^'(.*)'$/, '$1');
  if (!program && !/^p?stdout$/i.test(path)) reader.writes(wordOf(path, span));
}

function output(name: string, argument: string, span: Span, reader: Reader): undefined {
  const target = argument.replace(/^\([^)]*\)\s*/, '').trim();
  if (!target) return reader.add('reads', `\\${name}`, span);
  if (target.startsWith('|')) return reader.shell(wordOf(target.slice(1).trim(), span), { span });
  reader.add('reads', `\\${name}`, span);
  reader.writes(wordOf(target, span));
}
