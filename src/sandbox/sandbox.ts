import { rm } from 'node:fs/promises';
import type { Target } from '../run/target.ts';
import { targetOf, variablesOf } from './address.ts';
import { readMarker } from './cluster.ts';
import { alone } from './lock.ts';
import { removeOrphans } from './orphans.ts';
import { type Claim, forgetStanding, own, owners, stay } from './owners.ts';
import { stopParts } from './parts.ts';
import { findPlace, knownPlace, type Place, prepareHome } from './place.ts';
import { SandboxProblem } from './problem.ts';
import type { Programs } from './programs.ts';
import { programsFor, type Raising, raise, renewSandbox } from './raise.ts';
import { simulatedFolder } from './simulated/launchers.ts';
import { type SandboxStatus, sandboxStatus } from './status.ts';
import { findToolchain, type Toolchain, type ToolchainQuestion } from './toolchain.ts';

export interface SandboxRequest {
  /** Folder for all of it; made if it is not there. */
  readonly home: string;
  /** `process`: it stops when the last such process ends, however it ends. `none`: it stays until `stop`. */
  readonly owner: 'process' | 'none';
  readonly onProgress?: ((text: string) => void) | undefined;
  /** The script that has the hidden commands `__sandbox-application` and `__sandbox-supervisor`. */
  readonly entry?: string | undefined;
  /** Where the PostgreSQL programs come from; those of this system unless given. */
  readonly toolchain?: ((question: ToolchainQuestion) => Promise<Toolchain>) | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** A running sandbox. */
export interface Sandbox {
  readonly target: Target;
  /** For the environment of a run's commands. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folders to put before PATH, so that commands find the simulated ones of providers, and client tools that fit the server. */
  readonly path: readonly string[];
  status(): Promise<SandboxStatus>;
  /** Brings data, store and application back to how they were made; every other database goes. */
  reset(): Promise<void>;
  /** This process does not need it any more: it stops if nobody else does. Ending the process does the same. */
  close(): Promise<void>;
  /** Stops it, whoever needs it. Its data stay. */
  stop(): Promise<void>;
}

/**
 * Opens the sandbox of a home: makes it, starts it, repairs it or joins it, whatever is needed. Throws a
 * `SandboxProblem` where that can't be done: its message says why and what to do.
 */
export async function openSandbox(request: SandboxRequest): Promise<Sandbox> {
  return opened(request, raise);
}

/** Opens the sandbox as it was made; also the way out where the server does not start any more. */
export async function resetSandbox(request: SandboxRequest): Promise<Sandbox> {
  return opened(request, renewSandbox);
}

type Raise = (place: Place, programs: Programs, raising: Raising) => Promise<string>;

async function opened(request: SandboxRequest, how: Raise): Promise<Sandbox> {
  const onProgress = request.onProgress ?? (() => {});
  const raising: Raising = { entry: request.entry ?? process.argv[1] ?? '', onProgress };
  const find = request.toolchain ?? findToolchain;
  const home = await prepareHome(request.home);
  const locked = <T>(task: () => Promise<T>) =>
    alone(home, () => onProgress('Waiting: another process prepares or stops the sandbox'), task);
  let claim: Claim | undefined;

  const up = async (raiser: Raise) => {
    const place = await findPlace(home);
    try {
      claim ??= await (request.owner === 'process' ? own(home) : stay(home));
      const programs = await programsFor(place, find, request.env ?? process.env);
      await removeOrphans();
      return { place, programs, applicationUrl: await raiser(place, programs, raising) };
    } catch (error) {
      // What could not be opened is not left half running, unless others use it.
      await claim?.withdraw();
      claim = undefined;
      await stopUnowned(place).catch(() => {});
      if (error instanceof SandboxProblem) throw error;
      throw new SandboxProblem(
        `The sandbox in ${home} could not be prepared: ${(error as Error).message}. ` +
          "'drillbook sandbox reset' makes it anew.",
        { cause: error },
      );
    }
  };

  let current = await locked(() => up(how));
  const { place } = current;
  return {
    // A reset may give the application another port, and a cluster that is made anew another version.
    get target() {
      return targetOf(place, current.applicationUrl);
    },
    get variables() {
      return variablesOf(place, current.applicationUrl);
    },
    get path() {
      return [simulatedFolder(home), current.programs.clients.folder];
    },
    status: () => sandboxStatus(home),
    reset: async () => {
      current = await locked(() => up(renewSandbox));
    },
    close: () =>
      locked(async () => {
        if (request.owner === 'process') await claim?.withdraw();
        await stopUnowned(place);
      }),
    stop: () => locked(() => stopAll(place)),
  };
}

async function stopUnowned(place: Place): Promise<void> {
  const left = await owners(place.home);
  if (!left.standing && left.processes.length === 0) await stopParts(place);
}

/** Stops the sandbox of a home, whoever needs it; false where nothing of it ran. Its data stay. */
export async function stopSandbox(home: string): Promise<boolean> {
  const place = await knownPlace(home);
  if (place === undefined) return false;
  const before = await sandboxStatus(place.home);
  await alone(
    place.home,
    () => {},
    () => stopAll(place),
  );
  return before.server !== undefined || before.application !== undefined;
}

/** Stops the sandbox of a home and removes everything of it, the home itself too. */
export async function removeSandbox(home: string): Promise<void> {
  await stopSandbox(home);
  const place = await knownPlace(home);
  if (place === undefined) return;
  if (await readMarker(place)) await rm(place.cluster, { recursive: true, force: true });
  await rm(place.home, { recursive: true, force: true });
}

async function stopAll(place: Place): Promise<void> {
  await forgetStanding(place.home);
  await stopParts(place);
}
