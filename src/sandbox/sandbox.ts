import { rm } from "node:fs/promises";
import type { Target } from "../run/target.ts";
import { targetOf, variablesOf } from "./address.ts";
import { readMarker, stopServer } from "./cluster.ts";
import { alone } from "./lock.ts";
import { disown, forgetStanding, own, owners, stay } from "./owners.ts";
import { stopParts } from "./parts.ts";
import { findPlace, knownPlace, type Place, removeOrphans } from "./place.ts";
import type { Programs } from "./programs.ts";
import { programsFor, type Raising, raise, renewSandbox } from "./raise.ts";
import { type SandboxStatus, sandboxStatus } from "./status.ts";

export interface SandboxRequest {
	/** Folder for all of it; made if it is not there. */
	readonly home: string;
	/** `process`: it stops when the last such process ends, however it ends. `none`: it stays until `stop`. */
	readonly owner: "process" | "none";
	readonly onProgress?: ((text: string) => void) | undefined;
	/** The script that has the hidden commands `__sandbox-application` and `__sandbox-supervisor`. */
	readonly entry?: string | undefined;
	readonly env?: NodeJS.ProcessEnv | undefined;
}

/** A running sandbox. */
export interface Sandbox {
	readonly target: Target;
	/** For the environment of a run's commands. */
	readonly variables: Readonly<Record<string, string>>;
	/** Folders to put before PATH, so that commands find client tools that fit the server. */
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
	const place = await findPlace(request.home);
	return opened(place, request, raise);
}

/** Opens the sandbox as it was made; also the way out where the server does not start any more. */
export async function resetSandbox(request: SandboxRequest): Promise<Sandbox> {
	const place = await findPlace(request.home);
	return opened(place, request, renewSandbox);
}

type Raise = (
	place: Place,
	programs: Programs,
	raising: Raising,
) => Promise<string>;

async function opened(
	place: Place,
	request: SandboxRequest,
	how: Raise,
): Promise<Sandbox> {
	const raising: Raising = {
		entry: request.entry ?? process.argv[1] ?? "",
		env: request.env ?? process.env,
		onProgress: request.onProgress ?? (() => {}),
	};
	const programs = await programsFor(place, raising.env);
	const locked = <T>(task: () => Promise<T>) =>
		alone(
			place.home,
			() => raising.onProgress("Waiting: another process prepares the sandbox"),
			task,
		);
	let claim: string | undefined;
	const applicationUrl = await locked(async () => {
		if (request.owner === "process") claim = await own(place.home);
		else await stay(place.home);
		await removeOrphans(stopServer);
		return how(place, programs, raising);
	});
	return {
		target: targetOf(place, applicationUrl),
		variables: variablesOf(place, applicationUrl),
		path: [programs.clients.folder],
		status: () => sandboxStatus(place.home),
		reset: async () => {
			await locked(() => renewSandbox(place, programs, raising));
		},
		close: () =>
			locked(async () => {
				if (claim) await disown(claim);
				const left = await owners(place.home);
				if (!left.standing && left.processes.length === 0)
					await stopParts(place);
			}),
		stop: () => locked(() => stopAll(place)),
	};
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
	if (await readMarker(place))
		await rm(place.cluster, { recursive: true, force: true });
	await rm(place.home, { recursive: true, force: true });
}

async function stopAll(place: Place): Promise<void> {
	await forgetStanding(place.home);
	await stopParts(place);
}
