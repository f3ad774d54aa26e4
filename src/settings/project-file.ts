import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isCollection, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { type ProjectSettings, projectSettings } from './target-settings.ts';

export const projectFileName = 'drillbook.yaml';

/** A project file as found, or none. `folder` is what its relative paths start from. */
export interface ProjectFile {
  readonly path: string | undefined;
  readonly folder: string;
  readonly settings: ProjectSettings;
}

/**
 * The nearest `drillbook.yaml` at or above `from`; the search ends at a git root. Throws a `SettingsError` with
 * file:line:column where the file is there and cannot be used.
 */
export async function findProjectFile(from: string): Promise<ProjectFile> {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, projectFileName);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new SettingsError(`${path} cannot be read: ${error.message}`);
    });
    if (text !== undefined) return { path, folder, settings: parseProjectFile(path, text) };
    const isRoot = folder === dirname(folder) || (await stat(join(folder, '.git')).catch(() => undefined));
    if (isRoot) return { path: undefined, folder: from, settings: projectSettings.parse({}) };
  }
}

/** Settings that cannot be used; the message names the place and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the text of a project file. Throws a `SettingsError` that names every fault with its place. */
export function parseProjectFile(path: string, text: string): ProjectSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new SettingsError(
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`).join('\n'),
    );
  const result = projectSettings.safeParse(withoutEmpty(document.toJS() ?? {}));
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const offset = nearest(document.contents, issue.path)?.range?.[0] ?? 0;
    return `${at(offset)}: ${issue.path.join('.') || 'the file'}: ${issue.message}`;
  });
  throw new SettingsError(faults.join('\n'));
}

/** A key that has only comments behind it says nothing. */
function withoutEmpty(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/** The deepest node on the way to a path, for a fault in something that is not there. */
function nearest(node: Node | null, path: readonly PropertyKey[]): Node | undefined {
  if (!node) return undefined;
  const [key, ...rest] = path;
  if (key === undefined || !isCollection(node)) return node;
  const item = node.items.find((candidate, index) =>
    isPair(candidate) ? isScalar(candidate.key) && candidate.key.value === key : index === key,
  );
  const value = isPair(item) ? (item.value ?? item.key) : item;
  return value ? nearest(value as Node, rest) : node;
}
