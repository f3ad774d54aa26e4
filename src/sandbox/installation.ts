import { readFile } from 'node:fs/promises';

/** What is missing on this system. */
export type Missing =
  | { readonly kind: 'nothing-found' }
  | { readonly kind: 'no-clients'; readonly server: string }
  | { readonly kind: 'no-server'; readonly clients: string }
  | {
      readonly kind: 'none-fits';
      readonly server: string;
      readonly clients: string;
    };

/** The sentence that says what is missing and what to install, for the system with this os-release(5) text. */
export function installationAdvice(missing: Missing, platform: NodeJS.Platform, release: string): string {
  return `${what(missing)} ${how(platform, release)} Browsing, preview and lint work without it.`;
}

/** The text of /etc/os-release, or nothing where there is none. */
export async function systemRelease(): Promise<string> {
  return readFile('/etc/os-release', 'utf8').catch(() => '');
}

function what(missing: Missing): string {
  const tools = 'psql, pg_dump, pg_restore, createdb and dropdb';
  switch (missing.kind) {
    case 'nothing-found':
      return `The sandbox needs PostgreSQL and its client tools (${tools}), and none were found.`;
    case 'no-clients':
      return `A PostgreSQL server ${missing.server} was found, but not its client tools (${tools}).`;
    case 'no-server':
      return `PostgreSQL client tools ${missing.clients} were found, but no server of version 14 or later that runs here.`;
    case 'none-fits':
      return (
        `The PostgreSQL client tools found are ${missing.clients}, the server is ${missing.server}: ` +
        'pg_dump refuses a server newer than itself.'
      );
  }
}

function how(platform: NodeJS.Platform, release: string): string {
  if (platform === 'darwin') return "Install both with 'brew install postgresql@17'.";
  const families = [...release.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)]
    .flatMap((m) => (m[1] ?? '').replaceAll(/["']/g, '').split(/\s+/))
    .map((family) => commands[family])
    .filter((command) => command !== undefined);
  const command = families[0];
  return command
    ? `Install both with '${command}'.`
    : 'Install the PostgreSQL server and client packages of your system, version 14 or later.';
}

const commands: Readonly<Record<string, string>> = {
  debian: 'sudo apt-get install postgresql postgresql-client',
  ubuntu: 'sudo apt-get install postgresql postgresql-client',
  fedora: 'sudo dnf install postgresql-server postgresql',
  rhel: 'sudo dnf install postgresql-server postgresql',
  alpine: 'sudo apk add postgresql postgresql-client',
  arch: 'sudo pacman -S postgresql',
  suse: 'sudo zypper install postgresql-server postgresql',
  opensuse: 'sudo zypper install postgresql-server postgresql',
};
