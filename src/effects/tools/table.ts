import { archive } from './archive.ts';
import { aws } from './aws.ts';
import { builtins } from './builtin.ts';
import { cloud } from './cloud.ts';
import { container } from './container.ts';
import { copy } from './copy.ts';
import { coreutils } from './coreutils.ts';
import { drillbook } from './drillbook.ts';
import { editors } from './editor.ts';
import { git } from './git.ts';
import { http } from './http.ts';
import { kubernetes } from './kubernetes.ts';
import { machine } from './machine.ts';
import { mongo } from './mongo.ts';
import { mysql } from './mysql.ts';
import { packages } from './packages.ts';
import { postgres } from './postgres.ts';
import { postgresServer } from './postgres-server.ts';
import { provider } from './provider.ts';
import { redis } from './redis.ts';
import { remote } from './remote.ts';
import { repetition } from './repetition.ts';
import { shells } from './shells.ts';
import { sqlite } from './sqlite.ts';
import { startersOfOthers } from './starter.ts';
import { storage } from './storage.ts';
import { system } from './system.ts';
import { text } from './text.ts';
import type { Tool } from './tool.ts';
import { wrappers } from './wrapper.ts';

/** One table a tool; the later one wins where a name stands in two. */
export const tables: readonly (readonly Tool[])[] = [
  coreutils,
  storage,
  machine,
  copy,
  editors,
  system,
  packages,
  archive,
  text,
  git,
  http,
  postgres,
  postgresServer,
  mysql,
  sqlite,
  redis,
  mongo,
  container,
  kubernetes,
  aws,
  cloud,
  provider,
  remote,
  drillbook,
  builtins,
  shells,
  repetition,
  startersOfOthers,
  wrappers,
];

const byName = new Map<string, Tool>();
for (const tool of tables.flat()) for (const name of tool.names.split(' ')) byName.set(name, tool);

/** What is known of a command, by its name without a folder. */
export function toolNamed(name: string): Tool | undefined {
  return byName.get(name);
}
