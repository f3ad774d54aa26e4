import { BackupError } from '../error.ts';

/** Where a store is, as its address says. No address holds a credential. */
export type StoreAddress =
  | { readonly kind: 'directory'; readonly folder: string }
  | S3Address
  | CloudinaryAddress;

export interface S3Address {
  readonly kind: 's3';
  readonly bucket: string;
  /** What every key begins with; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly region?: string;
  /** Of a service that speaks S3; absent for Amazon's own. */
  readonly endpoint?: string;
  /** The bucket's name in the path and not in the host name. */
  readonly pathStyle: boolean;
  readonly storageClass?: string;
  /** Services that do not know the newer checksums want them only where the protocol demands one. */
  readonly checksums: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';
  /** Credentials are in `{credentials}_ACCESS_KEY_ID` and so on; absent for the usual chain. */
  readonly credentials?: string;
  /** A profile of the shared credentials file. */
  readonly profile?: string;
  /** How often a request is tried. */
  readonly attempts: number;
  /** Bytes of one part of an upload; they grow by themselves for what is announced as very large. */
  readonly partBytes: number;
}

export interface CloudinaryAddress {
  readonly kind: 'cloudinary';
  readonly cloud: string;
  /** What every public id begins with; empty, or with a slash at its end. */
  readonly prefix: string;
  /** Of the API; absent for the usual one. */
  readonly endpoint?: string;
  readonly credentials: string;
  readonly attempts: number;
}

const parameters = {
  s3: [
    'region',
    'endpoint',
    'path-style',
    'storage-class',
    'checksums',
    'credentials',
    'profile',
    'attempts',
    'part-size',
  ],
  cloudinary: ['endpoint', 'credentials', 'attempts'],
} as const;

/** S3 takes no smaller parts but the last. */
const smallestPart = 5 * 1024 * 1024;

/** True for the address of a store that is not a folder. */
export function isRemote(address: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(address);
}

/**
 * Reads a store's address: a folder, `s3://bucket/prefix?…` or `cloudinary://cloud/folder?…`. Throws a `BackupError`
 * of kind `url` that says what may stand there.
 */
export function parseAddress(text: string): StoreAddress {
  if (text.startsWith('file://') && URL.canParse(text))
    return { kind: 'directory', folder: decodeURIComponent(new URL(text).pathname) };
  if (!isRemote(text)) return { kind: 'directory', folder: text };
  // A part in angle brackets or a stray % is the address's fault, not the program's.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw fault(`${withoutUser(text)} is not an address of a store`);
  if (url.username !== '' || url.password !== '')
    throw fault(
      'An address of a store holds no credentials: put them into environment variables',
      'For S3 AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or credentials=NAME for NAME_ACCESS_KEY_ID; for Cloudinary CLOUDINARY_API_KEY and CLOUDINARY_API_SECRET',
    );
  switch (url.protocol) {
    case 's3:':
      return s3(url);
    case 'cloudinary:':
      return cloudinary(url);
    default:
      throw fault(`${url.protocol}// is no kind of store`);
  }
}

function s3(url: URL): S3Address {
  const query = parametersOf(url, parameters.s3);
  const endpoint = query.endpoint;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint))
    throw fault(`endpoint is an https:// address, not ${endpoint}`);
  const region =
    query.region ??
    (endpoint === undefined
      ? undefined
      : /\.r2\.cloudflarestorage\.com$/.test(new URL(endpoint).hostname)
        ? 'auto'
        : 'us-east-1');
  const part = number('part-size', query['part-size'], 16, 5, 5_000) * 1024 * 1024;
  return {
    kind: 's3',
    bucket: bucketOf(url),
    prefix: prefixOf(url),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    pathStyle:
      choice('path-style', query['path-style'], ['true', 'false'], endpoint !== undefined) === 'true',
    ...(query['storage-class'] === undefined ? {} : { storageClass: query['storage-class'] }),
    checksums:
      choice('checksums', query.checksums, ['when-required', 'when-supported'], endpoint !== undefined) ===
      'when-required'
        ? 'WHEN_REQUIRED'
        : 'WHEN_SUPPORTED',
    ...(query.credentials === undefined ? {} : { credentials: variable(query.credentials) }),
    ...(query.profile === undefined ? {} : { profile: query.profile }),
    attempts: number('attempts', query.attempts, 8, 1, 20),
    partBytes: Math.max(smallestPart, part),
  };
}

function cloudinary(url: URL): CloudinaryAddress {
  const query = parametersOf(url, parameters.cloudinary);
  return {
    kind: 'cloudinary',
    cloud: bucketOf(url),
    prefix: prefixOf(url),
    ...(query.endpoint === undefined ? {} : { endpoint: query.endpoint }),
    credentials: variable(query.credentials ?? 'CLOUDINARY'),
    attempts: number('attempts', query.attempts, 5, 1, 20),
  };
}

function bucketOf(url: URL): string {
  if (url.host === '') throw fault(`${url.protocol}// is followed by the name of a bucket or cloud`);
  return url.host;
}

function prefixOf(url: URL): string {
  const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : `${path}/`;
}

function parametersOf<T extends string>(url: URL, known: readonly T[]): Partial<Record<T, string>> {
  const unknown = [...url.searchParams.keys()].find((name) => !known.some((one) => one === name));
  if (unknown !== undefined)
    throw fault(`${unknown} is no setting of a ${url.protocol}// store`, `It knows ${known.join(', ')}`);
  return Object.fromEntries(url.searchParams) as Partial<Record<T, string>>;
}

/** The words of a switch; the first where `first` says so and nothing is given. */
function choice<T extends string>(
  name: string,
  given: string | undefined,
  words: readonly [T, T],
  first: boolean,
): T {
  if (given === undefined) return first ? words[0] : words[1];
  const found = words.find((word) => word === given.toLowerCase().replace('_', '-'));
  if (found === undefined) throw fault(`${name} is ${words.join(' or ')}, not ${given}`);
  return found;
}

function number(name: string, given: string | undefined, usual: number, least: number, most: number): number {
  if (given === undefined) return usual;
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most)
    throw fault(`${name} is a number from ${least} to ${most}, not ${given}`);
  return value;
}

function variable(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw fault(`credentials is the beginning of variable names such as R2 for R2_ACCESS_KEY_ID`);
  return name;
}

function fault(what: string, more?: string): BackupError {
  return new BackupError(
    'url',
    `${what}. ${more ?? 'A store is a folder, s3://BUCKET/PREFIX?region=…&endpoint=… or cloudinary://CLOUD/FOLDER'}.`,
  );
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@');
}
