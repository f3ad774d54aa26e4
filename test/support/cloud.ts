import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server understood it. */
export interface CloudRequest {
  readonly call: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
}

export interface Cloud {
  readonly endpoint: string;
  readonly requests: CloudRequest[];
  readonly files: Map<string, Buffer>;
  /** The next so many matching requests get this status. */
  fail(match: RegExp, status: number, message?: string, times?: number): void;
  clear(): void;
  stop(): Promise<void>;
}

const key = 'key-1';
const secret = 'very secret';

/** The credentials that this cloud accepts. */
export const cloudEnvironment = { CLOUDINARY_API_KEY: key, CLOUDINARY_API_SECRET: secret };

/**
 * What Cloudinary documents of its upload and admin API, as far as raw files need it: signed uploads in one or in
 * parts (`X-Unique-Upload-Id` and `Content-Range`), listing with cursors, one resource, deletion, signed downloads.
 * Each request is refused where its signature, its resource type or its delivery type is wrong.
 */
export async function startCloud(): Promise<Cloud> {
  const files = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer[]>();
  const requests: CloudRequest[] = [];
  const faults: { match: RegExp; status: number; message: string; left: number }[] = [];

  const server = createServer(async (incoming, outgoing) => {
    const body = await bytesOf(incoming);
    const url = new URL(incoming.url ?? '/', 'http://cloud');
    const call = `${incoming.method} ${url.pathname}`;
    const form = formOf(body, incoming.headers['content-type']);
    const fields = { ...Object.fromEntries(url.searchParams), ...form.fields };
    requests.push({ call, fields, headers: incoming.headers });
    const fault = faults.find((one) => one.left > 0 && one.match.test(call));
    if (fault !== undefined) {
      fault.left -= 1;
      return answer(outgoing, fault.status, { error: { message: fault.message } });
    }
    const [, version, cloud, ...path] = url.pathname.split('/').map(decodeURIComponent);
    if (version !== 'v1_1' || cloud !== 'acme')
      return answer(outgoing, 404, { error: { message: 'no cloud' } });
    if (path[0] === 'resources') {
      const basic = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
      if (incoming.headers.authorization !== basic)
        return answer(outgoing, 401, { error: { message: 'unknown api_key' } });
      if (path[1] !== 'raw' || path[2] !== 'authenticated')
        return answer(outgoing, 400, { error: { message: 'Invalid resource type' } });
      return resources(incoming, outgoing, path.slice(3), fields, body);
    }
    if (path[0] !== 'raw') return answer(outgoing, 400, { error: { message: 'Invalid resource type' } });
    if (fields.signature !== signatureOf(fields) || fields.api_key !== key)
      return answer(outgoing, 401, { error: { message: `Invalid Signature ${fields.signature}` } });
    if (fields.type !== 'authenticated') return answer(outgoing, 400, { error: { message: 'Invalid type' } });
    if (path[1] === 'upload') return upload(incoming, outgoing, fields, form.file ?? Buffer.alloc(0));
    if (path[1] === 'download') return download(incoming, outgoing, fields);
    return answer(outgoing, 404, { error: { message: 'unknown call' } });
  });

  function upload(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    fields: Record<string, string>,
    file: Buffer,
  ): ServerResponse {
    const id = fields.public_id ?? '';
    const range = /^bytes (\d+)-(\d+)\/(-?\d+)$/.exec(incoming.headers['content-range'] ?? '');
    let whole = file;
    if (range !== null) {
      const [, first, last, total] = range.map(Number);
      if (last! - first! + 1 !== file.length)
        return answer(outgoing, 400, { error: { message: 'Content-Range does not match' } });
      const parts = uploads.get(String(incoming.headers['x-unique-upload-id'])) ?? [];
      uploads.set(String(incoming.headers['x-unique-upload-id']), parts);
      parts[first!] = file;
      if (total === -1) return answer(outgoing, 200, { done: false, public_id: id, bytes: file.length });
      whole = Buffer.concat(parts.filter((one) => one !== undefined));
      if (whole.length !== total) return answer(outgoing, 400, { error: { message: 'parts are missing' } });
    }
    const existing = files.has(id) && fields.overwrite !== 'true' && fields.overwrite !== '1';
    if (!existing) files.set(id, whole);
    return answer(outgoing, 200, {
      public_id: id,
      bytes: files.get(id)!.length,
      ...(existing ? { existing } : {}),
    });
  }

  function download(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    fields: Record<string, string>,
  ): ServerResponse {
    const file = files.get(fields.public_id ?? '');
    if (file === undefined) return answer(outgoing, 404, { error: { message: 'Resource not found' } });
    if (Number(fields.expires_at) * 1000 < Date.now())
      return answer(outgoing, 401, { error: { message: 'expired' } });
    const range = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? '');
    const part =
      range === null ? file : file.subarray(Number(range[1]), range[2] ? Number(range[2]) + 1 : undefined);
    outgoing.writeHead(range === null ? 200 : 206, { 'content-length': part.length });
    return outgoing.end(part);
  }

  function resources(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    rest: readonly string[],
    fields: Record<string, string>,
    body: Buffer,
  ): ServerResponse {
    const described = (id: string) => ({
      public_id: id,
      bytes: files.get(id)!.length,
      created_at: '2026-11-20T02:00:00Z',
    });
    if (incoming.method === 'DELETE') {
      const ids = new URLSearchParams(body.toString()).getAll('public_ids[]');
      const deleted = Object.fromEntries(ids.map((id) => [id, files.delete(id) ? 'deleted' : 'not_found']));
      return answer(outgoing, 200, { deleted });
    }
    if (rest.length > 0) {
      const id = rest.join('/');
      return files.has(id)
        ? answer(outgoing, 200, described(id))
        : answer(outgoing, 404, { error: { message: `Resource not found - ${id}` } });
    }
    // Two a page, the newest first as the real one does: who lists must follow the cursor and sort.
    const found = [...files.keys()].filter((id) => id.startsWith(fields.prefix ?? '')).reverse();
    const from = Number(fields.next_cursor ?? 0);
    const page = found.slice(from, from + 2).map(described);
    return answer(outgoing, 200, {
      resources: page,
      ...(from + 2 < found.length ? { next_cursor: String(from + 2) } : {}),
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    files,
    fail: (match, status, message = 'as the test wants', times = 1) =>
      faults.push({ match, status, message, left: times }),
    clear: () => {
      files.clear();
      requests.length = 0;
      faults.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * https://cloudinary.com/documentation/authentication_signatures: the parameters but file, cloud_name, resource_type
 * and api_key, sorted, joined as in a query, the secret behind them, SHA-1.
 */
function signatureOf(fields: Readonly<Record<string, string>>): string {
  const signed = Object.entries(fields)
    .filter(
      ([name, value]) =>
        !['file', 'cloud_name', 'resource_type', 'api_key', 'signature'].includes(name) && value !== '',
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`.replaceAll('&', '%26'))
    .join('&');
  return createHash('sha1')
    .update(signed + secret)
    .digest('hex');
}

function answer(outgoing: ServerResponse, status: number, body: object): ServerResponse {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  return outgoing.end(JSON.stringify(body));
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function formOf(body: Buffer, type: string | undefined): { fields: Record<string, string>; file?: Buffer } {
  const boundary = /boundary=(.+)$/.exec(type ?? '')?.[1];
  if (boundary === undefined) return { fields: {} };
  const fields: Record<string, string> = {};
  let file: Buffer | undefined;
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    const part = body.subarray(at + mark.length + 2, next - 2);
    const head = part.indexOf('\r\n\r\n');
    const name = /name="([^"]+)"/.exec(part.subarray(0, head).toString())?.[1] ?? '';
    const value = part.subarray(head + 4);
    if (name === 'file') file = Buffer.from(value);
    else fields[name] = value.toString();
    at = next;
  }
  return { fields, ...(file === undefined ? {} : { file }) };
}
