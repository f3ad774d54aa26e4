import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { productionSmells } from '../settings/production-smell.ts';
import { findProjectFile, projectFileName } from '../settings/project-file.ts';
import { knownTools, whereIs } from './installed-tools.ts';
import { looseRunbooks } from './loose-runbooks.ts';
import { uncheckedYaml } from './unchecked-yaml.ts';

/** A variable that may be a database, by its name. Its value is never looked at. */
export interface FoundDatabase {
  readonly variable: string;
  /** Where the name stands: `the environment`, `.env`, `compose.yaml`. */
  readonly where: string;
  /** A name for the target. */
  readonly name: string;
  /** Why it may be production; empty where nothing says so. */
  readonly smells: readonly string[];
}

/** What is around. */
export interface Around {
  /** The git root, or the folder itself. */
  readonly root: string;
  readonly branch: string | undefined;
  /** The project file that is there already. */
  readonly existing: string | undefined;
  /** Folders with runbooks, relative to the root. */
  readonly runbooks: readonly string[];
  /** Files that were read for names, relative to the root. */
  readonly files: readonly string[];
  readonly databases: readonly FoundDatabase[];
  /** Names of variables that may say more, without a use of their own: stores, the application. */
  readonly others: readonly string[];
  /** Words that choose options of runbooks: `docker`, `railway`, `render`. */
  readonly tags: readonly string[];
  readonly tools: Readonly<Record<string, boolean>>;
}

const runbookFolders = [
  'runbooks',
  'docs/runbooks',
  'doc/runbooks',
  'ops/runbooks',
  'runbook',
  'playbooks',
  'docs/playbooks',
  'docs/operations',
  'docs/ops',
  'ops',
];
const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const providerFiles: Readonly<Record<string, string>> = {
  'railway.json': 'railway',
  'railway.toml': 'railway',
  'render.yaml': 'render',
};

/** Looks around from a folder. Reads names of variables and never a value; throws nothing for what cannot be read. */
export async function lookAround(from: string, environment: NodeJS.ProcessEnv): Promise<Around> {
  const root = await gitRoot(from);
  const branch = await branchOf(root);
  const entries: readonly string[] = await readdir(root).catch(() => []);
  const files: string[] = [];
  const names = new Map<string, string>();
  const keep = (variables: readonly string[], where: string) => {
    for (const variable of variables) if (!names.has(variable)) names.set(variable, where);
  };
  const tags = new Set<string>();
  for (const file of entries.filter((name) => /^\.env(\.[\w.-]+)?$/.test(name)).sort()) {
    keep(variablesOf(await text(join(root, file))), file);
    files.push(file);
  }
  for (const file of composeFiles.filter((name) => entries.includes(name))) {
    keep(composeVariables(await text(join(root, file))), file);
    files.push(file);
    tags.add('docker');
  }
  for (const [file, tag] of Object.entries(providerFiles))
    if (entries.includes(file)) {
      files.push(file);
      tags.add(tag);
      if (file === 'render.yaml') keep(renderVariables(await text(join(root, file))), file);
    }
  keep(Object.keys(environment).sort(), 'the environment');
  const project = nameOf(basename(root)) || 'main';
  const all = [...names].filter(([variable]) => isDatabase(variable));
  // Test databases come and go by themselves, and what a template names is named again where it is used.
  const databases = all
    .filter(
      ([variable, where]) =>
        (!/TEST/.test(variable) && !/\.(example|sample|template|dist)$/.test(where)) || all.length === 1,
    )
    .map(([variable, where]) => ({
      variable,
      where,
      name: targetName(variable, project),
      smells: productionSmells({
        url: `env:${variable}`,
        ...(where === 'the environment' ? {} : { file: where }),
        branch: where === 'the environment' ? branch : undefined,
      }),
    }));
  const tools = await Promise.all(
    knownTools.map(async (name) => [name, (await whereIs(name, environment)) !== undefined] as const),
  );
  return {
    root,
    branch,
    existing: await existing(from),
    runbooks: await foldersWithRunbooks(root),
    files,
    databases: unique(databases),
    others: [...names.keys()]
      .filter((name) => !isDatabase(name) && /^PG[A-Z]+$|_URL$|BUCKET/.test(name))
      .sort(),
    tags: [...tags],
    tools: Object.fromEntries(tools),
  };
}

