import { programs } from './sql-later.ts';
import { listOf, other, relationName, type SqlNode, unwrap } from './sql-name.ts';
import type { Tell } from './sql-statement.ts';

/** What each part of an `ALTER TABLE` does to the table; what its expressions call is not looked at here. */
export function alterTable(fields: SqlNode, line: string, tell: Tell): undefined {
  const table = relationName(fields.relation);
  for (const command of listOf(fields.cmds)) {
    const { subtype, name } = unwrap(command).fields;
    if (subtype === 'AT_DropColumn') tell('destroys', `drops the column ${table}.${name}`, other(table));
    else if (subtype === 'AT_DropConstraint')
      tell('destroys', `drops the constraint ${name} of ${table}`, other(table));
    else if (subtype === 'AT_AlterColumnType' && forgets(command))
      tell('destroys', `gives ${table}.${name} values that do not come from the row`, other(table));
    else tell('changes', line, other(table));
    if (subtype === 'AT_GenericOptions') programs(unwrap(command).fields.def, tell);
  }
}

/** Whether the `USING` of a new type looks at no column: what stood there is lost. */
function forgets(command: unknown): boolean {
  const using = unwrap(unwrap(command).fields.def).fields.raw_default;
  return using !== undefined && !JSON.stringify(using).includes('"ColumnRef"');
}
