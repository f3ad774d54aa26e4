import { GetObjectCommand } from '@aws-sdk/client-s3';
import { BackupError } from '../../error.ts';
import type { GetOptions } from '../../object-store.ts';
import { type Rest, resumed } from '../resumed.ts';
import type { Access } from './access.ts';
import { refusal, trouble } from './trouble.ts';

/** The bytes of an object, of one version of it however often the connection breaks. Throws a `BackupError`. */
export async function download(
  access: Access,
  key: string,
  options: GetOptions = {},
): Promise<AsyncIterable<Buffer>> {
  const from = options.range?.from ?? 0;
  const first = await request(access, key, from, options, undefined);
  return resumed(first, (at) => request(access, key, at, options, first.etag), {
    from,
    where: access.where(key),
    attempts: access.address.attempts,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

async function request(
  access: Access,
  key: string,
  at: number,
  options: GetOptions,
  etag: string | undefined,
): Promise<Rest & { readonly etag: string | undefined }> {
  const to = options.range?.to;
  try {
    const answer = await access.client.send(
      new GetObjectCommand({
        Bucket: access.address.bucket,
        Key: access.full(key),
        ...(at === 0 && to === undefined ? {} : { Range: `bytes=${at}-${to ?? ''}` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }),
      { abortSignal: options.signal },
    );
    if (answer.Body === undefined || answer.ContentLength === undefined)
      throw new BackupError(
        'store',
        `${access.where(key)} came without its length; it can't be read safely.`,
      );
    return {
      body: answer.Body as unknown as Rest['body'],
      etag: answer.ETag,
      end: at + answer.ContentLength,
    };
  } catch (error) {
    if (etag !== undefined && refusal(error).status === 412)
      throw new BackupError(
        'damaged',
        `${access.where(key)} was replaced while it was read. Read it again.`,
        error,
      );
    throw trouble(error, 'read', access, key);
  }
}
