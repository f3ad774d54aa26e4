import { coreutils } from './coreutils.ts';
import { http } from './http.ts';
import { postgres } from './postgres.ts';
import type { Tool } from './tool.ts';
import { wrappers } from './wrapper.ts';

const byName = new Map<string, Tool>();
for (const tool of [...wrappers, ...coreutils, ...postgres, ...http])
  for (const name of tool.names.split(' ')) byName.set(name, tool);

/** What is known of a command, by its name without a folder. */
export function toolNamed(name: string): Tool | undefined {
  return byName.get(name);
}
