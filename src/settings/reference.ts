import { readFile } from 'node:fs/promises';

/** Where a value is to be found: `env:NAME`, `file:PATH`, or the text itself. */
export type Reference = string;

export type Resolved =
  | { readonly value: string; readonly source: 'environment' | 'target' }
  | { readonly problem: string };

/** The value that a reference names. Never throws: a missing variable or file is a problem with its name in it. */
export async function resolveReference(
  reference: Reference,
  environment: NodeJS.ProcessEnv,
): Promise<Resolved> {
  if (reference.startsWith('env:')) {
    const name = reference.slice(4);
    const value = environment[name];
    return value
      ? { value, source: 'environment' }
      : { problem: `the environment variable ${name} is not set` };
  }
  if (reference.startsWith('file:')) {
    const path = reference.slice(5);
    try {
      return { value: (await readFile(path, 'utf8')).trim(), source: 'target' };
    } catch (error) {
      return { problem: `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})` };
    }
  }
  return { value: reference, source: 'target' };
}

/** True for text with a password in it, which belongs into the environment or a file and not into settings. */
export function holdsPassword(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:[^/@\s]+@/i.test(text) || /[?&\s]password=[^&\s]/i.test(text);
}
