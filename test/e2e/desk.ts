import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeSandbox } from '../../src/sandbox/sandbox.ts';
import { product } from '../support/product.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

export type { Terminal };

/** Longer than anything takes on a machine that is busy; what is waited for ends the wait. Milliseconds. */
export const patience = 120_000;

export interface Ended {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Drillbook at work without a terminal. */
export interface Work {
  readonly pid: number;
  /** Waits until its output holds the text. */
  see(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<Ended>;
}

export interface SandboxFacts {
  readonly url: string;
  readonly socket: string;
  readonly store: string;
  readonly application: string;
  readonly serverPid: number;
}

/** A person's machine: a home of its own, Drillbook as it ships, and eyes that look behind the screen. */
export interface Desk {
  /** Working folder and HOME. */
  readonly folder: string;
  readonly entry: string;
  /** The restore runbook that ships. */
  readonly runbook: string;
  readonly env: Readonly<Record<string, string>>;
  start(args: readonly string[], options?: StartOptions): Work;
  run(args: readonly string[], options?: StartOptions): Promise<Ended>;
  terminal(columns: number, rows: number, args?: readonly string[], env?: Record<string, string>): Terminal;
  /** At a shell at a terminal, so that what is left of the terminal can be looked at. */
  shell(columns: number, rows: number, script: string): Terminal;
  /** Starts the sandbox so that it stays. */
  sandbox(): Promise<SandboxFacts>;
  /** The sandbox as it is; undefined where it does not run. */
  running(): Promise<SandboxFacts | undefined>;
  /** The folders of all runs, oldest first. */
  runs(): Promise<readonly string[]>;
  /** The events of a run. */
  journal(run: string): Promise<readonly Event[]>;
  /** Stops what was started and removes the folder. */
  close(): Promise<void>;
}

/** An event as it stands in the journal; what it holds depends on its type. */
// biome-ignore lint/suspicious/noExplicitAny: read from JSON, and looked at by its type
export type Event = { readonly type: string; readonly seq: number } & Record<string, any>;

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

export async function openDesk(): Promise<Desk> {
  const entry = await product();
  const folder = await mkdtemp(join(tmpdir(), 'desk-'));
  // The account that the server runs as must be able to pass through.
  await chmod(folder, 0o755);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    DRILLBOOK_HOME: join(folder, 'home'),
    DRILLBOOK_OPERATOR: 'ana',
    LANG: 'C.UTF-8',
  };
  const terminals: Terminal[] = [];
  const children: ChildProcess[] = [];
  const state = join(folder, 'home', 'state');

  const start: Desk['start'] = (args, { env: more = {}, cwd = folder, ...as } = {}) => {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...as,
    });
    children.push(child);
    return workOf(child);
  };
  const at = (columns: number, rows: number, command: string, args: readonly string[], more = {}) => {
    const opened = openTerminal({
      columns,
      rows,
      command,
      args,
      cwd: folder,
      env: { ...env, ...more },
      patience,
    });
    terminals.push(opened);
    return opened;
  };
  const running: Desk['running'] = async () => {
    const { stdout } = await start(['sandbox', 'status', '--json']).ended();
    const status = JSON.parse(stdout);
    if (status.state !== 'running') return undefined;
    return {
      url: status.url,
      socket: status.socket,
      store: status.store,
      application: status.application.url,
      serverPid: status.server.pid,
    };
  };

  return {
    folder,
    entry,
    runbook: join(entry, '../../runbooks/postgres-restore.md'),
    env,
    start,
    run: (args, options) => start(args, options).ended(),
    terminal: (columns, rows, args = [], more = {}) =>
      at(columns, rows, process.execPath, [entry, ...args], more),
    shell: (columns, rows, script) =>
      at(columns, rows, 'bash', ['--norc', '-c', script, process.execPath, entry]),
    sandbox: async () => {
      const { code, stderr } = await start(['sandbox', 'start']).ended();
      if (code !== 0) throw new Error(`the sandbox did not start: ${stderr}`);
      return (await running())!;
    },
    running,
    runs: async () => {
      const names = await readdir(join(state, 'runs')).catch(() => []);
      const dated = await Promise.all(
        names.map(async (name) => {
          const text = await readFile(join(state, 'runs', name, 'journal.jsonl'), 'utf8').catch(() => '');
          // A run whose first fact is not yet on disk is the newest.
          return { name, began: events(text)[0]?.time ?? '9' };
        }),
      );
      return dated.sort((a, b) => (a.began < b.began ? -1 : 1)).map(({ name }) => name);
    },
    journal: async (run) => events(await readFile(join(state, 'runs', run, 'journal.jsonl'), 'utf8')),
    close: async () => {
      for (const terminal of terminals) await terminal.close();
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await removeSandbox(join(state, 'sandbox'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The whole lines of a journal; the last may be torn. */
export function events(text: string): readonly Event[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Event);
}

function workOf(child: ChildProcess): Work {
  let stdout = '';
  let stderr = '';
  const looks = new Set<() => void>();
  const tell = () => {
    for (const look of [...looks]) look();
  };
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    tell();
  });
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    tell();
  });
  let end: Ended | undefined;
  child.on('close', (code) => {
    end = { code, stdout, stderr };
    tell();
  });
  const until = (what: string, condition: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const stop = (then: () => void) => {
        clearTimeout(timer);
        looks.delete(look);
        then();
      };
      const said = () => `\n${stdout}\n${stderr}`;
      const look = () => {
        if (condition()) stop(resolve);
        else if (end) stop(() => reject(new Error(`it ended (${end?.code}) before ${what}${said()}`)));
      };
      const timer = setTimeout(
        () => stop(() => reject(new Error(`waited in vain for ${what}${said()}`))),
        patience,
      );
      looks.add(look);
      look();
    });
  return {
    pid: child.pid!,
    see: (text) => until(`"${text}"`, () => stdout.includes(text) || stderr.includes(text)),
    kill: (signal) => void child.kill(signal),
    ended: async () => {
      await until('its end', () => end !== undefined);
      return end!;
    },
  };
}

/** Asks a database; the rows of the last statement. */
// biome-ignore lint/suspicious/noExplicitAny: what a row holds is the server's business
export async function sql<Row = Record<string, any>>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const result = (await client.query(text)) as unknown as { rows: Row[] } | { rows: Row[] }[];
    return Array.isArray(result) ? result.at(-1)!.rows : result.rows;
  } finally {
    await client.end();
  }
}

/** The URL of another database of the same server. */
export function database(url: string, name: string): string {
  return url.replace(/^(postgresql:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}

/** Every database but the server's own: name and whether it takes connections. */
export async function databases(url: string): Promise<Readonly<Record<string, boolean>>> {
  const rows = await sql(
    database(url, 'postgres'),
    `SELECT datname, datallowconn FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname`,
  );
  return Object.fromEntries(rows.map((row) => [row.datname, row.datallowconn]));
}

/** Waits for a state that nothing announces. */
export async function until<T>(what: string, condition: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + patience; ; ) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Whether a process lives; one that only waits to be collected does not. */
export async function lives(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return text !== undefined && !/^[ZX]$/.test(text.slice(text.lastIndexOf(')') + 2)[0]!);
}
