import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { liveKey } from '../incident/shared/keys.ts';
import { readObject } from '../incident/shared/objects.ts';
import { journalName } from '../journal/line.ts';
import { readLines } from '../journal/read.ts';
import { findRun } from '../journal/runs.ts';
import { lineOf } from '../plain/line.ts';
import { apply, fold } from '../run/fold.ts';
import type { RecordedEvent } from '../run/state.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { readSettings, type Settings } from './settings.ts';
import { allShared, openSharedAt } from './shared-store.ts';

interface WatchOptions {
  json?: boolean;
  once?: boolean;
  store?: string;
}

/** How a journal is looked at, and how long to wait until the next look. */
interface Source {
  readonly where: string;
  readonly everyMs: number;
  read(): Promise<Buffer | undefined>;
}

/** `drillbook watch RUN`: follows a run without touching it, on this machine or through a shared store. */
export async function watch(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine('watch', 'Follows a run read-only until it is finished. Ctrl+C leaves.')
    .argument('<run>', 'its id; for one on this machine also how it begins or ends')
    .option('--store <address>', 'follow it through this folder or s3:// address')
    .option('--once', 'print what there is, and end')
    .option('--json', 'events as JSON lines')
    .action(async (given: string, options: WatchOptions) => {
      code = await follow(await sourceOf(given, options), options);
    });
  await parse(command, args);
  return code;
}

async function follow(source: Source, { json, once }: WatchOptions): Promise<ExitCode> {
  process.stderr.write(sanitise(`Following ${source.where}\n`));
  let told: readonly RecordedEvent[] = [];
  let problem: string | undefined;
  for (;;) {
    const looked = await source.read().catch((error: Error) => error);
    if (looked instanceof Error && looked.message !== problem)
      process.stderr.write(`drillbook: ${sanitise(looked.message)}; trying again\n`);
    problem = looked instanceof Error ? looked.message : undefined;
    if (Buffer.isBuffer(looked)) {
      const { events, broken } = readLines(looked);
      if (broken)
        throw new Refusal(`line ${broken.line} of the journal is bad: ${broken.reason}`, exit.failed);
      print(told, events, json ?? false);
      told = events.length >= told.length ? events : told;
    }
    const last = told.at(-1);
    if (last && fold(told).status === 'finished') return exit.done;
    if (once || outputIsLostNow()) return problem === undefined ? exit.done : exit.failed;
    await pause(source.everyMs);
  }
}

function print(before: readonly RecordedEvent[], now: readonly RecordedEvent[], json: boolean): void {
  if (now.length <= before.length) return;
  let state = fold(now.slice(0, Math.max(1, before.length)));
  for (const [index, event] of now.entries()) {
    if (index > 0 && index >= before.length) state = apply(state, event);
    if (index < before.length) continue;
    const line = json ? JSON.stringify(event) : lineOf(event, state);
    if (line === undefined) continue;
    const by = json || event.operator === state.started.operator ? '' : `(${event.operator}) `;
    process.stdout.write(`${json ? line : sanitise(`${event.time.slice(11, 19)} ${by}${line.trim()}`)}\n`);
  }
}

function outputIsLostNow(): boolean {
  return process.stdout.destroyed || process.stdout.writableEnded;
}

async function sourceOf(given: string, options: WatchOptions): Promise<Source> {
  const settings = await readSettings(process.env, process.cwd());
  if (options.store === undefined) {
    const found = await findRun(settings.folders.state, given);
    if (found.kind === 'ambiguous')
      throw new Refusal(`${given} may mean several runs: ${found.ids.join(', ')}`);
    // A run that went on elsewhere is followed where it is.
    const elsewhere = found.kind === 'found' ? await shared(found.id, settings, options) : undefined;
    if (found.kind === 'found') {
      const file = join(found.folder, journalName);
      const here: Source = { where: file, everyMs: 500, read: () => readFile(file) };
      return elsewhere && (await isAhead(elsewhere, here)) ? elsewhere : here;
    }
  }
  const source = await shared(given.toLowerCase(), settings, options);
  if (source) return source;
  throw new Refusal(
    `there is no run ${given} on this machine or in a shared store. Through a store the whole id is wanted.`,
  );
}

async function shared(run: string, settings: Settings, { store }: WatchOptions): Promise<Source | undefined> {
  const stores = store
    ? [await openSharedAt(store, settings, process.env)]
    : await allShared(settings, process.env).catch(() => []);
  for (const one of stores) {
    const read = () => readObject(one, liveKey(run));
    if (await read().catch(() => undefined)) return { where: one.locate(liveKey(run)), everyMs: 2000, read };
    one.close();
  }
  return undefined;
}

async function isAhead(one: Source, other: Source): Promise<boolean> {
  const [a, b] = [await one.read().catch(() => undefined), await other.read().catch(() => undefined)];
  return (a?.length ?? 0) > (b?.length ?? 0);
}
