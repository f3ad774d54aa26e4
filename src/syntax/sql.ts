import { loadModule, type ParseResult, parseSync } from 'libpg-query';

export type { ParseResult };

let loaded = false;

/** Makes `parseSql` ready. Calling it again does nothing. */
export async function loadSql(): Promise<void> {
  if (loaded) return;
  await loadModule();
  loaded = true;
}

/**
 * PostgreSQL's own reading of a batch of statements. Throws `SqlError` (with a cursor position) on text that
 * PostgreSQL would refuse, and an Error where `loadSql` has not been awaited. Positions in the result count bytes of UTF-8.
 */
export function parseSql(text: string): ParseResult {
  if (!loaded) throw new Error('loadSql must be awaited before parseSql');
  return parseSync(text);
}
