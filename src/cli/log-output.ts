import { sanitise } from '../terminal/sanitise.ts';

/** Runs and entries hold text of commands: nothing of it may reach the terminal as a sequence. */
export function print(text: string): void {
  process.stdout.write(`${sanitise(text)}\n`);
}

/** JSON says the same with escapes: exact for a program, harmless on a terminal. Its form is numbered, schema 1. */
export function printJson(value: object): void {
  const text = JSON.stringify({ schema: 1, ...value }, null, 2);
  const escaped = text.replaceAll(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  process.stdout.write(`${escaped}\n`);
}

/** For the person, not for the data: to standard error. */
export function say(text: string): void {
  process.stderr.write(`${sanitise(text)}\n`);
}
