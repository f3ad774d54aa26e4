import { unwrap } from './sql-name.ts';
import { restricts } from './sql-where.ts';

/**
 * What one WHEN of a MERGE destroys, in words: as a DELETE or an UPDATE does by the condition under which the statement
 * comes to it; undefined where it destroys nothing.
 */
export function merging(clause: unknown, join: unknown, table: string): string | undefined {
  const { matchKind, commandType, condition } = unwrap(clause).fields;
  if (commandType !== 'CMD_DELETE' && commandType !== 'CMD_UPDATE') return undefined;
  const matched = matchKind !== 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE';
  if (restricts(condition) || (matched && restricts(join))) return undefined;
  const verb = commandType === 'CMD_DELETE' ? 'DELETE' : 'UPDATE';
  return `MERGE with a ${verb} of every row of ${table}${matched ? '' : ' that its source does not have'}`;
}
