import { functionEffect } from './sql-function.ts';
import { listOf, objectName, other, type SqlNode, unwrap } from './sql-name.ts';
import type { Tell } from './sql-statement.ts';

/** A prepared transaction belongs to another session, whose work is given up or let through here. */
export function transaction(fields: SqlNode, line: string, tell: Tell): undefined {
  switch (fields.kind) {
    case 'TRANS_STMT_ROLLBACK_PREPARED':
      return tell(
        'destroys',
        `gives up the work of the prepared transaction ${fields.gid}`,
        other(String(fields.gid)),
      );
    case 'TRANS_STMT_PREPARE':
    case 'TRANS_STMT_COMMIT_PREPARED':
      return tell('changes', line);
    default:
      return tell('reads', line);
  }
}

/** What gives words another meaning that are taken for harmless: functions of known names, operators, casts, every login. */
export function meanings(type: string, fields: SqlNode, tell: Tell): undefined {
  if (type === 'CreateEventTrigStmt' || type === 'CreateTrigStmt')
    return tell('unknown', `${listOf(fields.funcname).map(objectName).join('.')}() will run by itself`);
  if (type === 'CreateCastStmt')
    return fields.func === undefined
      ? undefined
      : tell('unknown', 'a cast calls a function, and nobody has said what it does');
  if (type === 'DefineStmt' && fields.kind === 'OBJECT_OPERATOR')
    return tell('unknown', 'an operator calls a function, and nobody has said what it does');
  if (type === 'CreateFunctionStmt' && likeColumn(fields))
    return tell('unknown', 'whoever reads it like a column calls this function');
  const name =
    listOf(type === 'DefineStmt' ? fields.defnames : fields.funcname)
      .map(objectName)
      .at(-1) ?? '';
  if ((type !== 'DefineStmt' || fields.kind === 'OBJECT_AGGREGATE') && functionEffect(name) === 'reads')
    tell('unknown', `${name}() will be another one than PostgreSQL's own`);
}

/** The server starts the `program` of a foreign table of `file_fdw` whenever somebody looks at it. */
export function programs(options: unknown, tell: Tell): undefined {
  const listed = Array.isArray(options) ? options : listOf(unwrap(options).fields.items);
  for (const option of listed) {
    const { defname, arg } = unwrap(option).fields;
    if (defname !== 'program') continue;
    const program = String(unwrap(arg).fields.sval ?? '');
    tell('unknown', `the server will run: ${program}`, undefined, program);
  }
}

/** The server starts what stands in `archive_command` and its kin. */
export function alterSystem(set: SqlNode, line: string, tell: Tell): undefined {
  tell('changes', line);
  if (/_libraries$/.test(String(set.name ?? '')))
    return tell('unknown', 'the server will load a library, and nobody has said what it does');
  if (!/_command$/.test(String(set.name ?? ''))) return;
  for (const argument of listOf(set.args)) {
    const { sval } = (unwrap(argument).fields.sval ?? {}) as SqlNode as { readonly sval?: unknown };
    if (typeof sval === 'string' && sval.trim() !== '')
      tell('changes', `the server will run: ${sval}`, undefined, sval);
  }
}

/** A function of one row is called by `row.name` as well, which looks like a column of it. */
function likeColumn({ parameters }: SqlNode): boolean {
  const [only, ...more] = listOf(parameters).map((each) => unwrap(each).fields);
  const names = listOf(((only?.argType ?? {}) as SqlNode).names).map(objectName);
  if (!only || more.length > 0 || names[0] === 'pg_catalog') return false;
  return !/^(text|uuid|jsonb?|date|bytea|citext|inet|cidr|name|oid|reg\w+|any\w*|record|xml|money|ts\w+)$/.test(
    names.at(-1) ?? '',
  );
}
