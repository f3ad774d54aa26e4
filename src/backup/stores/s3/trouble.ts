import { BackupError, codeOf, firstLine } from '../../error.ts';
import type { Access } from './access.ts';

export type Doing = 'read' | 'write' | 'list' | 'remove' | 'look at';

interface Refused {
  readonly status: number | undefined;
  readonly code: string;
  readonly region: string | undefined;
}

/** What a service said no with: status, error code and, where it names one, the bucket's region. */
export function refusal(error: unknown): Refused {
  const {
    name = '',
    Code,
    Region,
    $metadata,
    $response,
  } = (error ?? {}) as {
    name?: string;
    Code?: string;
    Region?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
  };
  return {
    status: $metadata?.httpStatusCode,
    code: Code ?? name,
    region: Region ?? $response?.headers?.['x-amz-bucket-region'],
  };
}

/** What S3 codes are about: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const expired = ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired'];
const wrongKey = ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken', 'InvalidSecurity'];
const wrongRegion = [
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
];
const slower = ['SlowDown', 'ServiceUnavailable', 'TooManyRequests', 'RequestLimitExceeded', 'Throttling'];
const unreached = /^(E[A-Z]+|CERT_.*|UNABLE_TO_.*|DEPTH_ZERO_.*|SELF_SIGNED.*|ERR_TLS.*|ERR_SSL.*)$/;

/** Whatever a request threw, as an error that says what happened, where, and what to do next. */
export function trouble(error: unknown, doing: Doing, access: Access, key?: string): BackupError {
  if (error instanceof BackupError) return error;
  const where = access.where(key);
  const { status, code, region } = refusal(error);
  const { bucket, endpoint } = access.address;
  const at = endpoint === undefined ? 'Amazon S3' : endpoint;
  const say = (kind: BackupError['kind'], words: string) => new BackupError(kind, words, error);
  const told = `${status === undefined ? '' : `${status} `}${code}`.trim();

  if (code === 'AbortError') return say('aborted', `Stopped as asked while it was to ${doing} ${where}.`);
  if (code === 'NoSuchBucket')
    return say(
      'store',
      `There is no bucket ${bucket} at ${at} (${told}). Check the name, the endpoint and the region, or make the bucket; Drillbook makes none.`,
    );
  if (code === 'NoSuchKey' || code === 'NotFound')
    return say('not-found', `There is no ${where}. Check the name and the prefix.`);
  if (code === 'NoSuchUpload')
    return say(
      'store',
      `The upload of ${where} was thrown away by the store before it was complete (${told}): a lifecycle rule, or somebody by hand. Try again.`,
    );
  if (status === 412 || code === 'PreconditionFailed') return alreadyThere(where, error);
  if (status === 409 && doing === 'write')
    return say(
      'already-there',
      `Somebody else was writing ${where} at the same moment (${told}). Nothing of this one was kept; try again.`,
    );
  if (expired.includes(code))
    return say(
      'denied',
      `The credentials for ${where} have expired (${told}). Get new ones (aws sso login, or a new session token) and try again.`,
    );
  if (code === 'RequestTimeTooSkewed')
    return say(
      'denied',
      `${at} refuses requests because this machine's clock is wrong (${told}). Set the clock, then try again.`,
    );
  if (wrongKey.includes(code))
    return say(
      'denied',
      `${at} does not accept the credentials (${told}). Check the access key and the secret key: they may belong to another account, or have been revoked.`,
    );
  if (status === 301 || wrongRegion.includes(code))
    return say(
      'store',
      `The bucket ${bucket} is in ${region === undefined ? 'another region' : `the region ${region}`} (${told}). Write region=${region ?? 'ITS-REGION'} into the store's address.`,
    );
  if (code === 'InvalidObjectState')
    return say(
      'store',
      `${where} is in an archive class and can't be read at once (${told}). Have it brought back (aws s3api restore-object), which takes hours, or use a backup that is not archived.`,
    );
  if (status === 403 || code === 'AccessDenied')
    return say(
      'denied',
      `Not allowed to ${doing} ${where} (${told}). The credentials need ${permission(doing)} there; a bucket policy or an object lock may forbid it as well.`,
    );
  if (status === 429 || slower.includes(code))
    return say(
      'store',
      `${at} asked to slow down and went on asking after ${access.address.attempts} tries to ${doing} ${where} (${told}). Nothing half-done was kept; try again in some minutes.`,
    );
  if (status !== undefined && status >= 500)
    return say(
      'store',
      `${at} failed ${access.address.attempts} times to ${doing} ${where} (${told}). Nothing half-done was kept; look at the service's status, or use another store.`,
    );
  if (code === 'CredentialsProviderError')
    return say(
      'denied',
      `No credentials for ${where} were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, log in (aws sso login), or write credentials=NAME or profile=NAME into the address.`,
    );
  if (/Region is missing/.test(firstLine(error)))
    return say(
      'url',
      `Nobody says in which region the bucket ${bucket} is. Write region=… into the address, or set AWS_REGION.`,
    );
  const cause = codeOf(error) ?? codeOf((error as { cause?: unknown }).cause);
  if (code === 'TimeoutError' || (cause !== undefined && unreached.test(cause)))
    return say(
      'unreachable',
      `The connection to ${at} failed while it was to ${doing} ${where} (${cause ?? code}: ${firstLine(error)}). Check the network, the endpoint and its certificate, then try again.`,
    );
  return say('store', `Could not ${doing} ${where}: ${told}: ${firstLine(error)}.`);
}

/** A store never replaces a file. */
export function alreadyThere(where: string, cause?: unknown): BackupError {
  return new BackupError('already-there', `${where} is there already; a store never replaces a file.`, cause);
}

function permission(doing: Doing): string {
  switch (doing) {
    case 'read':
    case 'look at':
      return 's3:GetObject';
    case 'write':
      return 's3:PutObject and s3:AbortMultipartUpload';
    case 'list':
      return 's3:ListBucket';
    case 'remove':
      return 's3:DeleteObject';
  }
}
