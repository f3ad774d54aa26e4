import type { ObjectStore } from '../backup/object-store.ts';
import { Redaction } from '../execution/redaction.ts';
import { entryOf } from '../incident/entry.ts';
import { utc } from '../incident/format.ts';
import { claimOf } from '../incident/shared/claim.ts';
import { giveRun, handovers } from '../incident/shared/give.ts';
import { goingOn, takenFromHere } from '../incident/shared/gone.ts';
import { takeRun } from '../incident/shared/take.ts';
import { writeEntry } from '../incident/write.ts';
import { openJournal } from '../journal/journal.ts';
import { lockRun } from '../journal/lock.ts';
import { isRunId } from '../journal/run-id.ts';
import { findRun } from '../journal/runs.ts';
import { fold } from '../run/fold.ts';
import type { RunState } from '../run/state.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { lockOf } from './begin.ts';
import { exit, Refusal } from './exit.ts';
import { type GoneOptions, takeFromGone } from './handover-gone.ts';
import { readSettings, type Settings } from './settings.ts';
import { allShared, openShared, openSharedAt } from './shared-store.ts';
import { isTerminal } from './terminal.ts';

interface StoreOption {
  store?: string;
}

/** `drillbook handover give|list|take`. */
export async function handover(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine('handover', 'Gives an unfinished run to another engineer, or takes one.');
  const withStore = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option('--store <address>', 'folder or s3:// address; the settings’ `shared` without it');

  withStore('give <run>', 'hand a stopped run over')
    .requiredOption('--to <name>', 'who takes over')
    .option('--note <text>', 'what they should know')
    .action(async (given: string, options: StoreOption & { to: string; note?: string }) => {
      await give(await readSettings(process.env, process.cwd()), given, options);
    });

  withStore('list', 'runs that were handed over')
    .option('--json', 'as JSON')
    .action(async (options: StoreOption & { json?: boolean }) => {
      await list(await readSettings(process.env, process.cwd()), options);
    });

  withStore('take <run>', 'take a run that was handed over, to go on with it here')
    .option('--gone', 'its machine is gone and has not handed it over: go on with what the store has of it')
    .option('--reason <text>', 'with --gone: how you know; it stands in the journal')
    .option('--confirm <phrase>', 'with --gone and without a terminal: "GONE HOST"')
    .option('--end-connection', 'with --gone: end the connection to the server that the machine still has')
    .action(async (given: string, options: StoreOption & GoneOptions & { gone?: boolean }) => {
      const settings = await readSettings(process.env, process.cwd());
      const run = options.gone
        ? await takeGone(settings, given, options)
        : await take(settings, given, options);
      if (!isTerminal()) process.stdout.write(`${run}\n`);
      else code = await (await import('./resume.ts')).resume([run]);
    });

  if (args.length === 0) throw new Refusal('Say what to do: give, list or take.');
  await parse(command, args);
  return code;
}

