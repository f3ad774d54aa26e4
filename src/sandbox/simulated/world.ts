import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { readRecord, writeRecord } from '../record.ts';
import { sandboxStatus } from '../status.ts';
import { Refused } from './call.ts';
import { simulatedFolder } from './launchers.ts';

/** What the simulated commands remember of the providers, beyond what the sample application shows. */
export interface ProviderRecord {
  /** Variables of the sample application's service, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Instances of the database service, by their identifiers; the first is the sample database's. */
  readonly instances: Readonly<Record<string, Instance>>;
}

export interface Instance {
  readonly database: string;
  /** Days that backups are kept. */
  readonly retention: number;
  /** UTC ISO 8601. */
  readonly created: string;
}

/** Name of the service, container and instance that stand for the sample application and its database. */
export const names = {
  service: 'members',
  renderService: 'srv-members',
  renderPostgres: 'dpg-members',
  apiContainer: 'members-api',
  databaseContainer: 'members-db',
  composeApi: 'api',
  composeDatabase: 'db',
  instance: 'members-db',
  bucket: 'members-backups',
} as const;

/** What the simulated commands act on: the sandbox of one home. */
export interface World {
  readonly home: string;
  readonly socket: string;
  readonly databaseUrl: string;
  readonly applicationUrl: string;
  /** Folder with a folder for each bucket. */
  readonly buckets: string;
  read(): Promise<ProviderRecord>;
  write(record: ProviderRecord): Promise<void>;
  /** The switch of the sample application. */
  maintenance(on: boolean): Promise<void>;
  /** Stops or starts the sample application; its process stays, it answers nothing but 502. */
  stopped(on: boolean): Promise<void>;
  /** PATH without the simulated commands. */
  realPath(env: NodeJS.ProcessEnv): string;
}

const recordOf = (home: string) => join(home, 'providers.json');
export const bucketsOf = (home: string): string => join(home, 'buckets');

/** The record as a new sandbox has it. */
export const untouched = (database: string, created: string): ProviderRecord => ({
  variables: {},
  instances: { [names.instance]: { database, retention: 7, created } },
});

const composeFileOf = (home: string) => join(home, 'compose.yaml');
const headersOf = (home: string) => join(home, 'render-headers');

/** Variables with which a runbook names the providers' things. */
export const providerVariables = (home: string): Readonly<Record<string, string>> => ({
  RAILWAY_SERVICE: names.service,
  RENDER_SERVICE_ID: names.renderService,
  RENDER_POSTGRES_ID: names.renderPostgres,
  RENDER_HEADERS_FILE: headersOf(home),
  COMPOSE_FILE: composeFileOf(home),
  COMPOSE_SERVICE: names.composeApi,
  COMPOSE_DATABASE: names.composeDatabase,
  RDS_INSTANCE: names.instance,
  S3_BUCKET: names.bucket,
});

/** Makes what the simulated commands need, where it is not there yet. */
export async function prepareProviders(home: string): Promise<void> {
  const there = await access(composeFileOf(home)).then(
    () => true,
    () => false,
  );
  if (!there) await forgetProviders(home);
}

/** Brings everything that the simulated commands keep back to how it was made: one empty bucket, one instance. */
export async function forgetProviders(home: string): Promise<void> {
  for (const name of await readdir(home))
    if (name === 'providers.json' || name === 'buckets' || /^bucket-.*\.json$/.test(name))
      await rm(join(home, name), { recursive: true, force: true });
  await mkdir(join(bucketsOf(home), names.bucket), { recursive: true, mode: 0o700 });
  await writeFile(headersOf(home), 'Authorization: Bearer simulated\n', { mode: 0o600 });
  await writeFile(
    composeFileOf(home),
    `name: members\nservices:\n  ${names.composeApi}:\n    image: members\n  ${names.composeDatabase}:\n    image: postgres\n`,
  );
}

/** The sandbox of a home, which must run. Throws a `Refused` where it does not. */
export async function worldOf(home: string): Promise<World> {
  const status = await sandboxStatus(home);
  if (status.state !== 'running' || !status.application || !status.url || !status.socket)
    throw new Refused("the sandbox does not run: start it with 'drillbook sandbox start'", 1);
  const applicationUrl = status.application.url;
  const put = async (path: string, word: string) => {
    const answer = await fetch(`${applicationUrl}${path}`, { method: 'PUT', body: word });
    if (!answer.ok) throw new Refused(`the sample application answers ${answer.status}`, 1);
  };
  const database = new URL(status.url).pathname.slice(1);
  return {
    home,
    socket: status.socket,
    databaseUrl: status.url,
    applicationUrl,
    buckets: bucketsOf(home),
    read: async () =>
      (await readRecord<ProviderRecord>(recordOf(home))) ??
      untouched(database, status.seededAt ?? new Date().toISOString()),
    write: (record) => writeRecord(recordOf(home), record),
    maintenance: (on) => put('/maintenance', on ? 'on' : 'off'),
    stopped: (on) => put('/simulated/stopped', on ? 'on' : 'off'),
    realPath: (env) =>
      (env.PATH ?? '')
        .split(delimiter)
        .filter((folder) => folder !== simulatedFolder(home))
        .join(delimiter),
  };
}
