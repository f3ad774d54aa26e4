import { join } from 'node:path';
import { listRuns } from '../journal/runs.ts';
import { targetRefusal } from '../run/guard.ts';
import type { Mode } from '../run/mode.ts';
import { disorderOf } from '../sandbox/disorder.ts';
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { trainingMark } from '../sandbox/training-mark.ts';
import { withDatabase } from '../settings/connection.ts';
import { type ReadyTarget, readyTarget } from '../settings/targets.ts';
import { exit, Refusal } from './exit.ts';
import type { Settings } from './settings.ts';

export const sandboxName = 'sandbox';

/** A target that can be run against, and how to let go of what it needed. */
export interface Held {
  readonly ready: ReadyTarget;
  release(): Promise<void>;
}

/**
 * The same for a new run. A sandbox that an earlier run left closed is made anew first, unless that run is
 * unfinished: it may still want its sandbox, and the `Refusal` names it.
 */
export async function holdForNewRun(
  name: string,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<Held> {
  const held = await holdTarget(name, settings, environment, onProgress);
  if (name !== sandboxName) return held;
  try {
    const renewed = await putInOrder(settings, environment, onProgress);
    return renewed ? { ready: renewed, release: held.release } : held;
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function putInOrder(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<ReadyTarget | undefined> {
  const { sandbox, release } = await shareSandbox(sandboxHome(settings), env, onProgress);
  try {
    const status = await sandbox.status();
    const disorder = status.socket ? await disorderOf({ socket: status.socket }, status) : undefined;
    if (!disorder) return undefined;
    if ((await trainingMark(status.home)) === 'elsewhere')
      throw new Refusal(
        'a training goes on in the sandbox, in another Drillbook: end that first',
        exit.failed,
      );
    const runs = await listRuns(settings.folders.state);
    const unfinished = runs.find(
      (run) => run.target === sandboxName && run.status !== 'finished' && run.status !== 'unreadable',
    );
    if (unfinished)
      throw new Refusal(
        `the sandbox is in the middle of a run (${disorder}): go on with 'drillbook resume ${unfinished.id}', or make it anew with 'drillbook sandbox reset'`,
        exit.failed,
      );
    onProgress(`An earlier run left the sandbox so that ${disorder}: it is made anew`);
    await sandbox.reset();
    return readySandbox(sandbox);
  } finally {
    await release();
  }
}

/** The folder of this user's sandbox. */
export function sandboxHome(settings: Settings): string {
  return join(settings.folders.state, 'sandbox');
}

/**
 * Makes a target ready by its name; the sandbox is started for it. Throws a `Refusal` for a name that nobody
 * knows or a setting that cannot be resolved, and a `SandboxProblem` where the sandbox cannot start.
 */
export async function holdTarget(
  name: string,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<Held> {
  if (name === sandboxName) {
    const shared = await shareSandbox(sandboxHome(settings), environment, onProgress);
    return { ready: readySandbox(shared.sandbox), release: shared.release };
  }
  const found = settings.targets[name];
  if (!found) {
    const known = [sandboxName, ...Object.keys(settings.targets)];
    throw new Refusal(
      `there is no target ${name}. Known: ${known.join(', ')}. Add one with 'drillbook target add', or in drillbook.yaml.`,
    );
  }
  const ready = await readyTarget(name, found, settings.folder, environment);
  if ('problem' in ready) throw new Refusal(ready.problem);
  return { ready, release: async () => {} };
}

/** Throws a `Refusal` where no run of that mode may begin on the target: before anything connects to it. */
export function refuseTarget(mode: Mode | undefined, name: string | undefined, settings: Settings): void {
  const environment = name === sandboxName ? 'sandbox' : name && settings.targets[name]?.environment;
  const unknown = name !== undefined && environment === undefined;
  const refusal = mode && !unknown ? targetRefusal(mode, environment || undefined) : undefined;
  if (refusal) throw new Refusal(`${refusal.reason}; ${refusal.next}`, exit.needsPerson);
}

interface SharedSandbox {
  readonly opening: Promise<Sandbox>;
  holders: number;
}

/** The sandbox belongs to the process: several runs and the home screen hold the same one, the last lets go of it. */
const shared = new Map<string, SharedSandbox>();

/** The sandbox of this user, held until it is released. Throws a `SandboxProblem` where it cannot start. */
export async function shareSandbox(
  home: string,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<{ readonly sandbox: Sandbox; readonly release: () => Promise<void> }> {
  const entry = shared.get(home) ?? {
    opening: openSandbox({ home, owner: 'process', onProgress, env }),
    holders: 0,
  };
  shared.set(home, entry);
  entry.holders++;
  let released = false;
  const release = async () => {
    if (released) return;
    released = true;
    entry.holders--;
    if (entry.holders > 0) return;
    shared.delete(home);
    await (await entry.opening).close();
  };
  try {
    return { sandbox: await entry.opening, release };
  } catch (error) {
    shared.delete(home);
    throw error;
  }
}

function readySandbox(sandbox: Sandbox): ReadyTarget {
  const url = sandbox.variables.DATABASE_URL!;
  const variables = {
    ...sandbox.variables,
    RESTORE_URL: withDatabase(url, `${sandbox.target.database}_restored`),
  };
  return {
    target: sandbox.target,
    url,
    values: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, { value, secret: false }]),
    ),
    passwordLines: [],
    path: sandbox.path,
  };
}
