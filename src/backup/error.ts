/** Why a backup, a verification or a restore could not go on; decides nothing but lets a caller tell cases apart. */
export type TroubleKind =
  | 'url'
  | 'unreachable'
  | 'denied'
  | 'missing-database'
  | 'fenced'
  | 'tool'
  | 'version'
  | 'dump'
  | 'store'
  | 'already-there'
  | 'not-found'
  | 'damaged'
  | 'different'
  | 'unsafe'
  | 'aborted'
  | 'server';

/** What went wrong, where, and what to do next, in one message without a secret in it. */
export class BackupError extends Error {
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BackupError';
    this.kind = kind;
  }
}

/** The first line of whatever was thrown, for use inside a sentence. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message || String(codeOf(error) ?? error.name) : String(error);
  return (text.split('\n', 1)[0] ?? '').trim();
}

/** The `code` of a Node or PostgreSQL error. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
