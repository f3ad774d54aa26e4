import { setTimeout as pause } from 'node:timers/promises';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { refusal } from './trouble.ts';

/** How often a small object is put again after a conflict with another writer. */
const conflicts = 3;

/** What every request of one upload says of its object. */
export type Parameters = Pick<
  PutObjectCommandInput,
  'Bucket' | 'Key' | 'Metadata' | 'ContentType' | 'StorageClass'
>;

/** The request that makes the object. */
export interface Commit {
  /** Sends it; `make` gets the condition that goes with it. */
  send(make: (condition: { IfNoneMatch?: string }) => object): Promise<void>;
  /** True once it was sent: from then on the object may be there whatever came back. */
  sent(): boolean;
}

/**
 * Sends the request that makes an object, under the condition that nothing has its key where `createOnly` says so. It
 * is never cut off: nobody could say then whether it took. `again` where the request carries all bytes and can be sent
 * again after a conflict.
 */
export function commitOf(client: S3Client, createOnly: boolean, again: boolean): Commit {
  let sent = false;
  return {
    send: async (make) => {
      let condition: { IfNoneMatch?: string } = createOnly ? { IfNoneMatch: '*' } : {};
      for (let conflict = 1; ; ) {
        sent = true;
        try {
          await client.send(make(condition) as never);
          return;
        } catch (error) {
          const { status, code } = refusal(error);
          const unknown =
            condition.IfNoneMatch !== undefined && (status === 501 || code === 'NotImplemented');
          // The service does not know the condition; that nothing had the key was seen before the bytes moved.
          if (unknown) condition = {};
          else if (again && status === 409 && conflict < conflicts) {
            await pause(100 * 2 ** conflict);
            conflict += 1;
          } else throw error;
        }
      }
    },
    sent: () => sent,
  };
}
