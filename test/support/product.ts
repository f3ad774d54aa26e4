import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    productFolder: string;
  }
}

const root = new URL('../..', import.meta.url).pathname;

/**
 * Set-up of a whole test run: a folder for the bundled product, removed at the end. It lies below `node_modules`, so
 * that the packages that stay outside of a bundle are found. Nothing is built before a test asks for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'drillbook-product-'));
  // Tests also start it as somebody else.
  await chmod(folder, 0o755);
  project.provide('productFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}

/** Builds the product once in a test run, whoever asks first, and gives the path of its entry. */
export async function product(): Promise<string> {
  const folder = inject('productFolder');
  const outcome = join(folder, 'outcome');
  const first = await mkdir(join(folder, 'building')).then(
    () => true,
    () => false,
  );
  if (first) await writeWhole(outcome, await bundled(folder));
  const problem = await appeared(outcome);
  if (problem) throw new Error(`the product could not be bundled: ${problem}`);
  return join(folder, 'dist', 'main.js');
}

/** Bundles into a folder, with the runbooks beside it as in the package; resolves to what went wrong, or nothing. */
export async function bundled(folder: string): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, [join(root, '.ci', 'bundle.mjs'), join(folder, 'dist')]);
    await cp(join(root, 'runbooks'), join(folder, 'runbooks'), { recursive: true });
    return '';
  } catch (error) {
    return String(error);
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(join(dirname(path), 'outcome.partial'), text);
  await rename(join(dirname(path), 'outcome.partial'), path);
}

async function appeared(path: string): Promise<string> {
  for (const end = performance.now() + 100_000; ; ) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    if (performance.now() > end) throw new Error('the product was not bundled in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
