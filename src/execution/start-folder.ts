import { stat } from 'node:fs/promises';

/**
 * What is wrong with the folder that a command would start in, in a sentence; undefined where nothing is. It must not run in
 * another one: `rm -rf ./old` would be something else there.
 */
export async function folderFault(folder: string): Promise<string | undefined> {
  try {
    if ((await stat(folder)).isDirectory()) return undefined;
    return `${folder} is not a folder; the command would start in it. Make it one, then run the step again.`;
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is gone' : `cannot be entered (${error})`;
    return `The folder ${folder} ${why}; the command would start in it. Make it again, then run the step again.`;
  }
}