async function give(
  settings: Settings,
  given: string,
  options: StoreOption & { to: string; note?: string },
): Promise<void> {
  const found = await findRun(settings.folders.state, given);
  if (found.kind !== 'found')
    throw new Refusal(`there is no one run ${given}. 'drillbook log list' shows the runs.`);
  const lock = await lockOf(lockRun(found.folder, found.id, settings.operator));
  try {
    const { journal, reading } = await openJournal(found.folder, settings.operator, Date.now, (text) =>
      new Redaction().text(text),
    );
    try {
      const state = fold(reading.events);
      if (state.status === 'finished')
        throw new Refusal(`the run ${found.id} is finished: there is nothing to hand over`, exit.failed);
      const store = await storeFor(settings, state, options);
      try {
        const by = await takenFromHere(store, found.id, reading.events, settings.folders.state);
        if (by)
          throw new Refusal(
            `the run ${found.id} was taken over by ${by.operator} on ${by.host}, ${utc(by.at)}: it is no longer yours to give`,
            exit.failed,
          );
        if (state.status !== 'handed-over') {
          const { to, note } = options;
          const event = await journal.append({ type: 'handed-over', to, ...(note ? { note } : {}) });
          await writeEntry(entryOf([...reading.events, event], new Date()), found.folder);
        }
        // Secrets that were typed are gone with the process that had them, and it wrote none of them down.
        const made = await giveRun(store, found.folder, (text) => new Redaction().text(text));
        process.stdout.write(
          sanitise(
            `${found.id} is handed over to ${made.to}, with ${made.head.seq} facts, at ${store.location}\nThere: drillbook handover take ${found.id}\n`,
          ),
        );
      } finally {
        store.close();
      }
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

async function storeFor(
  settings: Settings,
  state: RunState,
  { store: address }: StoreOption,
): Promise<ObjectStore> {
  const store = address
    ? await openSharedAt(address, settings, process.env)
    : await openShared(settings, state.started.target?.name, process.env);
  if (store) return store;
  throw new Refusal(
    'there is no place that both machines reach: set `shared` for the target in drillbook.yaml (a folder, or s3://bucket/prefix), or give --store',
  );
}

async function list(settings: Settings, { store, json }: StoreOption & { json?: boolean }): Promise<void> {
  const rows = [];
  const open = [];
  for (const one of await storesOf(settings, store)) {
    for (const { run, state, operator, host, lastAt } of await goingOn(one, recently()))
      open.push({
        run,
        title: state.started.procedure.title,
        operator,
        host,
        lastAt,
        status: state.status,
        store: one.location,
      });
    for (const found of await handovers(one)) {
      const taken = await claimOf(one, found.run, found.seq);
      rows.push({ ...found, store: one.location, ...(taken ? { taken } : {}) });
    }
    one.close();
  }
  if (json)
    return void process.stdout.write(
      `${JSON.stringify({ schema: 1, handovers: rows, goingOn: open }, null, 2)}\n`,
    );
  if (rows.length === 0) process.stderr.write('No run is handed over.\n');
  for (const { run, title, operator, host, lastAt, status } of open)
    process.stdout.write(
      sanitise(
        `${run}  ${title}: ${status === 'running' ? 'goes on' : 'was stopped'} at ${operator} on ${host}, last heard of ${utc(lastAt)}\n`,
      ),
    );
  for (const { run, title, from, to, at, note, taken } of rows) {
    const state = taken ? `taken by ${taken.operator} on ${taken.host}` : `waits for ${to}`;
    process.stdout.write(
      sanitise(`${run}  ${title}: from ${from}, ${utc(at)}, ${state}${note ? ` (${note})` : ''}\n`),
    );
  }
}

async function take(settings: Settings, given: string, { store }: StoreOption): Promise<string> {
  for (const one of await storesOf(settings, store)) {
    try {
      const known = await handovers(one);
      const matches = known.filter(
        ({ run }) => run === given || run.startsWith(given) || run.endsWith(`-${given}`),
      );
      const exact = matches.find(({ run }) => run === given) ?? matches[0];
      if (!exact) continue;
      if (matches.length > 1 && exact.run !== given)
        throw new Refusal(`${given} may mean several runs: ${matches.map(({ run }) => run).join(', ')}`);
      const taking = await takeRun(one, exact.run, settings.folders.state, settings.operator);
      switch (taking.kind) {
        case 'none':
          continue;
        case 'held':
          throw new Refusal(
            `the run ${exact.run} was taken already${taking.by ? ` by ${taking.by.operator} on ${taking.by.host}, ${utc(taking.by.at)}` : ''}. Follow it with 'drillbook watch ${exact.run}'.`,
            exit.failed,
          );
        case 'unsound':
          throw new Refusal(`the run ${exact.run} was not taken: ${taking.reason}`, exit.failed);
        case 'taken': {
          const { from, host, head, note } = taking.handover;
          process.stderr.write(
            sanitise(
              `Taken from ${from} on ${host}: ${head.seq} facts, the chain is whole.${note ? ` ${from} says: ${note}` : ''}\nTo go on: drillbook resume ${exact.run}\n`,
            ),
          );
          return exact.run;
        }
      }
    } finally {
      one.close();
    }
  }
  throw new Refusal(
    `no run ${given} is handed over. 'drillbook handover list' shows those that are, and those that go on: where the machine of one is gone, take it with --gone.`,
  );
}

async function takeGone(
  settings: Settings,
  given: string,
  options: StoreOption & GoneOptions,
): Promise<string> {
  const stores = await storesOf(settings, options.store);
  try {
    for (const one of stores) {
      const runs = (await goingOn(one, recently())).map(({ run }) => run);
      const matches = runs.filter((run) => run.startsWith(given) || run.endsWith(`-${given}`));
      if (matches.length > 1 && !matches.includes(given))
        throw new Refusal(`${given} may mean several runs: ${matches.join(', ')}`);
      const run = matches.includes(given) ? given : (matches[0] ?? given);
      const [handover] = await handovers(one, run);
      const waits = handover && !(await claimOf(one, run, handover.seq));
      if (waits) throw new Refusal(`${run} was handed over and waits: drillbook handover take ${run}`);
      const taken = isRunId(run) && (await takeFromGone(one, run, settings, options));
      if (taken) return taken;
    }
  } finally {
    for (const one of stores) one.close();
  }
  throw new Refusal(
    `no store has a run ${given} that is not over. 'drillbook handover list' shows those that go on.`,
  );
}

/** Runs that have been quiet for longer are no longer looked for; the whole id still finds one. */
function recently(): Date {
  return new Date(Date.now() - 14 * 24 * 3600 * 1000);
}

async function storesOf(settings: Settings, address: string | undefined): Promise<readonly ObjectStore[]> {
  const stores = address
    ? [await openSharedAt(address, settings, process.env)]
    : await allShared(settings, process.env);
  if (stores.length > 0) return stores;
  throw new Refusal('the settings share no runs: set `shared` in drillbook.yaml, or give --store');
}
