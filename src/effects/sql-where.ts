import { listOf, objectName, type SqlNode, unwrap } from './sql-name.ts';

/**
 * A WHERE that names a column; `WHERE true`, `WHERE 1 = 1`, `WHERE id = id` and `WHERE 1 = 1 OR id = 4` restrict
 * nothing. A condition without a column is taken for true.
 */
export function restricts(where: unknown): boolean {
  if (where === undefined) return false;
  const { type, fields } = unwrap(where);
  if (type === 'BoolExpr' && fields.boolop === 'OR_EXPR') return listOf(fields.args).every(restricts);
  if (type === 'BoolExpr' && fields.boolop === 'AND_EXPR') return listOf(fields.args).some(restricts);
  if (type === 'A_Expr' && comparesWithItself(fields)) return false;
  return /"(ColumnRef|CurrentOfExpr|ParamRef)"/.test(JSON.stringify(where));
}

/** `id = id`, `t.id >= id`, `id IS NOT DISTINCT FROM id`, `id IN (id)`. */
function comparesWithItself({ kind, name, lexpr, rexpr }: SqlNode): boolean {
  const operator = listOf(name).map(objectName).join('.');
  const trueOfItself =
    kind === 'AEXPR_NOT_DISTINCT' ||
    (/^(AEXPR_OP|AEXPR_IN)$/.test(String(kind)) && /^(=|<=|>=)$/.test(operator)) ||
    /^AEXPR_(I?LIKE)$/.test(String(kind));
  if (!trueOfItself) return false;
  const rights = kind === 'AEXPR_IN' ? listOf(unwrap(rexpr).fields.items) : [rexpr];
  return rights.some((right) => same(lexpr, right));
}

function same(left: unknown, right: unknown): boolean {
  const [one, other] = [columnOf(left), columnOf(right)];
  if (one && other)
    return one.at(-1) === other.at(-1) && (one.length !== other.length || one.join('.') === other.join('.'));
  return written(left) === written(right);
}

function columnOf(node: unknown): readonly string[] | undefined {
  const { type, fields } = unwrap(node);
  return type === 'ColumnRef' ? listOf(fields.fields).map(objectName) : undefined;
}

/** A node without the places where its parts stood. */
function written(node: unknown): string {
  return JSON.stringify(node, (key, value) => (key === 'location' ? undefined : value)) ?? '';
}
