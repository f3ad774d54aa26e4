import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { anchorsOf, slugsIn } from '../lint/anchors.ts';
import { openDocument } from '../lint/document.ts';
import { outline } from '../runbook/outline.ts';
import type { Link } from '../runbook/runbook.ts';
import type { LinkedRunbook, StepLink } from '../tui/house.ts';
import { repositoryOf } from './lint-world.ts';
import { type RunbookFile, readRunbook } from './runbook-file.ts';

/** So much of a text is shown, in characters; the rest is in the file. */
const longest = 200_000;
/** Larger files are not searched for headings; bytes. */
const largest = 4 * 1024 * 1024;

/**
 * The links of a runbook to Markdown files and to places in itself, each looked up. `path` is where the runbook lies,
 * which links are counted from; one that starts with a slash is counted from the root of its repository. What is not
 * there is said in `problem`, what lies outside the runbook's folder in `outside`.
 */
export async function linksOf(file: RunbookFile, path: string): Promise<readonly StepLink[]> {
  const found: StepLink[] = [];
  for (const link of file.runbook.links) {
    const one = await lookUp(link, file, resolve(path));
    if (one) found.push(one);
  }
  return found;
}

async function lookUp(link: Link, file: RunbookFile, own: string): Promise<StepLink | undefined> {
  const { text, url, range } = link;
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url) || url.trim() === '' || url.includes('\0')) return undefined;
  const [before = '', after] = url.split('#');
  const anchor = after === undefined || after === '' ? undefined : decoded(after);
  const name = decoded(before.split('?')[0]!);
  const said = { text, url, range, ...(anchor === undefined ? {} : { anchor }) };
  const missing = (slugs: ReadonlySet<string>, where: string) =>
    anchor === undefined || hasAnchor(slugs, anchor)
      ? {}
      : { problem: `${where} has no heading #${anchor}.` };
  if (name === '')
    return anchor === undefined
      ? undefined
      : { ...said, path: own, outside: false, ...missing(slugsIn(file.source), 'This runbook') };
  if (!/\.(?:md|markdown)$/i.test(name)) return undefined;
  const root = name.startsWith('/') ? await repositoryOf(dirname(own)) : dirname(own);
  const place = join(root ?? '/', name);
  const there = await stat(place).catch(() => undefined);
  if (!there?.isFile())
    return {
      ...said,
      outside: isOutside(dirname(own), place),
      problem: `There is no file ${place}: the link at line ${range.line} leads nowhere.`,
    };
  // A link on the disk may lead out of the folder where its name does not.
  const real = await realpath(place).catch(() => place);
  const folder = await realpath(dirname(own)).catch(() => dirname(own));
  const content = there.size <= largest && anchor !== undefined ? await textOf(place) : undefined;
  return {
    ...said,
    path: place,
    outside: isOutside(folder, real),
    ...(content === undefined ? {} : missing(slugsIn(content), name)),
  };
}

/** Opens what a link leads to: how it would be run, and its text from the named heading on. Throws a `Refusal`. */
export async function openLinked({ path, url, anchor }: StepLink): Promise<LinkedRunbook> {
  if (path === undefined) throw new Error(`${url} leads to no file`);
  const file = await readRunbook(path);
  const { runbook, source } = file;
  const anchors = anchorsOf(openDocument(runbook, source, {}));
  const at = anchors.findIndex(({ slug }) => slug === anchor?.toLowerCase() || slug === anchor);
  const heading = anchors[at];
  const procedure =
    anchor === undefined
      ? undefined
      : (runbook.procedures.find(({ id }) => id === anchor) ??
        runbook.procedures.findLast(
          ({ range }) => heading && range.start <= heading.start && heading.start < range.end,
        ));
  const next =
    heading && heading.level > 0
      ? anchors.slice(at + 1).find(({ level }) => level > 0 && level <= heading.level)
      : undefined;
  const text = source.slice(heading?.start ?? 0, next?.start);
  return {
    path,
    title: runbook.title || path,
    ...(procedure ? { procedure: procedure.id } : {}),
    runnable: runbook.procedures.length > 0,
    outline: outline(runbook, procedure?.id),
    text: text.length > longest ? `${text.slice(0, longest)}\n\n… the rest is in ${path}` : text,
  };
}

function hasAnchor(slugs: ReadonlySet<string>, anchor: string): boolean {
  return slugs.has(anchor) || slugs.has(anchor.toLowerCase().replace(/-\d+$/, ''));
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`);
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
