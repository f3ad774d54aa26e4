import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { folders } from '../settings/folders.ts';
import type { Candidate } from './complete.ts';

/** Names that can be typed, for completion: read from disk by the shortest way, without the parts that would know more. */

/** More than anybody picks from. */
const most = 400;
const deepest = 4;

/** The runs of this machine, newest first. */
export async function runs(environment: NodeJS.ProcessEnv): Promise<readonly Candidate[]> {
  const names = await readdir(join(folders(environment).state, 'runs')).catch(() => []);
  return names
    .filter((name) => /^\d{8}-/.test(name) || /-[a-z0-9]{4,}$/.test(name))
    .sort()
    .reverse()
    .slice(0, most)
    .map((value) => ({ value }));
}

/** Targets of the project and of the user, and the sandbox. */
export async function targets(environment: NodeJS.ProcessEnv, folder: string): Promise<readonly Candidate[]> {
  const found = new Map<string, string>([['sandbox', 'made on demand']]);
  const add = (given: unknown) => {
    if (typeof given !== 'object' || given === null) return;
    for (const [name, one] of Object.entries(given))
      found.set(name, String((one as { environment?: unknown } | null)?.environment ?? ''));
  };
  const own = await readFile(join(folders(environment).config, 'preferences.json'), 'utf8').catch(() => '{}');
  add((JSON.parse(own) as { targets?: unknown }).targets);
  add((await project(folder)).targets);
  return [...found].map(([value, what]) => ({ value, what }));
}

/** Markdown files in the project's folders of runbooks, as they are typed from here. */
export async function runbooks(typed: string, folder: string): Promise<readonly Candidate[]> {
  const { path, runbooks: given } = await project(folder);
  const base = path === undefined ? folder : dirname(path);
  const places = Array.isArray(given) ? given.map(String) : ['runbooks', 'docs/runbooks'];
  const found: string[] = [];
  for (const place of places) await markdown(resolve(base, place), found, 0);
  const dotted = typed.startsWith('./');
  return found.slice(0, most).map((file) => {
    const shown = relative(folder, file);
    return { value: dotted && !shown.startsWith('.') ? `./${shown}` : shown };
  });
}

/** The procedures of a runbook as `FILE#procedure`: from what an earlier list knew of it, else compiled. */
export async function procedures(
  file: string,
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<readonly Candidate[]> {
  const path = resolve(folder, file);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = await readFile(join(folders(environment).cache, 'library.ndjson'), 'utf8').catch(() => '');
  const line = known.split('\n').find((one) => one.includes(`"sha256":"${sha256}"`));
  const listed = line
    ? (JSON.parse(line) as { catalogue: { procedures: readonly { id: string; title: string }[] } }).catalogue
        .procedures
    : (await (await import('./runbook-file.ts')).readRunbook(path)).runbook.procedures;
  return listed.map(({ id, title }) => ({ value: `${file}#${id}`, what: title }));
}

async function markdown(folder: string, found: string[], depth: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (found.length >= most) return;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < deepest) await markdown(path, found, depth + 1);
    else if (entry.isFile() && /\.(md|markdown)$/i.test(entry.name)) found.push(path);
  }
}

interface Project {
  readonly path?: string;
  readonly targets?: unknown;
  readonly runbooks?: unknown;
}

/** The nearest project file, unchecked: a fault in it is told when somebody runs something. */
async function project(from: string): Promise<Project> {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'drillbook.yaml');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const { uncheckedYaml } = await import('./unchecked-yaml.ts');
      const read = uncheckedYaml(text);
      return { ...(typeof read === 'object' && read !== null ? read : {}), path };
    }
    if (folder === dirname(folder) || (await stat(join(folder, '.git')).catch(() => undefined))) return {};
  }
}
