import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The commands that are simulated in the sandbox. */
export const simulatedCommands = ['railway', 'render', 'aws', 'docker', 'docker-compose', 'curl'] as const;
export type SimulatedCommand = (typeof simulatedCommands)[number];

/** Folder with the simulated commands of a sandbox; it comes first on PATH there. */
export const simulatedFolder = (home: string): string => join(home, 'simulated');

/**
 * Addresses that curl does not reach from the sandbox: providers' interfaces, and where the application of a runbook
 * would be reached. Patterns of the shell.
 */
const simulatedAddresses = [
  'https://api.render.com*',
  'https://backboard.railway.*',
  '*.railway.app*',
  '*.onrender.com*',
  '*yourdomain.com*',
  '*example.com*',
  'http://localhost*/health*',
  'http://localhost*/api/health*',
];

/** Writes the launchers into the sandbox's home: each starts this program's simulation, in that home. */
export async function writeLaunchers(home: string, entry: string): Promise<void> {
  const folder = simulatedFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const name of simulatedCommands) {
    const path = join(folder, name);
    await writeFile(path, name === 'curl' ? curlLauncher(folder, home, entry) : launcher(name, home, entry));
    await chmod(path, 0o755);
  }
}

const start = (name: SimulatedCommand, home: string, entry: string) =>
  `exec ${quoted(process.execPath)} ${quoted(entry)} __simulated --home ${quoted(home)} ${name} "$@"`;

const launcher = (name: SimulatedCommand, home: string, entry: string) =>
  `#!/bin/sh\n${start(name, home, entry)}\n`;

// The real curl does nearly everything; a process of ours is started only for an address that is simulated.
const curlLauncher = (folder: string, home: string, entry: string) => `#!/bin/sh
for word in "$@"; do
  case "$word" in
    ${simulatedAddresses.join(' | ')}) ${start('curl', home, entry)} ;;
  esac
done
real=
old_ifs=$IFS
IFS=:
for folder in $PATH; do
  if [ "$folder" != ${quoted(folder)} ] && [ -x "$folder/curl" ]; then real=$folder/curl; break; fi
done
IFS=$old_ifs
if [ -z "$real" ]; then echo "curl: command not found" >&2; exit 127; fi
exec "$real" "$@"
`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
