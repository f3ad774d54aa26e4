/** A cast, in a form that PostgreSQL's and JavaScript's regular expressions both read. */
export const castPattern =
  '::(?:character varying|double precision|bit varying|(?:timestamp|time)(?:[(][0-9][)])? with(?:out)? time zone|"?[a-z_][a-z_0-9.]*"?)(?:[(][0-9, ]*[)])?(?:[[][]])*';

const castsAndParentheses = new RegExp(`${castPattern.replace('[[][]]', '\\[\\]')}|[()\\s]`, 'g');

/**
 * True where two definitions mean the same: PostgreSQL writes an expression with other casts and parentheses after a
 * dump and restore than before it, so these do not count.
 */
export function sameDefinition(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return left.replace(castsAndParentheses, '') === right.replace(castsAndParentheses, '');
}
