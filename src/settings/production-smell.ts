/** What is known of something that may become a target. Nothing of it is looked up; no value of a variable is needed. */
export interface Scent {
  readonly name?: string;
  /** As settings have it: a URL, `env:NAME` or `file:PATH`. */
  readonly url?: string | undefined;
  /** The git branch that is checked out. */
  readonly branch?: string | undefined;
  /** The file that it was found in. */
  readonly file?: string | undefined;
}

/** Words that people call production, alone or between other words: `shop-prod`, `PROD_DATABASE_URL`. */
const words = /(?:^|[^a-z])(prod|prd|production|live|master|primary)(?:\d*)(?=[^a-z]|$)/i;

/** Servers that somebody rents: seldom a toy. */
const rented =
  /\.(rds\.amazonaws\.com|rlwy\.net|railway\.app|render\.com|neon\.tech|supabase\.(?:co|com)|database\.azure\.com|compute\.amazonaws\.com|ondigitalocean\.com|aivencloud\.com|timescaledb?\.io|fly\.dev)$/i;

const deployed = /^(main|master|production|prod|live|release([/-].*)?)$/i;

/**
 * Why a target may be production, as clauses for a sentence; empty where nothing smells of it. A guess by names alone,
 * which is why a person is asked and nothing is decided by it.
 */
export function productionSmells({ name, url, branch, file }: Scent): readonly string[] {
  const found: string[] = [];
  const called = (what: string, text: string | undefined) => {
    const word = text === undefined ? undefined : words.exec(text)?.[1];
    if (word !== undefined) found.push(`${what} ${text} has "${word}" in it`);
  };
  called('the name', name);
  called('the file', file);
  if (url?.startsWith('env:')) called('the variable', url.slice(4));
  else if (url?.startsWith('file:')) called('the file', url.slice(5));
  else if (url !== undefined) {
    const host = hostOf(url);
    called('the host', host);
    called('the database', databaseOf(url));
    if (host !== undefined && rented.test(host)) found.push(`the host ${host} is a rented server`);
  }
  if (branch !== undefined && deployed.test(branch))
    found.push(`the branch ${branch} is what is usually deployed`);
  return found;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname || undefined : undefined;
}

function databaseOf(url: string): string | undefined {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.slice(1)) || undefined : undefined;
}
