import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { resolveReference } from '../../../settings/reference.ts';
import { BackupError } from '../../error.ts';
import {
  type Content,
  chunksOf,
  type GetOptions,
  type ListOptions,
  type ObjectStore,
  type PutOptions,
  type StoredObject,
} from '../../object-store.ts';
import type { CloudinaryAddress } from '../address.ts';
import { type Rest, resumed } from '../resumed.ts';
import { type Library, loadLibrary, type Uploaded } from './library.ts';
import { type Doing, passing, refusal, trouble } from './trouble.ts';

/** Bytes of a part of an upload; Cloudinary wants more than 5 MB and takes less than 100 MB in one. */
const partBytes = 20_000_000;
/** How long a signed link holds; s. */
const linkSeconds = 3_600;
/** A call on which nothing came for this long is tried again; ms. */
const standing = 60_000;
/** What every call says: without it Cloudinary means images, in the open. */
const kind = { resource_type: 'raw', type: 'authenticated' } as const;

/** A folder of a Cloudinary cloud: raw files that only a signed link opens. Throws a `BackupError` without credentials. */
export async function cloudinaryObjects(
  address: CloudinaryAddress,
  environment: NodeJS.ProcessEnv,
): Promise<ObjectStore> {
  const library = await loadLibrary();
  const keys = await credentials(address, environment);
  const agent = address.endpoint?.startsWith('http:') ? new HttpAgent() : new HttpsAgent();
  const account = {
    ...kind,
    ...keys,
    cloud_name: address.cloud,
    ...(address.endpoint === undefined ? {} : { upload_prefix: address.endpoint }),
    agent,
  };
  const cloud: Cloud = {
    library,
    account,
    address,
    where: (key = '') => `cloudinary://${address.cloud}/${address.prefix}${key}`,
  };
  return {
    location: cloud.where(),
    locate: cloud.where,
    putNew: (key, content, options) => put(cloud, key, content, { ...options, overwrite: false }),
    put: (key, content, options) => put(cloud, key, content, { ...options, overwrite: true }),
    get: (key, options) => get(cloud, key, options),
    list: (options) => list(cloud, options),
    delete: (key) => remove(cloud, key),
    close: () => agent.destroy(),
  };
}

interface Cloud {
  readonly library: Library;
  readonly account: object;
  readonly address: CloudinaryAddress;
  where(key?: string): string;
}

/** `{NAME}_API_KEY` and `{NAME}_API_SECRET`, or both from `CLOUDINARY_URL`, the variable that Cloudinary hands out. */
async function credentials({ credentials: name }: CloudinaryAddress, environment: NodeJS.ProcessEnv) {
  const value = async (variable: string) => {
    const text = environment[variable];
    if (!text) return undefined;
    const resolved = await resolveReference(text, environment);
    if ('problem' in resolved)
      throw new BackupError('denied', `${variable} of the store can't be used: ${resolved.problem}.`);
    return resolved.value;
  };
  const url = environment[`${name}_URL`];
  const given = url && URL.canParse(url) ? new URL(url) : undefined;
  const api_key = (await value(`${name}_API_KEY`)) ?? given?.username;
  const api_secret = (await value(`${name}_API_SECRET`)) ?? given?.password;
  if (!api_key || !api_secret)
    throw new BackupError(
      'denied',
      `No credentials for the store: set ${name}_API_KEY and ${name}_API_SECRET (the value, or file:PATH).`,
    );
  return { api_key: decodeURIComponent(api_key), api_secret: decodeURIComponent(api_secret) };
}

async function put(
  cloud: Cloud,
  key: string,
  content: Content,
  options: PutOptions & { readonly overwrite: boolean },
): Promise<{ bytes: number }> {
  const where = cloud.where(key);
  // Cloudinary answers a second upload of a name with the first one's facts; what is there is found before.
  if (!options.overwrite && (await present(cloud, key)))
    throw new BackupError('already-there', `${where} is there already; a store never replaces a file.`);
  const upload = {
    ...cloud.account,
    public_id: cloud.address.prefix + key,
    overwrite: options.overwrite,
    ...(options.overwrite ? { invalidate: true } : {}),
    x_unique_upload_id: randomUUID(),
    disable_promises: true,
    timeout: standing,
  };
  let sent = 0;
  let last: Uploaded = {};
  for await (const { bytes, final } of parts(content)) {
    options.signal?.throwIfAborted();
    const end = sent + bytes.length;
    // A part that comes twice takes its own place again: it is known by its range.
    const range = `bytes ${sent}-${end - 1}/${final ? end : -1}`;
    last = await tried(cloud, 'write', where, options.signal, () =>
      uploadPart(cloud, { ...upload, ...(final && sent === 0 ? {} : { content_range: range }) }, bytes),
    );
    sent = end;
  }
  if (last.existing === true)
    throw new BackupError('already-there', `${where} is there already; a store never replaces a file.`);
  if (last.bytes !== sent) {
    await remove(cloud, key).catch(() => {});
    throw new BackupError(
      'store',
      `${where} has ${last.bytes ?? 'no'} of the ${sent} bytes that were sent; it was removed again.`,
    );
  }
  return { bytes: sent };
}

