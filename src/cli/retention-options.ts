import type { Command } from 'commander';
import type { Policy } from '../backup/retention.ts';
import { secondsOf } from '../settings/duration.ts';
import { exit, Refusal } from './exit.ts';

/** Flags that say which backups are kept. */
export function policyOptions(command: Command): Command {
  return command
    .option('--last <n>', 'keep the newest n')
    .option('--daily <n>', 'keep the newest of each of the last n days with a backup')
    .option('--weekly <n>', '… of n weeks')
    .option('--monthly <n>', '… of n months')
    .option('--yearly <n>', '… of n years')
    .option('--within <time>', 'keep everything younger, e.g. 30d');
}

/** The policy that the flags add up to; empty where none was given. Throws a `Refusal`. */
export function policyOf(options: Record<string, string | undefined>): Policy {
  return {
    last: whole('--last', options.last),
    daily: whole('--daily', options.daily),
    weekly: whole('--weekly', options.weekly),
    monthly: whole('--monthly', options.monthly),
    yearly: whole('--yearly', options.yearly),
    within: timeOf('--within', options.within),
  };
}

/** Milliseconds of a flag like `36h`. Throws a `Refusal`. */
export function timeOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new Refusal(`${flag} is a time like 30d or 12h, not ${text}.`, exit.usage);
  return seconds * 1000;
}

function whole(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,5}$/.test(value)) throw new Refusal(`${flag} is a number, not ${value}.`, exit.usage);
  return Number(value);
}
