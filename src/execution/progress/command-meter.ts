import { plainValue, type ShellState } from '../shell-state.ts';
import { archiveOf, entriesOf } from './archive.ts';
import { meterFor, type ProgressMeter } from './meter.ts';

/** What follows the progress of a command, for those that tell it. */
export async function meterOf(
  text: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  state: ShellState,
): Promise<ProgressMeter | undefined> {
  if (meterFor(text) === undefined) return undefined;
  const archive = archiveOf(text, (name) => plainValue(state, name) ?? environment[name]);
  const entries = archive === undefined ? undefined : await entriesOf(archive, folder, environment);
  return meterFor(text, entries);
}