async function uploadPart(cloud: Cloud, options: object, bytes: Uint8Array): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const stream = cloud.library.uploader.upload_stream(options, (error, result) =>
      error || result === undefined ? reject(error ?? new Error('no answer')) : resolve(result),
    );
    stream.on('error', reject);
    stream.end(bytes);
  });
}

/** Content in parts of one size, the last one known as the last. */
async function* parts(content: Content): AsyncGenerator<{ bytes: Buffer; final: boolean }> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(content)) {
    held.push(Buffer.from(chunk));
    size += chunk.length;
    while (size > partBytes) {
      const all = Buffer.concat(held);
      yield { bytes: all.subarray(0, partBytes), final: false };
      held = [all.subarray(partBytes)];
      size -= partBytes;
    }
  }
  yield { bytes: Buffer.concat(held), final: true };
}

async function present(cloud: Cloud, key: string): Promise<boolean> {
  return tried(cloud, 'read', cloud.where(key), undefined, async () => {
    try {
      await soon(cloud.library.api.resource(cloud.address.prefix + key, cloud.account));
      return true;
    } catch (error) {
      if (refusal(error).status === 404) return false;
      throw error;
    }
  });
}

async function get(cloud: Cloud, key: string, options: GetOptions = {}): Promise<AsyncIterable<Buffer>> {
  const where = cloud.where(key);
  const from = options.range?.from ?? 0;
  const request = (at: number) =>
    tried(cloud, 'read', where, options.signal, () => fetchRest(cloud, key, at, options));
  return resumed(await request(from), request, {
    from,
    where,
    attempts: cloud.address.attempts,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

async function fetchRest(cloud: Cloud, key: string, at: number, options: GetOptions): Promise<Rest> {
  const { signal, range } = options;
  const link = cloud.library.utils.private_download_url(cloud.address.prefix + key, '', {
    ...cloud.account,
    expires_at: Math.floor(Date.now() / 1000) + linkSeconds,
  });
  const part = at > 0 || range?.to !== undefined;
  const answer = await fetch(link, {
    ...(signal === undefined ? {} : { signal }),
    headers: { 'accept-encoding': 'identity', ...(part ? { range: `bytes=${at}-${range?.to ?? ''}` } : {}) },
  });
  if (!answer.ok || answer.body === null) {
    const message = answer.headers.get('x-cld-error') ?? (await answer.text()).slice(0, 200);
    throw { http_code: answer.status, message };
  }
  const length = Number(answer.headers.get('content-length'));
  const whole = part && answer.status === 200;
  if (whole)
    throw new BackupError(
      'store',
      `${cloud.where(key)} can't be read from its middle on. Read it from the start.`,
    );
  return { body: Readable.fromWeb(answer.body as never), end: at + length };
}

async function* list(cloud: Cloud, options: ListOptions = {}): AsyncGenerator<StoredObject> {
  const { prefix: own } = cloud.address;
  const prefix = own + (options.prefix ?? '');
  const found: StoredObject[] = [];
  let next_cursor: string | undefined;
  do {
    const page = await tried(cloud, 'list', cloud.where(), options.signal, () =>
      soon(
        cloud.library.api.resources({
          ...cloud.account,
          ...(prefix === '' ? {} : { prefix }),
          max_results: 500,
          ...(next_cursor === undefined ? {} : { next_cursor }),
        }),
      ),
    );
    for (const one of page.resources)
      found.push({
        key: one.public_id.slice(own.length),
        bytes: one.bytes,
        modifiedAt: new Date(one.created_at),
      });
    next_cursor = page.next_cursor;
  } while (next_cursor !== undefined);
  // Cloudinary lists by its own order.
  found.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const one of found) {
    if (options.after !== undefined && one.key <= options.after) continue;
    if (options.flat && one.key.slice((options.prefix ?? '').length).includes('/')) continue;
    yield one;
  }
}

async function remove(cloud: Cloud, key: string): Promise<void> {
  const id = cloud.address.prefix + key;
  const answer = await tried(cloud, 'remove', cloud.where(key), undefined, () =>
    soon(cloud.library.api.delete_resources([id], { ...cloud.account, invalidate: true })),
  );
  const said = answer.deleted[id];
  if (said !== 'deleted' && said !== 'not_found')
    throw new BackupError('store', `Cloudinary did not remove ${cloud.where(key)} (${said ?? 'no answer'}).`);
}

/** Tries a call again, with growing pauses, while the trouble is one that passes. Throws a `BackupError`. */
async function tried<T>(
  cloud: Cloud,
  doing: Doing,
  where: string,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (signal?.aborted)
        throw new BackupError('aborted', `Stopped as asked while it was to ${doing} ${where}.`);
      if (attempt >= cloud.address.attempts || !passing(error)) throw trouble(error, doing, where);
      await pause(Math.min(20_000, 100 * 2 ** attempt), undefined, { signal }).catch(() => {});
    }
  }
}

/** The library sets no end to a call that gets no answer. */
async function soon<T>(call: Promise<T>): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      call,
      pause(standing, undefined, { signal: late.signal, ref: false }).then(() => {
        throw { http_code: 499, message: `no answer in ${standing / 1000} s` };
      }),
    ]);
  } finally {
    late.abort();
  }
}
