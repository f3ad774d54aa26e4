import { resolve } from 'node:path';
import type { ObjectStore } from '../backup/object-store.ts';
import { isRemote } from '../backup/stores/address.ts';
import { utc } from '../incident/format.ts';
import { claimRun } from '../incident/shared/claim.ts';
import { takenFromHere } from '../incident/shared/gone.ts';
import type { RunEvent } from '../run/event.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import { resolveReference } from '../settings/reference.ts';
import { exit, Refusal } from './exit.ts';
import { objectsAt } from './objects.ts';
import type { Settings } from './settings.ts';

/**
 * Opens the store that runs on a target are shared through; undefined where the settings name none. Throws a
 * `Refusal` where the reference leads nowhere, and the store's error for an address that cannot be read.
 */
export async function openShared(
  settings: Settings,
  target: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<ObjectStore | undefined> {
  const own = target === undefined ? undefined : settings.targets[target]?.shared;
  const reference = own ?? settings.shared;
  return reference === undefined ? undefined : openSharedAt(reference, settings, environment);
}

/** Every store that the settings name, each once. */
export async function allShared(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<readonly ObjectStore[]> {
  const references = [settings.shared, ...Object.values(settings.targets).map(({ shared }) => shared)];
  const distinct = new Set(references.filter((reference) => reference !== undefined));
  return Promise.all([...distinct].map((reference) => openSharedAt(reference, settings, environment)));
}

/** The store at a reference or an address; relative folders count from the project's. */
export async function openSharedAt(
  reference: string,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<ObjectStore> {
  const resolved = await resolveReference(reference, environment);
  if ('problem' in resolved) throw new Refusal(`the shared store: ${resolved.problem}`);
  const address = isRemote(resolved.value) ? resolved.value : resolve(settings.folder, resolved.value);
  return objectsAt(address, environment);
}

/**
 * A run may have been taken over because this machine was said to be gone: then it goes on there. A store that cannot be
 * asked is no reason against a run; it is a fact for the journal. Throws a `Refusal`.
 */
export async function notTakenOver(
  { started: { run, target, mode } }: RunState,
  events: readonly RecordedEvent[],
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<readonly RunEvent[]> {
  if (mode === 'preview') return [];
  let store: ObjectStore | undefined;
  try {
    store = await openShared(settings, target?.name, environment);
    const by = store && (await takenFromHere(store, run, events, settings.folders.state));
    if (!by) return [];
    throw new Refusal(
      `the run ${run} was taken over by ${by.operator} on ${by.host}, ${utc(by.at)}: this machine was said to be gone. It goes on there; follow it with 'drillbook watch ${run}'.`,
      exit.failed,
    );
  } catch (error) {
    if (error instanceof Refusal && store) throw error;
    return [
      {
        type: 'note-added',
        text: `Whether somebody has taken this run over cannot be seen: ${(error as Error).message}`,
      },
    ];
  } finally {
    store?.close();
  }
}

/**
 * A run that was handed over is gone on with by one: here only if nobody else has taken it. Where the settings share
 * nothing it was handed over by word of mouth, and whoever has the folder has the run. Throws a `Refusal`.
 */
export async function claimHandedOver(
  state: RunState,
  events: readonly RecordedEvent[],
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { run, target } = state.started;
  const seq = events.findLast((event) => event.type === 'handed-over')?.seq ?? state.seq;
  const store = await openShared(settings, target?.name, environment);
  if (!store) return;
  try {
    const claiming = await claimRun(store, run, seq, settings.operator, settings.folders.state).catch(
      (error: Error) => {
        throw new Refusal(
          `the run ${run} was handed over, and whether somebody has taken it cannot be seen: ${error.message}`,
          exit.failed,
        );
      },
    );
    if (claiming.kind === 'mine') return;
    const who = claiming.by
      ? `${claiming.by.operator} on ${claiming.by.host} has it since ${utc(claiming.by.at)}`
      : 'somebody else has taken it';
    throw new Refusal(
      `the run ${run} was handed over, and ${who}. It goes on there; follow it with 'drillbook watch ${run}'.`,
      exit.failed,
    );
  } finally {
    store.close();
  }
}
