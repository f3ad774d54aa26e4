import { BackupError } from '../error.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Store } from '../store.ts';
import { type CloudinaryAddress, isRemote, parseAddress, type S3Address } from './address.ts';
import { directoryStore } from './directory.ts';
import { remoteStore } from './remote.ts';

export { isRemote };

/**
 * Opens the store of an address. What a kind of store needs is loaded only when one is opened; nothing is asked over
 * the network yet. Throws a `BackupError` of kind `url` for an address that can't be read, `tool` where an optional
 * library is not installed.
 */
export async function openStore(
  address: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Store> {
  const parsed = parseAddress(address);
  return parsed.kind === 'directory'
    ? directoryStore(parsed.folder)
    : remoteStore(await objectsOf(parsed, environment));
}

/** Opens the object store of an `s3://` or `cloudinary://` address; throws as `openStore` does. */
export async function openObjects(
  address: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ObjectStore> {
  const parsed = parseAddress(address);
  if (parsed.kind === 'directory')
    throw new BackupError('url', `${address} is a folder; s3:// or cloudinary:// is wanted here.`);
  return objectsOf(parsed, environment);
}

async function objectsOf(
  address: S3Address | CloudinaryAddress,
  environment: NodeJS.ProcessEnv,
): Promise<ObjectStore> {
  switch (address.kind) {
    case 's3':
      return (await import('./s3/objects.ts')).s3Objects(address, environment);
    case 'cloudinary':
      return (await import('./cloudinary/objects.ts')).cloudinaryObjects(address, environment);
  }
}