/** Two variables with one name of a target: the second keeps its own. */
function unique(found: readonly FoundDatabase[]): readonly FoundDatabase[] {
  const taken = new Set<string>();
  return found.map((one) => {
    const name = taken.has(one.name) ? nameOf(one.variable) : one.name;
    taken.add(name);
    return { ...one, name };
  });
}

/** By its name: `DATABASE_URL`, `SHOP_DB_URL`, `POSTGRES_URI`, `PG_DSN`. */
function isDatabase(variable: string): boolean {
  return (
    /(^|_)(DATABASE|DB|POSTGRES|POSTGRESQL|PG|PGSQL)(_[A-Z0-9]+)*_?(URL|URI|DSN)$/.test(variable) &&
    !/(REDIS|MONGO|MYSQL|ELASTIC|RABBIT|AMQP|BACKUP_DIR)/.test(variable)
  );
}

/** `STAGING_DATABASE_URL` of shop: `staging`; `DATABASE_URL`: the project's own name. */
function targetName(variable: string, project: string): string {
  const own = variable
    .replace(/_?(URL|URI|DSN)$/, '')
    .split('_')
    .filter((word) => !/^(DATABASE|DB|POSTGRES|POSTGRESQL|PG|PGSQL|PUBLIC|PRIVATE)$/.test(word))
    .join('-');
  return nameOf(own) || project;
}

function nameOf(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** The names in a file of assignments; what stands behind the equals sign is dropped as it is read. */
export function variablesOf(source: string): readonly string[] {
  // A value in quotes may go over several lines, and what stands in it is none of ours.
  const outside = source.replaceAll(/=\s*(["'])(?:(?!\1)[^\\]|\\.)*\1[ \t]*(?=#|$)/gm, '=');
  return outside.split('\n').flatMap((line) => /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? []);
}

/** The names under `environment:` of every service. */
function composeVariables(source: string): readonly string[] {
  const services = Object.values(record(record(uncheckedYaml(source)).services));
  return services.flatMap((service) => {
    const given = record(service).environment;
    if (Array.isArray(given)) return given.map((one) => String(one).split('=')[0]!);
    return Object.keys(record(given));
  });
}

/** The keys of `envVars` of every service. */
function renderVariables(source: string): readonly string[] {
  const { services } = record(uncheckedYaml(source));
  return (Array.isArray(services) ? services : []).flatMap((service) => {
    const { envVars } = record(service);
    return (Array.isArray(envVars) ? envVars : []).flatMap((one) => {
      const { key } = record(one);
      return typeof key === 'string' ? [key] : [];
    });
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

async function foldersWithRunbooks(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of runbookFolders) {
    const names = await readdir(join(root, folder)).catch(() => []);
    // What is within one that was found is read with it.
    if (
      names.some((name) => /\.(md|markdown)$/i.test(name)) &&
      !found.some((one) => folder.startsWith(`${one}/`))
    )
      found.push(folder);
  }
  return found.length === 0 && (await looseRunbooks(root)) > 0 ? ['.'] : found;
}

async function gitRoot(from: string): Promise<string> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (await stat(join(folder, '.git')).catch(() => undefined)) return folder;
    if (folder === dirname(folder)) return from;
  }
}

async function branchOf(root: string): Promise<string | undefined> {
  // In a worktree `.git` is a file that names the folder.
  const pointer = /^gitdir: (.+)$/m.exec(await text(join(root, '.git')))?.[1];
  const head = await text(join(pointer ?? join(root, '.git'), 'HEAD'));
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1];
}

/** The project file that would win here; one that cannot be used counts as well. */
async function existing(from: string): Promise<string | undefined> {
  try {
    return (await findProjectFile(from)).path;
  } catch {
    for (let folder = from; ; folder = dirname(folder)) {
      const path = join(folder, projectFileName);
      if (await stat(path).catch(() => undefined)) return path;
      if (folder === dirname(folder)) return undefined;
    }
  }
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** A path for the screen: relative where it lies below. */
export function shown(path: string, from: string): string {
  const way = relative(from, path);
  return way === '' ? '.' : way.startsWith('..') ? path : way;
}
