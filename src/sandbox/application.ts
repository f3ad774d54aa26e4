import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connectionTo } from './connection.ts';
import { type Desk, openDesk } from './desk.ts';
import { readRecord, writeRecord } from './record.ts';
import { sell } from './sale.ts';
import { applicationRole, database } from './sample/seed.ts';
import { renderApi } from './simulated/render-api.ts';

export interface ApplicationSettings {
  readonly home: string;
  readonly socket: string;
  readonly log: (line: string) => void;
}

/** Where a running application says that it listens. */
export interface Listening {
  readonly pid: number;
  readonly port: number;
}

export const listeningRecord = (home: string): string => join(home, 'listening.json');
const maintenanceMark = (home: string) => join(home, 'maintenance');
const stoppedMark = (home: string) => join(home, 'stopped');

/** How many connections it holds open. */
const desks = 6;
/** Milliseconds between two sales; after `busyFor` it slows down, so that a standing sandbox does not fill the disk. */
const pace = 200;
const slowPace = 5000;
/** After a sale that failed: a broken database would fill the server's log else. */
const failedPace = 500;
const busyFor = 2 * 3600 * 1000;

export interface Application {
  readonly port: number;
  /** Resolves when its home folder is gone, or names another application: nobody can find this one any more. */
  readonly abandoned: Promise<void>;
  readonly close: () => Promise<void>;
}

const marked = (mark: string): Promise<boolean> =>
  readFile(mark).then(
    () => true,
    () => false,
  );

/** True where maintenance mode is on: it outlives the application, as a run may outlive it. */
export const inMaintenance = (home: string): Promise<boolean> => marked(maintenanceMark(home));

/** True where a provider's command has stopped the application; that outlives its process too. */
export const isStopped = (home: string): Promise<boolean> => marked(stoppedMark(home));

/** Forgets maintenance mode and that it was stopped. The application must not run. */
export async function clearMarks(home: string): Promise<void> {
  await Promise.all([maintenanceMark(home), stoppedMark(home)].map((mark) => rm(mark, { force: true })));
}

/**
 * Starts the sample application: an HTTP server on a free loopback port (the one of last time, if it is free) and a
 * pool of connections that write sales all the time. It goes on whatever becomes of the database.
 */
export async function startApplication({ home, socket, log }: ApplicationSettings): Promise<Application> {
  const started = performance.now();
  const state = {
    maintenance: await inMaintenance(home),
    stopped: await isStopped(home),
    sales: 0,
    lastError: '',
    selling: Promise.resolve(),
  };
  const settings = connectionTo(socket, database, applicationRole, 'members-app');
  const onError = (error: Error) => {
    if (error.message !== state.lastError) log(error.message);
    state.lastError = error.message;
  };
  const pool: readonly Desk[] = Array.from({ length: desks }, () =>
    openDesk({ ...settings, query_timeout: 10_000 }, () => state.maintenance || state.stopped, onError),
  );
  let next = 0;
  const turn = (): Desk | undefined => {
    for (let i = 0; i < pool.length; i++) {
      const desk = pool[next++ % pool.length];
      if (desk?.connected()) return desk;
    }
    return undefined;
  };

  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  // Resolves to false where a sale was to be written and was not.
  const work = async () => {
    if (state.maintenance || state.stopped) return true;
    const sold = (await turn()?.use((client) => sell(client).then(() => true))) === true;
    if (sold) state.sales++;
    return sold;
  };
  const clock = (wait: number) => {
    timer = setTimeout(() => {
      state.selling = work().then((well) => {
        if (closed) return;
        if (!well) clock(failedPace);
        else clock(performance.now() - started > busyFor ? slowPace : pace);
      });
    }, wait);
  };
  clock(pace);

  const flip = async (which: 'maintenance' | 'stopped', on: boolean) => {
    const mark = which === 'maintenance' ? maintenanceMark(home) : stoppedMark(home);
    if (on) await writeFile(mark, '', { mode: 0o600 });
    else await rm(mark, { force: true });
    state[which] = on;
    // Answered only when what was being written is written: after it, nothing changes any more.
    if (on) await state.selling;
    if (on && which === 'stopped') await Promise.all(pool.map((desk) => desk.rest()));
    log(`${which} ${on ? 'on' : 'off'}`);
  };

  const databaseAnswers = async () =>
    (await Promise.race([
      turn()?.use((client) => client.query('SELECT count(*) FROM plans')),
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 2000).unref()),
    ])) !== undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const what = `${request.method} ${path}`;
    if (path.startsWith('/simulated/render/v1')) {
      const { status, value } = await renderApi(
        {
          method: request.method ?? '',
          path: path.slice('/simulated/render/v1'.length),
          authorization: request.headers.authorization,
          body: await body(request),
        },
        {
          maintenance: (on) => flip('maintenance', on),
          stopped: (on) => flip('stopped', on),
          state,
        },
      );
      return reply(response, status, value);
    }
    if (what === 'PUT /simulated/stopped' || what === 'PUT /maintenance') {
      const word = (await body(request)).trim().toLowerCase();
      if (word !== 'on' && word !== 'off')
        return reply(response, 400, {
          error: "the body must be 'on' or 'off'",
        });
      if (path === '/maintenance' && state.stopped) return reply(response, 502, { error: 'stopped' });
      const which = path === '/maintenance' ? 'maintenance' : 'stopped';
      await flip(which, word === 'on');
      return reply(response, 200, { [which]: word });
    }
    // What a provider's edge says of a service that does not run.
    if (state.stopped) return reply(response, 502, { error: 'the application is stopped' });
    if (what === 'GET /health')
      return reply(response, 200, {
        alive: true,
        sales: state.sales,
        connections: pool.filter((desk) => desk.connected()).length,
      });
    if (what === 'GET /health/ready') {
      if (state.maintenance) return reply(response, 503, { ready: false, reason: 'maintenance' });
      return (await databaseAnswers())
        ? reply(response, 200, { ready: true })
        : reply(response, 503, { ready: false, reason: 'database away' });
    }
    if (what === 'GET /maintenance')
      return reply(response, 200, {
        maintenance: state.maintenance ? 'on' : 'off',
      });
    return reply(response, 404, { error: `no ${what} here` });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      log(String(error));
      if (!response.headersSent) reply(response, 500, { error: 'see the log of the application' });
    });
  });
  const last = await readRecord<Listening>(listeningRecord(home));
  const port = await listen(server, last?.port ?? 0).catch(() => listen(server, 0));
  await writeRecord(listeningRecord(home), {
    pid: process.pid,
    port,
  } satisfies Listening);
  log(`listening on http://127.0.0.1:${port}`);

  const { promise: abandoned, resolve: abandon } = Promise.withResolvers<void>();
  const look = setInterval(async () => {
    const record = await readRecord<Listening>(listeningRecord(home)).catch(() => undefined);
    if (record?.pid !== process.pid) abandon();
  }, 2000);

  return {
    port,
    abandoned,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      clearInterval(look);
      server.close();
      server.closeAllConnections();
      await Promise.all(pool.map((desk) => desk.close()));
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(`${JSON.stringify(value)}\n`);
}

/** The request's body, of which no more than a kilobyte counts. */
async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    if (text.length < 1024) text += String(chunk);
  }
  return text;
}
