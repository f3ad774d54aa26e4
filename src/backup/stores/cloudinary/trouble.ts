import { BackupError, codeOf } from '../../error.ts';

export type Doing = 'read' | 'write' | 'list' | 'remove';

/** The status and words of whatever Cloudinary's library or server gave as an error. */
export function refusal(error: unknown): { readonly status: number | undefined; readonly words: string } {
  const shape = (error ?? {}) as {
    http_code?: number;
    message?: unknown;
    error?: { http_code?: number; message?: unknown };
  };
  const inner = shape.error ?? shape;
  return {
    status: inner.http_code,
    words: typeof inner.message === 'string' ? inner.message : String(inner.message ?? error),
  };
}

/** True for what a later try may mend. */
export function passing(error: unknown): boolean {
  const { status } = refusal(error);
  return status === undefined
    ? !(error instanceof BackupError)
    : status >= 499 || status === 420 || status === 429;
}

/**
 * An error that says what happened, where, and what to do next. What the library throws holds the request with its
 * credentials, so it never travels along as the cause.
 */
export function trouble(error: unknown, doing: Doing, where: string): BackupError {
  if (error instanceof BackupError) return error;
  const { status, words } = refusal(error);
  const told = `${status === undefined ? (codeOf(error) ?? '') : status} ${words}`.trim();
  const say = (kind: BackupError['kind'], text: string) => new BackupError(kind, text);
  if (status === 404)
    return say('not-found', `There is no ${where} (${told}). Check the name and the folder.`);
  if (status === 401)
    return say(
      'denied',
      `Cloudinary does not accept the credentials for ${where} (${told}). Check the cloud's name, the API key and the API secret.`,
    );
  if (status === 403)
    return say('denied', `Not allowed to ${doing} ${where} (${told}). The API key lacks the permission.`);
  if (status === 409)
    return say('already-there', `${where} is there already (${told}); a store never replaces a file.`);
  if (status === 420 || status === 429)
    return say(
      'store',
      `Cloudinary's limit of requests is used up (${told}). Wait for the hour to end, or raise the plan.`,
    );
  if (/file size too large/i.test(words))
    return say(
      'store',
      `${where} is larger than this Cloudinary plan takes for raw files (${words}). Raise the plan, or keep backups in S3 or a folder.`,
    );
  if (status === undefined || status === 499)
    return say(
      'unreachable',
      `The connection to Cloudinary failed while it was to ${doing} ${where} (${told}). Check the network, then try again.`,
    );
  return say('store', `Cloudinary could not ${doing} ${where} (${told}).`);
}
