import { join } from 'node:path';
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { withDatabase } from '../settings/connection.ts';
import { type ReadyTarget, readyTarget } from '../settings/targets.ts';
import { Refusal } from './exit.ts';
import type { Settings } from './settings.ts';

export const sandboxName = 'sandbox';

/** A target that can be run against, and how to let go of what it needed. */
export interface Held {
  readonly ready: ReadyTarget;
  release(): Promise<void>;
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
    const shared = await shareSandbox(join(settings.folders.state, 'sandbox'), environment, onProgress);
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

interface SharedSandbox {
  readonly opening: Promise<Sandbox>;
  holders: number;
}

/** The sandbox belongs to the process: several runs and the home screen hold the same one, the last lets go of it. */
const shared = new Map<string, SharedSandbox>();

async function shareSandbox(
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
