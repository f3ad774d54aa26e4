import { access } from 'node:fs/promises';
import { clearMarks, type Listening, listeningRecord } from './application.ts';
import {
  createCluster,
  readMarker,
  removeData,
  runningServer,
  startServer,
  stopServer,
  synchronise,
  writeMarker,
} from './cluster.ts';
import { companion, companionLog, startCompanion, stopCompanion } from './companion.ts';
import { answers } from './connection.ts';
import { eventually, lives } from './life.ts';
import { owners } from './owners.ts';
import type { Place } from './place.ts';
import { SandboxProblem } from './problem.ts';
import type { Programs } from './programs.ts';
import { readRecord } from './record.ts';
import {
  changeAfterBackup,
  edition,
  forgetArchiving,
  renew,
  seed,
  withoutDurability,
} from './sample/seed.ts';
import { writeLaunchers } from './simulated/launchers.ts';
import { forgetProviders, prepareProviders } from './simulated/world.ts';
import { forgetSnapshot } from './snapshot.ts';
import { seedStore } from './store.ts';
import type { Toolchain, ToolchainQuestion } from './toolchain.ts';
import { clearTrainingMark } from './training-mark.ts';

export interface Raising {
  readonly entry: string;
  readonly onProgress: (text: string) => void;
}

/** Sample data older than this are made anew by a reset, ms: their newest times shall be recent. */
const freshFor = 24 * 3600 * 1000;

/** Finds the programs for this sandbox. Throws the problem that says what to install. */
export async function programsFor(
  place: Place,
  find: (question: ToolchainQuestion) => Promise<Toolchain>,
  env: NodeJS.ProcessEnv,
): Promise<Programs> {
  const toolchain = await find({
    env,
    copies: place.cluster,
    account: place.account,
    preferredMajor: (await readMarker(place))?.major,
  });
  if (toolchain.kind === 'missing') throw new SandboxProblem(toolchain.sentence);
  return toolchain.programs;
}

/** Brings all parts up, whichever of them run already. The caller holds the lock and is an owner. */
export async function raise(place: Place, programs: Programs, raising: Raising): Promise<string> {
  await watch(place, raising);
  await writeLaunchers(place.home, raising.entry);
  await prepareProviders(place.home);
  await raiseServer(place, programs, raising);
  return raiseApplication(place, raising);
}

/** Starts a supervisor, where one is needed and none runs. */
async function watch(place: Place, { entry }: Raising): Promise<void> {
  if ((await owners(place.home)).standing) return;
  if (await companion(place.home, 'supervisor')) return;
  await startCompanion(place.home, 'supervisor', entry, ['--home', place.home]);
}

async function raiseServer(place: Place, programs: Programs, { onProgress }: Raising): Promise<void> {
  const marker = await readMarker(place);
  const usable =
    marker?.stage === 'ready' && marker.edition === edition && marker.major === programs.server.major;
  if (!usable) {
    if (marker?.stage === 'ready')
      onProgress(
        marker.edition === edition
          ? `The sandbox was made by PostgreSQL ${marker.major}; making it anew with ${programs.server.version}`
          : 'The sandbox is of an older edition; making it anew',
      );
    else if (marker) onProgress('The sandbox was left half made; making it anew');
    return makeAnew(place, programs, onProgress);
  }
  if ((await runningServer(place)) && (await answers(place))) return;
  // It may run and not be reached: its socket was swept away, or it shuts down at this moment.
  await stopServer(place);
  onProgress('Starting the sandbox');
  await startServer(place, programs);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Makes cluster, data and store from nothing. Each stage is written down before it begins. */
async function makeAnew(place: Place, programs: Programs, onProgress: (text: string) => void): Promise<void> {
  if ((await readMarker(place)) === undefined && (await exists(place.data)))
    throw new SandboxProblem(
      `${place.data} was not made by the sandbox, so it is left alone. Move it away, or set DRILLBOOK_HOME to another folder.`,
    );
  await stopCompanion(place.home, 'application');
  await stopServer(place);
  const { major } = programs.server;
  await writeMarker(place, { stage: 'initialising', major, edition });
  await removeData(place);
  onProgress(`Making a PostgreSQL ${programs.server.version} cluster for the sandbox`);
  await createCluster(place, programs);
  await startServer(place, programs);
  await fill(place, programs, onProgress);
}

/** Makes the sample data in a running cluster, and everything that depends on them. */
async function fill(place: Place, programs: Programs, onProgress: (text: string) => void): Promise<void> {
  const { major } = programs.server;
  const seededAt = new Date().toISOString();
  await writeMarker(place, { stage: 'seeding', major, edition });
  onProgress('Filling the sandbox with sample data');
  await withoutDurability(place, () => seed(place, seededAt));
  await renewAll(place, programs, seededAt, onProgress);
}

/** Makes database and store from the sample data. Until it is through, the marker says that the sandbox is half made. */
async function renewAll(
  place: Place,
  programs: Programs,
  seededAt: string,
  onProgress: (text: string) => void,
): Promise<void> {
  const { major } = programs.server;
  await writeMarker(place, { stage: 'seeding', major, edition });
  await clearMarks(place.home);
  await forgetProviders(place.home);
  await forgetSnapshot(place);
  await forgetArchiving(place);
  await withoutDurability(place, async () => {
    await renew(place);
    onProgress('Making a backup of the sample data');
    await seedStore(place);
    await changeAfterBackup(place);
  });
  await synchronise(place, programs);
  await clearTrainingMark(place.home);
  await writeMarker(place, { stage: 'ready', major, edition, seededAt });
}

/** Brings data, store and application back to how they were made. The caller holds the lock. */
export async function renewSandbox(place: Place, programs: Programs, raising: Raising): Promise<string> {
  const { onProgress } = raising;
  await watch(place, raising);
  await stopCompanion(place.home, 'application');
  const before = await readMarker(place);
  try {
    await raiseServer(place, programs, raising);
    const seededAt = (await readMarker(place))?.seededAt ?? '';
    const age = Date.now() - Date.parse(seededAt);
    const justMade = seededAt !== before?.seededAt;
    if (!justMade && age >= 0 && age < freshFor) {
      onProgress('Bringing the sample data back');
      await renewAll(place, programs, seededAt, onProgress);
    } else if (!justMade) await fill(place, programs, onProgress);
  } catch {
    // Whatever was done to it, up to a server that does not start: the way out is a new one.
    onProgress('The sandbox cannot be brought back; making it anew');
    await makeAnew(place, programs, onProgress);
  }
  return raiseApplication(place, raising);
}

/** The application's URL, after making sure that it runs. */
async function raiseApplication(place: Place, { entry, onProgress }: Raising): Promise<string> {
  const listening = () => readRecord<Listening>(listeningRecord(place.home));
  const running = await companion(place.home, 'application');
  if (running === undefined) onProgress('Starting the sample application');
  const life =
    running ??
    (await startCompanion(place.home, 'application', entry, [
      '--home',
      place.home,
      '--socket',
      place.socket,
    ]));
  let record: Listening | undefined;
  const ready = async () => {
    record = await listening();
    return record?.pid === life.pid || !(await lives(life));
  };
  await eventually(ready, 30_000, 30);
  if (record?.pid !== life.pid)
    throw new SandboxProblem(
      `The sample application did not start. Its log is ${companionLog(place.home, 'application')}.`,
    );
  return `http://127.0.0.1:${record.port}`;
}
