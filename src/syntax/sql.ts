import { loadModule, type ParseResult, parseSync } from 'libpg-query';

export type { ParseResult };

let loaded = false;
let loading: Promise<void> | undefined;

/** Makes `parseSql` ready. Calling it again, even before it is done, loads nothing twice. */
export function loadSql(): Promise<void> {
  loading ??= loadModule().then(() => {
    loaded = true;
  });
  return loading;
}

/**
 * PostgreSQL's own reading of a batch of statements. Throws `SqlError` (with a cursor position) on text that
 * PostgreSQL would refuse, and an Error where `loadSql` has not been awaited. Positions in the result count bytes of UTF-8.
 */
export function parseSql(text: string): ParseResult {
  if (!loaded) throw new Error('loadSql must be awaited before parseSql');
  return parseSync(text);
}
