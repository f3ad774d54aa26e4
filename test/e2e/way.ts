import type { Terminal } from '../support/terminal.ts';

/** What a person sees before each Enter, from Home to the entry: a text of the screen, and what Enter does. */
export const way: readonly (readonly [see: string, enter: string])[] = [
  ['▸ Drill a restore on the sandbox', 'open'],
  ['▸ Drill', 'choose'],
  ['▸ sandbox', 'choose'],
  ['▸ Begin the run', 'accept'],
  ['▶ ☐ The incident is declared', 'tick'],
  ['▶ ☐ Everybody who uses', 'tick'],
  ['command 1 of 4 · Which server', 'run'],
  ['command 2 of 4 · Client tools', 'run'],
  ['command 3 of 4 · The restored database', 'run'],
  ['command 4 of 4 · What does', 'run'],
  ['Next: 2 Pre-checks', 'next step'],
  ['command 1 of 3 · Newest first', 'run'],
  ['command 2 of 3 · Are its bytes', 'run'],
  ['command 3 of 3 · Read the archive', 'run'],
  ['Next: 3 Safety backup', 'next step'],
  ['command 1 of 3 · The name', 'run'],
  ['command 2 of 3 · Dump under', 'run'],
  ['command 3 of 3 · It counts', 'run'],
  ['Next: 4 Maintenance mode on', 'next step'],
  ['▸ Option A: Switch of the application', 'choose'],
  ['command 1 of 2 · The application stops', 'run'],
  ['command 2 of 2 · Seen from outside', 'run'],
  ['Next: 5 Close the live database', 'next step'],
  ['command 1 of 3 · No new connections', 'run'],
  ['command 2 of 3 · End those', 'run'],
  ['Run this? Enter runs it', 'confirm'],
  ['command 3 of 3 · Nobody left', 'run'],
  ['Next: 6 Restore into', 'next step'],
  ['command 1 of 4 · Remove what', 'run'],
  ['Run this? Enter runs it', 'confirm'],
  ['command 2 of 4 · An empty database', 'run'],
  ['command 3 of 4 · Restore, and stop', 'run'],
  ['command 4 of 4 · Statistics', 'run'],
  ['Next: 7 Verify', 'next step'],
  ['command 1 of 3 · Against the manifest', 'run'],
  ['command 2 of 3 · The triggers', 'run'],
  ['command 3 of 3 · Tables by size', 'run'],
  ['measured: equal, so it is met', 'as measured'],
  ['Must hold: Restore completes', 'as measured'],
  ['Next: 8 Restore: swap', 'next step'],
  ['command 1 of 4 · Owner, settings', 'run'],
  ['command 2 of 4 · The name', 'run'],
  ['command 3 of 4 · Both names', 'run'],
  ['Run this? Enter runs it', 'confirm'],
  ['command 4 of 4 · The live name', 'run'],
  ['Next: 9 Maintenance mode off', 'next step'],
  ['▸ Option A: Switch of the application', 'choose'],
  ['The application serves again', 'run'],
  ['Next: 10 Health check', 'next step'],
  ['Ready again: 200', 'run'],
  ['▶ ☐ A person has used', 'tick'],
  ['Next: 11 Follow-up', 'next step'],
  ['▶ ☐ The team and the users', 'tick'],
  ['▶ ☐ The error logs', 'tick'],
  ['▶ ☐ The day on which', 'tick'],
  ['▶ ☐ The incident entry', 'tick'],
  ['Every step is done', 'finish'],
  ['Proposed: passed', 'choose'],
  ['(1 of 2)', 'done'],
  ['(2 of 2)', 'done'],
  ['Entry written', 'back'],
];

/** Waits until a text is on the screen and Enter does what is expected; gives the screen. */
export function offered(at: Terminal, see: string, enter: string): Promise<string> {
  return at.until(
    `${see}, and Enter for: ${enter}`,
    (now) => now.includes(see) && new RegExp(`⏎ ${enter}\\b`).test(now) && /(all keys|back|go on)$/.test(now),
  );
}

/** Goes the way with Enter, from what is seen first to what is seen last; the last is not entered. */
export async function follow(at: Terminal, from: string, to: string): Promise<void> {
  const first = way.findIndex(([see]) => see === from);
  const last = way.findIndex(([see], index) => index >= first && see === to);
  for (const [index, [see, enter]] of way.entries()) {
    if (index < first || index > last) continue;
    await offered(at, see, enter);
    if (index < last) at.press('enter');
  }
}
