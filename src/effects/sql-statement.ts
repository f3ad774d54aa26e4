import { parseSql } from '../syntax/sql.ts';
import type { EffectClass, Thing } from './effect.ts';
import { alterTable } from './sql-alter-table.ts';
import { functionEffect, runsSql } from './sql-function.ts';
import { alterSystem, meanings, programs, transaction } from './sql-later.ts';
import { merging } from './sql-merge.ts';
import { listOf, objectName, other, relationName, type SqlNode, unwrap } from './sql-name.ts';
import { strangeOperator } from './sql-operator.ts';
import { databasesNamed } from './sql-sessions.ts';
import { restricts } from './sql-where.ts';

/** What one statement does. */
export interface StatementEffect {
  readonly class: EffectClass;
  readonly reason: string;
  readonly hits?: Thing;
  /** A program that the server would start, to be read as shell. */
  readonly program?: string;
}

/** One effect of its own: `tell(class, reason, hits)`. */
export type Tell = (effect: EffectClass, reason: string, hits?: Thing, program?: string) => undefined;

/**
 * What a statement of PostgreSQL's parse tree does, its own effect first, then those of queries and functions inside.
 * Node names are those of PostgreSQL's parsenodes.h.
 */
export function statementEffects(statement: unknown, text: string): StatementEffect[] {
  const found: StatementEffect[] = [];
  const tell: Tell = (effect, reason, hits, program) => {
    if (found.some((each) => each.class === effect && each.reason === reason)) return;
    found.push({ class: effect, reason, ...(hits && { hits }), ...(program && { program }) });
  };
  read(statement, text, tell);
  return found;
}

