import type { Call } from '../call.ts';
import { readOtherSql } from '../other-sql.ts';
import { wordOf } from '../word.ts';
import { destroys, reads, type Tool } from './tool.ts';

/** SQLite's shell and its companions. */
export const sqlite: readonly Tool[] = [
  {
    names: 'sqlite3 sqlite litecli',
    valued: '-cmd -init -separator -newline -nullvalue -vfs',
    singleDash: true,
    read: client,
  },
  {
    names: 'litestream',
    rules: [
      reads('databases|generations|snapshots|wal|version'),
      destroys('restore', { has: '-o', why: 'writes a replica over {-o}' }),
      destroys('restore', { why: 'restores {all}' }),
    ],
  },
];

function client(call: Call): undefined {
  const { operands, options, reader, span, stdin } = call;
  if (options.has('-version', '--version', '-help', '--help'))
    return reader.add('reads', 'shows its help or version', span);
  const [file, ...statements] = operands;
  const label = file?.text ?? 'a database in memory';
  if (file) reader.connect({ tool: 'sqlite3', database: file.text }, span);
  const scripts = [...options.values('-cmd', '--cmd'), ...statements];
  if (stdin?.kind === 'text' && statements.length === 0) scripts.push(stdin.text);
  for (const script of scripts) readOtherSql(script, reader, span, label, (line) => dot(line, call));
  if (options.has('-init', '--init')) reader.add('unknown', 'runs a file first, which was not read', span);
  if (scripts.length > options.values('-cmd', '--cmd').length) return;
  if (stdin?.kind === 'file') {
    const text = reader.fileText(stdin.path);
    if (text === undefined)
      return reader.add(
        'unknown',
        `runs the SQL of ${stdin.path.text}, which was not read, on ${label}`,
        span,
      );
    return readOtherSql(wordOf(text, span), reader, span, label, (line) => dot(line, call));
  }
  if (stdin?.kind === 'pipe')
    return reader.add('unknown', `runs the SQL that ${stdin.from} prints on ${label}`, span);
  if (stdin?.kind === 'nothing') return reader.add('reads', `opens ${label}`, span);
  reader.mark({ interactive: true });
  return reader.add('unknown', `opens a session on ${label}: what is typed there is not known`, span);
}

/** After "Special commands to sqlite3 (dot-commands)" of SQLite's documentation. */
function dot(line: string, call: Call): boolean {
  const { reader, span } = call;
  const found = /^\.(\w+)\s*([\s\S]*)$/.exec(line);
  if (!found) return false;
  const [, name = '', rest = ''] = found;
  const words = rest.split(/\s+/).filter(Boolean);
  const path = wordOf((words.at(-1) ?? '').replace(/^['"](.*)['"]$/, '$1'), span);
  switch (name) {
    case 'backup':
    case 'save':
    case 'clone':
    case 'output':
    case 'once':
    case 'log':
    case 'trace':
      if (/^['"]?\|/.test(rest))
        reader.shell(wordOf(rest.replace(/^(['"]?)\|(.*)\1$/, '$2'), span), { span });
      else if (words.length > 0 && path.text !== 'stdout') reader.writes(path);
      if (/^-[ex]\b/.test(rest)) reader.add('unknown', `opens a program: ${line}`, span);
      reader.add('reads', line, span);
      return true;
    case 'restore':
      reader.add('destroys', `restores ${path.text} over ${call.operands[0]?.text ?? 'the database'}`, span, {
        kind: 'database',
        name: call.operands[0]?.text ?? '',
      });
      return true;
    case 'shell':
    case 'system':
      reader.shell(wordOf(rest, span), { span });
      return true;
    case 'read': {
      if (/^['"]?\|/.test(rest)) {
        reader.shell(wordOf(rest.replace(/^(['"]?)\|(.*)\1$/, '$2'), span), { span });
        reader.add('unknown', `runs the SQL that a command prints: ${line}`, span);
        return true;
      }
      const text = reader.fileText(path);
      if (text === undefined) reader.add('unknown', `runs the SQL of ${path.text}, which was not read`, span);
      else
        readOtherSql(
          wordOf(text, span),
          reader,
          span,
          call.operands[0]?.text ?? '',
          (inner) => !inner.startsWith('.read') && dot(inner, call),
        );
      return true;
    }
    case 'import': {
      const program = /(['"]?)\|([^'"]*)\1/.exec(rest)?.[2];
      if (program) reader.shell(wordOf(program, span), { span });
      reader.add('changes', line, span);
      return true;
    }
    case 'recover':
    case 'archive':
    case 'ar':
      reader.add('changes', line, span);
      return true;
    case 'open':
      reader.add(/--new/.test(rest) ? 'destroys' : 'reads', line, span);
      return true;
    default:
      reader.add(showing.has(name) ? 'reads' : 'unknown', line, span);
      return true;
  }
}

const showing = new Set(
  'tables schema dump headers header mode databases indexes indices show stats timer width nullvalue separator quit exit help print echo bail changes eqp explain fullschema lint limit parameter progress prompt sha3sum vfsinfo vfslist version dbinfo dbconfig timeout binary cd connection nonce'.split(
    ' ',
  ),
);
