import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What happens to a request instead of its usual answer. */
export type Fault =
  /** An S3 error. The request's body is read first, as a real service does. */
  | {
      readonly answer: number;
      readonly code: string;
      readonly headers?: OutgoingHttpHeaders;
      readonly extra?: string;
    }
  /** The connection ends before any answer. */
  | 'cut'
  /** The request is carried out, and the connection ends before its answer. */
  | 'cut after'
  /** The answer breaks off after so many bytes of its body. */
  | { readonly cutBody: number }
  /** The answer says that it is shorter than it is, and is. */
  | { readonly shorten: number };

export interface Bucket {
  /** `s3://…` with everything that a store needs to reach it. */
  address(prefix?: string, more?: string): string;
  readonly environment: NodeJS.ProcessEnv;
  /** Every request so far, `METHOD /path?query`. */
  readonly seen: string[];
  /** From now on, so many matching requests meet a fault. */
  fail(match: RegExp, fault: Fault, times?: number): void;
  clear(): void;
  /** Uploads that were begun and are neither complete nor taken away. */
  openUploads(): number;
  stop(): Promise<void>;
}

/**
 * A real S3 server (s3rver) behind a proxy that makes faults. The server knows no `If-None-Match` on writes, no
 * abandoning of uploads and no lifecycle rules. The proxy adds the first (412 where the key is there, 409 while
 * somebody else writes it) and the second, and refuses the third as services without it do.
 */
export async function startBucket(): Promise<Bucket> {
  const S3rver = createRequire(import.meta.url)('s3rver') as new (
    options: object,
  ) => {
    run(): Promise<AddressInfo>;
    close(): Promise<void>;
  };
  const folder = await mkdtemp(join(tmpdir(), 'bucket-'));
  const behind = new S3rver({
    port: 0,
    address: '127.0.0.1',
    directory: folder,
    silent: true,
    configureBuckets: [{ name: 'backups' }],
  });
  const { port } = await behind.run();
  const seen: string[] = [];
  const faults: { match: RegExp; fault: Fault; left: number }[] = [];
  const uploads = join(folder, 'backups', '._S3rver_uploads');
  const writing = new Set<string>();

  const server: Server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    seen.push(line);
    const found = faults.find((one) => one.left > 0 && one.match.test(line));
    if (found !== undefined) found.left -= 1;
    const fault = found?.fault;
    if (fault === 'cut') {
      incoming.socket.destroy();
      return;
    }
    if (fault !== undefined && typeof fault === 'object' && 'answer' in fault) {
      incoming.resume().once('end', () => refuse(outgoing, fault));
      return;
    }
    const path = decodeURIComponent(new URL(incoming.url ?? '/', 'http://x').pathname);
    const commits = incoming.method === 'PUT' ? !line.includes('partNumber') : /POST .*uploadId/.test(line);
    if (commits && incoming.headers['if-none-match'] === '*') {
      const other = writing.has(path);
      if (other || existsSync(`${folder}${path}._S3rver_object`)) {
        const fault = other
          ? { answer: 409, code: 'ConditionalRequestConflict' }
          : { answer: 412, code: 'PreconditionFailed' };
        incoming.resume().once('end', () => refuse(outgoing, fault));
        return;
      }
      writing.add(path);
      outgoing.once('close', () => writing.delete(path));
    }
    const abandoned = incoming.method === 'DELETE' ? /uploadId=([^&]+)/.exec(line)?.[1] : undefined;
    if (abandoned !== undefined) {
      rmSync(join(uploads, abandoned), { recursive: true, force: true });
      outgoing.writeHead(204).end();
      return;
    }
    if (/\?lifecycle/.test(line) && incoming.method === 'GET') {
      refuse(outgoing, { answer: 501, code: 'NotImplemented' });
      return;
    }
    forward(incoming, outgoing, port, fault);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: (prefix = '', more = '') =>
      `s3://backups/${prefix}?endpoint=${encodeURIComponent(endpoint)}&credentials=STORE&part-size=5&attempts=3${more}`,
    environment: { STORE_ACCESS_KEY_ID: 'S3RVER', STORE_SECRET_ACCESS_KEY: 'S3RVER' },
    seen,
    fail: (match, fault, times = 1) => faults.push({ match, fault, left: times }),
    clear: () => {
      faults.length = 0;
      seen.length = 0;
    },
    openUploads: () => (existsSync(uploads) ? readdirSync(uploads).length : 0),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await behind.close();
      // The server writes its last metadata in its own time.
      for (let turn = 0; turn < 5; turn += 1)
        if (
          await rm(folder, { recursive: true, force: true }).then(
            () => true,
            () => wait(20, false),
          )
        )
          break;
    },
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  fault: Fault | undefined,
): void {
  const behind = request(
    { port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers: incoming.headers },
    (answer) => {
      const status = answer.statusCode ?? 500;
      const headers = { ...answer.headers };
      const limit = typeof fault === 'object' ? ('cutBody' in fault ? fault.cutBody : undefined) : undefined;
      const shorten = typeof fault === 'object' && 'shorten' in fault ? fault.shorten : 0;
      if (shorten > 0) headers['content-length'] = String(Number(headers['content-length']) - shorten);
      const most = limit ?? (shorten > 0 ? Number(headers['content-length']) : Number.POSITIVE_INFINITY);
      if (fault !== 'cut after') outgoing.writeHead(status, headers).flushHeaders();
      let sent = 0;
      answer.on('data', (chunk: Buffer) => {
        const part = chunk.subarray(0, Math.max(0, most - sent));
        sent += part.length;
        if (fault === 'cut after') return;
        if (part.length > 0 && !outgoing.write(part)) {
          answer.pause();
          outgoing.once('drain', () => answer.resume());
        }
        if (limit !== undefined && sent >= limit) outgoing.socket?.destroySoon();
      });
      answer.on('end', () => {
        if (fault === 'cut after' || limit !== undefined) incoming.socket.destroy();
        else outgoing.end();
      });
    },
  );
  behind.on('error', () => incoming.socket.destroy());
  outgoing.on('close', () => behind.destroy());
  incoming.pipe(behind);
}

function refuse(outgoing: ServerResponse, fault: Extract<Fault, { answer: number }>): void {
  const body =
    outgoing.req.method === 'HEAD'
      ? ''
      : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${fault.code}</Code><Message>as the test wants</Message>${fault.extra ?? ''}</Error>`;
  outgoing.writeHead(fault.answer, { 'content-type': 'application/xml', ...fault.headers });
  outgoing.end(body);
}
