import { listOf, objectName, type SqlNode, unwrap } from './sql-name.ts';

/** The databases that a query of sessions is restricted to: `datname = 'app'`, `datname IN ('a', 'b')`. */
export function databasesNamed(fields: SqlNode): string {
  const found = new Set<string>();
  const stack: unknown[] = [fields];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null) continue;
    const expression = (node as SqlNode).A_Expr as SqlNode | undefined;
    if (expression) {
      const operator = listOf(expression.name).map(objectName).join('');
      const sides = [expression.lexpr, expression.rexpr];
      const column = sides.find((side) => /"ColumnRef".*"datname"/.test(JSON.stringify(side ?? '')));
      if (column && operator === '=')
        for (const side of sides) if (side !== column) for (const name of texts(side)) found.add(name);
    }
    for (const value of Object.values(node)) stack.push(value);
  }
  return [...found].join(' and ');
}

/** The texts of a constant or a list of them; a psql variable or `current_database()` gives its own words. */
function texts(node: unknown): readonly string[] {
  const { type, fields } = unwrap(node);
  switch (type) {
    case 'A_Const':
      return [String(((fields.sval ?? {}) as SqlNode).sval ?? '')].filter(Boolean);
    case 'ColumnRef':
      return [listOf(fields.fields).map(objectName).join('.')].filter(Boolean);
    case 'List':
      return listOf(fields.items).flatMap(texts);
    case 'A_ArrayExpr':
      return listOf(fields.elements).flatMap(texts);
    case 'TypeCast':
      return texts(fields.arg);
    default:
      return [];
  }
}
