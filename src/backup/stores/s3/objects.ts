import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import type { ListOptions, ObjectStore, StoredObject } from '../../object-store.ts';
import type { S3Address } from '../address.ts';
import { type Access, accessTo } from './access.ts';
import { download } from './download.ts';
import { reviewBucket } from './lifecycle.ts';
import { trouble } from './trouble.ts';
import { upload } from './upload.ts';

/** A bucket of S3, or of what speaks it, from a prefix on. */
export function s3Objects(address: S3Address, environment: NodeJS.ProcessEnv): ObjectStore {
  const access = accessTo(address, environment);
  return {
    location: access.where(),
    locate: (key) => access.where(key),
    putNew: (key, content, options) => upload(access, key, content, { ...options, createOnly: true }),
    put: (key, content, options) => upload(access, key, content, { ...options, createOnly: false }),
    get: (key, options) => download(access, key, options),
    list: (options) => list(access, options),
    delete: async (key, options) => {
      // One by one: the request for many at once wants a checksum that several compatible services refuse.
      await access.client
        .send(new DeleteObjectCommand({ Bucket: address.bucket, Key: access.full(key) }), {
          abortSignal: options?.signal,
        })
        .catch((error) => {
          throw trouble(error, 'remove', access, key);
        });
    },
    review: () => reviewBucket(access),
    close: () => access.client.destroy(),
  };
}

async function* list(access: Access, options: ListOptions = {}): AsyncGenerator<StoredObject> {
  const { prefix = '', after, flat, signal } = options;
  const own = access.address.prefix;
  let last = after;
  let token: string | undefined;
  for (;;) {
    let page: ListObjectsV2CommandOutput;
    try {
      page = await access.client.send(
        new ListObjectsV2Command({
          Bucket: access.address.bucket,
          Prefix: own + prefix,
          ...(flat ? { Delimiter: '/' } : {}),
          ...(token !== undefined
            ? { ContinuationToken: token }
            : last === undefined
              ? {}
              : { StartAfter: own + last }),
        }),
        { abortSignal: signal },
      );
    } catch (error) {
      // A token that the service no longer knows; the listing goes on after the last key seen.
      if (token === undefined || last === undefined) throw trouble(error, 'list', access);
      token = undefined;
      continue;
    }
    for (const one of page.Contents ?? []) {
      if (one.Key === undefined) continue;
      last = one.Key.slice(own.length);
      yield { key: last, bytes: one.Size ?? 0, modifiedAt: one.LastModified ?? new Date(0) };
    }
    if (!page.IsTruncated) return;
    token = page.NextContinuationToken;
    if (token === undefined && last === undefined) return;
  }
}
