import { readdir, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { serviceRefusal } from './aws.ts';
import type { World } from './world.ts';

export interface Address {
  readonly bucket: string;
  readonly key: string;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly modified: Date;
}

/** `s3://bucket/key`; undefined for anything else. */
export function s3Address(text: string): Address | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, key: key ?? '' };
}

/** Folder of a bucket. Throws NoSuchBucket, as the service says it, where there is none. */
export async function bucketFolder(world: World, bucket: string, operation: string): Promise<string> {
  const folder = join(world.buckets, bucket);
  const found = await stat(folder).catch(() => undefined);
  if (!/^[a-z0-9][a-z0-9.-]{1,62}$/.test(bucket) || !found?.isDirectory())
    throw serviceRefusal(
      'NoSuchBucket',
      operation,
      `The specified bucket does not exist: ${bucket}. The sandbox has: ${(await readdir(world.buckets)).join(', ')}`,
    );
  return folder;
}

/** The file of an object. A key cannot lead out of its bucket. */
export async function objectFile(world: World, { bucket, key }: Address, operation: string): Promise<string> {
  const folder = await bucketFolder(world, bucket, operation);
  const file = normalize(join(folder, key));
  if (!file.startsWith(folder + sep))
    throw serviceRefusal('InvalidArgument', operation, `no such key can be: ${key}`);
  return file;
}

/** The objects of a bucket below a prefix, by key. */
export async function objectsOf(
  world: World,
  { bucket, key }: Address,
  operation: string,
): Promise<readonly StoredObject[]> {
  const folder = await bucketFolder(world, bucket, operation);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const all = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const { size, mtime } = await stat(file);
        return {
          key: file
            .slice(folder.length + 1)
            .split(sep)
            .join('/'),
          size,
          modified: mtime,
        };
      }),
  );
  return all.filter((one) => one.key.startsWith(key)).sort((a, b) => (a.key < b.key ? -1 : 1));
}
