import { readdir } from 'node:fs/promises';

/** Documents that lie at the top of most projects and tell of the project, not of what to do at night. */
const aboutTheProject =
  /^(readme|changelog|changes|history|news|contributing|contributors|authors|maintainers|license|licence|copying|notice|security|support|governance|code-of-conduct|roadmap|todo|upgrading|agents|pull-request-template|issue-template)\b/i;

/** How many Markdown files lie in a folder itself that may be runbooks and are in no list; 0 where it cannot be read. */
export async function looseRunbooks(folder: string, listed: readonly string[] = []): Promise<number> {
  if (listed.some((one) => folder === one || folder.startsWith(`${one}/`))) return 0;
  const names = await readdir(folder).catch(() => []);
  return names.filter(
    (name) => /^[^.].*\.(md|markdown)$/i.test(name) && !aboutTheProject.test(name.replaceAll(/[_.-]+/g, '-')),
  ).length;
}

/** What to do about them; undefined where there are none. */
export async function looseHint(folder: string, listed: readonly string[]): Promise<string | undefined> {
  const count = await looseRunbooks(folder, listed);
  if (count === 0) return undefined;
  const files = count === 1 ? 'A Markdown file lies' : `${count} Markdown files lie`;
  return `${files} here, in no folder of runbooks. drillbook list . shows what they hold; drillbook init takes them in.`;
}
