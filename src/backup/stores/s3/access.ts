import { S3Client } from '@aws-sdk/client-s3';
import { resolveReference } from '../../../settings/reference.ts';
import { BackupError } from '../../error.ts';
import type { S3Address } from '../address.ts';

/** A bucket as one address reaches it. */
export interface Access {
  readonly client: S3Client;
  readonly address: S3Address;
  /** The whole key of ours. */
  full(key: string): string;
  /** `s3://bucket/prefix/key`, for sentences and the journal. */
  where(key?: string): string;
}

/** A connection that is not there after this long is tried again; ms. */
const connecting = 5_000;
/** A request on which nothing moved for this long is tried again; ms. */
const standing = 60_000;

/** Prepares the client of an address; nothing is sent yet. */
export function accessTo(address: S3Address, environment: NodeJS.ProcessEnv): Access {
  const { bucket, prefix, endpoint, region } = address;
  const client = new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: address.pathStyle,
    requestChecksumCalculation: address.checksums,
    responseChecksumValidation: address.checksums,
    maxAttempts: address.attempts,
    requestHandler: { connectionTimeout: connecting, socketTimeout: standing },
    ...(address.profile === undefined ? {} : { profile: address.profile }),
    ...(address.credentials === undefined
      ? {}
      : { credentials: () => fromVariables(address.credentials!, environment) }),
  });
  return {
    client,
    address,
    full: (key) => prefix + key,
    where: (key = '') => `s3://${bucket}/${prefix}${key}`,
  };
}

/** The credentials under a name of the environment; each value may be a reference to a file. */
async function fromVariables(name: string, environment: NodeJS.ProcessEnv) {
  const value = async (ending: string) => {
    const text = environment[`${name}_${ending}`];
    if (!text) return undefined;
    const resolved = await resolveReference(text, environment);
    if ('problem' in resolved)
      throw new BackupError('denied', `${name}_${ending} of the store can't be used: ${resolved.problem}.`);
    return resolved.value;
  };
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
    value('ACCESS_KEY_ID'),
    value('SECRET_ACCESS_KEY'),
    value('SESSION_TOKEN'),
  ]);
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new BackupError(
      'denied',
      `No credentials for the store: set ${name}_ACCESS_KEY_ID and ${name}_SECRET_ACCESS_KEY (the value, or file:PATH).`,
    );
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