function read(statement: unknown, text: string, tell: Tell): undefined {
  const { type, fields } = unwrap(statement);
  const line = text.replace(/\s+/g, ' ').trim();
  switch (type) {
    case 'SelectStmt':
      if (fields.intoClause) tell('changes', `SELECT INTO creates a table`);
      if (fields.lockingClause) tell('changes', 'locks the rows that it selects');
      return inside(fields, tell);
    case 'InsertStmt':
      tell('changes', `inserts into ${relationName(fields.relation)}`, other(relationName(fields.relation)));
      return inside(fields, tell);
    case 'UpdateStmt': {
      const table = relationName(fields.relation);
      if (restricts(fields.whereClause)) tell('changes', `updates rows of ${table}`, other(table));
      else tell('destroys', `UPDATE of every row of ${table}`, other(table));
      return inside(fields, tell);
    }
    case 'DeleteStmt': {
      const table = relationName(fields.relation);
      if (restricts(fields.whereClause)) tell('changes', `deletes rows of ${table}`, other(table));
      else tell('destroys', `DELETE of every row of ${table}`, other(table));
      return inside(fields, tell);
    }
    case 'MergeStmt': {
      const table = relationName(fields.relation);
      tell('changes', `merges into ${table}`, other(table));
      for (const each of listOf(fields.mergeWhenClauses)) {
        const reason = merging(each, fields.joinCondition, table);
        if (reason) tell('destroys', reason, other(table));
      }
      return inside(fields, tell);
    }
    case 'TruncateStmt': {
      const tables = listOf(fields.relations).map(relationName).join(', ');
      return tell('destroys', `TRUNCATE ${tables}${cascade(fields)}`, other(tables));
    }
    case 'DropStmt': {
      const kind = String(fields.removeType ?? '')
        .replace('OBJECT_', '')
        .replaceAll('_', ' ')
        .replace('MATVIEW', 'MATERIALIZED VIEW');
      const names = listOf(fields.objects).map(objectName).filter(Boolean).join(', ');
      return tell('destroys', `DROP ${kind} ${names}${cascade(fields)}`, other(names));
    }
    case 'DropdbStmt':
      return tell('destroys', `DROP DATABASE ${fields.dbname}`, {
        kind: 'database',
        name: String(fields.dbname),
      });
    case 'RenameStmt': {
      const kind = String(fields.renameType ?? '')
        .replace('OBJECT_', '')
        .replaceAll('_', ' ');
      if (kind === 'DATABASE' || kind === 'SCHEMA') {
        const thing: Thing = {
          kind: kind === 'DATABASE' ? 'database' : 'other',
          name: String(fields.subname),
        };
        return tell(
          'destroys',
          `renames ${kind.toLowerCase()} ${fields.subname} to ${fields.newname}: whoever uses it sees another one`,
          thing,
        );
      }
      const name = relationName(fields.relation) || String(fields.subname ?? '');
      return tell('changes', `renames ${kind.toLowerCase()} ${name} to ${fields.newname}`, other(name));
    }
    case 'AlterTableStmt':
      alterTable(fields, line, tell);
      // Defaults of new columns, new types and new constraints are worked out for every row that is there.
      return inside({ cmds: fields.cmds }, tell);
    case 'CopyStmt':
      return copy(fields, text, tell);
    case 'ExplainStmt': {
      const options = listOf(fields.options).map((option) => unwrap(option).fields);
      const analyze = options.find((option) => option.defname === 'analyze');
      const off = analyze && /false|off|0/.test(JSON.stringify(analyze.arg ?? ''));
      if (!analyze || off) return tell('reads', 'shows the plan of a statement');
      return read(fields.query, `EXPLAIN ANALYZE runs ${line}`, tell);
    }
    case 'PrepareStmt':
    case 'DeclareCursorStmt':
      return read(fields.query, text, tell);
    case 'DoStmt':
      return code(line, JSON.stringify(fields.args ?? ''), 'a DO block', tell);
    case 'CallStmt': {
      const call = unwrap({ FuncCall: fields.funccall }).fields;
      tell('unknown', `calls the procedure ${listOf(call.funcname).map(objectName).join('.')}`);
      return inside({ FuncCall: fields.funccall }, tell);
    }
    case 'AlterSystemStmt':
      return alterSystem((fields.setstmt ?? {}) as SqlNode, line, tell);
    case 'ExecuteStmt':
      return tell('unknown', `runs the prepared statement ${fields.name}`);
    case 'LoadStmt':
      return tell('unknown', `loads the library ${fields.filename} into the server`);
    case 'CreateTableAsStmt':
    case 'ViewStmt':
    case 'RuleStmt':
      tell('changes', line);
      return inside(fields, tell);
    case 'CreateSchemaStmt':
      return tell('changes', line, other(String(fields.schemaname ?? '')));
    case 'CreatedbStmt':
    case 'AlterDatabaseStmt':
    case 'AlterDatabaseSetStmt':
    case 'AlterDatabaseRefreshCollStmt':
      return tell('changes', line, { kind: 'database', name: String(fields.dbname ?? '') });
    case 'TransactionStmt':
      return transaction(fields, line, tell);
    case 'CreateFunctionStmt':
    case 'DefineStmt':
    case 'CreateCastStmt':
    case 'CreateEventTrigStmt':
    case 'CreateTrigStmt':
      tell('changes', line);
      return meanings(type, fields, tell);
    case 'CreateForeignTableStmt':
      tell('changes', line);
      return programs(fields.options, tell);
    case 'IndexStmt':
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
    case 'CreateDomainStmt':
      tell('changes', line);
      return inside(fields, tell);
    case 'CreateStmt':
      tell('changes', line);
      return inside({ partbound: fields.partbound }, tell);
    case 'VariableSetStmt':
      if (
        fields.name === 'search_path' &&
        /"sval":"pg_catalog"/.test(JSON.stringify(listOf(fields.args).slice(1)))
      )
        return tell('unknown', "sets a search path in which others' functions come before PostgreSQL's own");
      if (fields.name === 'session_replication_role')
        return tell('changes', 'decides whether triggers and foreign keys hold in this session');
      return tell('reads', 'sets a setting of this session');
    case 'VariableShowStmt':
    case 'FetchStmt':
    case 'ClosePortalStmt':
    case 'ListenStmt':
    case 'UnlistenStmt':
    case 'DeallocateStmt':
    case 'DiscardStmt':
    case 'ConstraintsSetStmt':
      return tell('reads', line);
    case 'LockStmt':
    case 'VacuumStmt':
    case 'ReindexStmt':
    case 'ClusterStmt':
    case 'CheckPointStmt':
    case 'NotifyStmt':
    case 'CommentStmt':
    case 'SecLabelStmt':
    case 'RefreshMatViewStmt':
    case 'ReassignOwnedStmt':
    case 'ImportForeignSchemaStmt':
    case 'CompositeTypeStmt':
    case 'RepackStmt':
      return tell('changes', line);
    default:
      if (type.startsWith('Drop'))
        return tell('destroys', line, other(String(fields.subname ?? fields.tablespacename ?? '')));
      if (/^(Create|Alter|Grant|Define)/.test(type)) return tell('changes', line);
      return tell('unknown', line || `a statement that nobody has said anything about`);
  }
}

