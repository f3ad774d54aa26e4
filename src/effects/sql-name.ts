import type { Thing } from './effect.ts';

/** A node of PostgreSQL's parse tree: one key, the node's type, over its fields. */
export type SqlNode = { readonly [key: string]: unknown };

/** The only key of a wrapped node and its fields. */
export function unwrap(node: unknown): { readonly type: string; readonly fields: SqlNode } {
  if (typeof node !== 'object' || node === null) return { type: '', fields: {} };
  const [type = ''] = Object.keys(node);
  return { type, fields: ((node as SqlNode)[type] ?? {}) as SqlNode };
}

/** `schema.table` of a RangeVar, wrapped or not. */
export function relationName(node: unknown): string {
  const wrapped = unwrap(node);
  const fields = wrapped.type === 'RangeVar' ? wrapped.fields : ((node ?? {}) as SqlNode);
  return [fields.catalogname, fields.schemaname, fields.relname].filter(Boolean).join('.');
}

/** The name of whatever a DropStmt lists: a string, a list of strings, a function with its arguments, a type. */
export function objectName(node: unknown): string {
  const { type, fields } = unwrap(node);
  switch (type) {
    case 'String':
      return String(fields.sval ?? '');
    case 'List':
      return listOf(fields.items).map(objectName).filter(Boolean).join('.');
    case 'ObjectWithArgs':
      return listOf(fields.objname).map(objectName).join('.');
    case 'TypeName':
      return listOf(fields.names).map(objectName).join('.');
    case 'RoleSpec':
      return String(fields.rolename ?? '');
    case 'RangeVar':
      return relationName(node);
    default:
      return '';
  }
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a statement hits that is neither a database nor a file: a table, a role; none where it has no name. */
export function other(name: string): Thing | undefined {
  return name ? { kind: 'other', name } : undefined;
}