/** DO blocks and the like: code that only running it tells; a destroying word in it is enough to say so. */
function code(line: string, body: string, what: string, tell: Tell): undefined {
  const destroyer = /\b(drop|truncate|delete\s+from|pg_terminate_backend)\b/i.exec(body);
  if (destroyer) tell('destroys', `${what} with ${destroyer[0]} in it`);
  else tell('unknown', `${what}: ${line}`);
}

/** What a data folder holds, by its names. */
const serverFile =
  /\/(?:base|global|pg_(?:wal|xact|tblspc|multixact|commit_ts|logical|replslot))\/[^/]|\/(?:PG_VERSION|pg_hba\.conf|pg_ident\.conf|postgresql(?:\.auto)?\.conf|backup_label|postmaster\.pid)$/;

function copy(fields: SqlNode, text: string, tell: Tell): undefined {
  const table = relationName(fields.relation);
  if (fields.query) read(fields.query, text, tell);
  if (fields.is_program) {
    const program = String(fields.filename ?? '');
    return tell('unknown', `COPY starts a program on the server: ${program}`, undefined, program);
  }
  if (fields.is_from) {
    tell('changes', `copies rows into ${table}`, other(table));
    return inside({ where: fields.whereClause }, tell);
  }
  if (fields.filename) {
    const path = String(fields.filename);
    if (serverFile.test(path))
      return tell('destroys', `overwrites ${path}, which the server needs`, { kind: 'path', name: path });
    return tell('changes', `writes ${path} on the server`, { kind: 'path', name: path });
  }
  tell('reads', table ? `copies ${table} out` : 'copies a query out');
}

function cascade(fields: SqlNode): string {
  return fields.behavior === 'DROP_CASCADE' ? ' CASCADE' : '';
}

/** What the SQL does that a function is given to run; unknown where it is no constant, or one that does not parse. */
function ran(name: string, argument: unknown, tell: Tell): undefined {
  const constant = unwrap(unwrap(argument).type === 'TypeCast' ? unwrap(argument).fields.arg : argument);
  const script = constant.type === 'A_Const' && ((constant.fields.sval ?? {}) as SqlNode).sval;
  if (typeof script !== 'string')
    return tell('unknown', `${name}() runs SQL that is known only when it runs`);
  const statements = parsed(script);
  if (statements.length === 0) return tell('unknown', `${name}() runs SQL that does not parse: ${script}`);
  for (const statement of statements) read(statement, script, tell);
}

function parsed(script: string): readonly unknown[] {
  try {
    return (parseSql(script).stmts ?? []).map(({ stmt }) => stmt);
  } catch {
    return [];
  }
}

/** Functions, writing CTEs and subqueries anywhere inside a statement. Without recursion: trees can be deep. */
function inside(fields: SqlNode, tell: Tell): undefined {
  const stack: unknown[] = [fields];
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) {
      for (const each of node) stack.push(each);
      continue;
    }
    if (typeof node !== 'object' || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'FuncCall') {
        const names = listOf((value as SqlNode).funcname).map(objectName);
        const schema = names.length > 1 ? names[0] : 'pg_catalog';
        const name = names.at(-1) ?? '';
        const effect = functionEffect(name);
        if (schema === 'pg_catalog' && runsSql(name)) ran(name, listOf((value as SqlNode).args)[0], tell);
        else if (effect === undefined || (schema !== 'pg_catalog' && effect === 'reads')) {
          tell('unknown', `calls ${names.join('.')}(), and nobody has said what it does`);
        } else if (effect !== 'reads') {
          tell(
            effect.class,
            effect.reason,
            effect.sessions ? { kind: 'sessions', name: databasesNamed(fields) } : undefined,
          );
        }
      } else if (/^(A_Expr|SubLink|SortBy)$/.test(key)) {
        const operator = strangeOperator(value as SqlNode);
        if (operator) tell('unknown', `the operator ${operator} calls a function that nobody has named`);
      } else if (/^(Insert|Update|Delete|Merge)Stmt$/.test(key)) {
        read({ [key]: value }, '', tell);
        continue;
      } else if (key === 'intoClause' && node !== fields) tell('changes', 'SELECT INTO creates a table');
      else if (key === 'lockingClause' && node !== fields) tell('changes', 'locks the rows that it selects');
      stack.push(value);
    }
  }
}
