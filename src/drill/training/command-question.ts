import type { Effect, Reading } from '../../effects/effect.ts';
import type { Guarded } from '../../run/decision.ts';
import type { RunState } from '../../run/state.ts';
import type { TrainingAnswer, TrainingQuestion } from '../../run/training.ts';

/**
 * What is asked before a command that destroys, or of which nobody knows what it does: what will it do, and to which
 * database? Undefined for other commands. The first answer, which is marked, says that nothing happens; the right one stands at another place for each command.
 */
export function questionBefore(state: RunState, guarded: Guarded): TrainingQuestion | undefined {
  const { reading, command } = guarded;
  const worst = reading.effects.filter((effect) => effect.class === reading.class);
  const [first] = worst;
  const live = state.started.target?.database ?? 'the live database';
  if (first && reading.class === 'unknown') return openQuestion(command, first, databaseOf(reading) ?? live);
  if (reading.class !== 'destroys' || !first) return undefined;
  const what = [...new Set(worst.map((effect) => inShort(effect.reason)))].slice(0, 2).join('; ');
  const where = placeOf(reading, first, live);
  const right: TrainingAnswer = {
    id: 'right',
    text: sentence(what, where),
    right: true,
    consequence: `That is what its syntax says. ${where === live ? 'It is the live database.' : 'The live database is left alone by it.'}`,
  };
  const wrong: readonly TrainingAnswer[] = [
    {
      id: 'reads',
      text: `It only reads ${where}`,
      right: false,
      consequence: `It would have done this: ${sentence(what, where)}. Whoever takes it for reading runs it anywhere.`,
    },
    {
      id: 'elsewhere',
      text: isDatabase(first) ? elsewhere(what, where, live) : `It empties the database ${live}`,
      right: false,
      consequence: `It goes to ${where}, not there: ${sentence(what, where)}. On the wrong database this is the incident.`,
    },
    {
      id: 'copy',
      text: `It works on a copy; ${where} stays as it is`,
      right: false,
      consequence: `There is no copy. ${sentence(what, where)}, and what is gone comes from a backup only.`,
    },
  ];
  return ask(command, right, wrong);
}

/** The right answer stands anywhere but in the first place. */
function ask(command: string, right: TrainingAnswer, wrong: readonly TrainingAnswer[]): TrainingQuestion {
  const answers = [...wrong];
  answers.splice(1 + (sumOf(command) % wrong.length), 0, right);
  return {
    id: `before/${command}`,
    text: 'What will this do, and to which database?',
    answers,
    marked: 0,
    command,
  };
}

/** The text does not tell what happens: that is what a trainee has to see, and what to do about it. */
function openQuestion(command: string, first: Effect, where: string): TrainingQuestion {
  const what = inShort(first.reason);
  const says = (id: string, text: string, consequence: string): TrainingAnswer => ({
    id,
    text,
    right: id === 'right',
    consequence,
  });
  return ask(
    command,
    says(
      'right',
      `Its text does not tell, and it may change ${where}: ${what}`,
      'Read what it runs before you run it: nothing here knows it, and nothing would stop it.',
    ),
    [
      says('reads', `It only reads ${where}`, `Nothing says so: ${what}. Taking it for reading is a guess.`),
      says(
        'asks',
        'It changes nothing before it has asked you once more',
        `No such question comes out of a command that runs: it goes through to its end, and ${what}.`,
      ),
      says(
        'copy',
        `It works on a copy; ${where} stays as it is`,
        `Nobody has made a copy of ${where}. What it does, it does there: ${what}.`,
      ),
    ],
  );
}

function placeOf(reading: Reading, { hits }: Effect, live: string): string {
  // Sessions are named with their server: members@127.0.0.1:5432.
  if (hits && hits.kind !== 'other') return hits.name.replace(/@.*$/s, '') || live;
  return databaseOf(reading) ?? live;
}

function databaseOf({ connections }: Reading): string | undefined {
  return connections.find((connection) => connection.database !== undefined)?.database;
}

/** What falls on a path or a bucket would make no sense of a database. */
function isDatabase({ hits }: Effect): boolean {
  return hits === undefined || hits.kind === 'database' || hits.kind === 'sessions' || hits.kind === 'other';
}

function sentence(what: string, where: string): string {
  return what.includes(where) ? what : `${what}, on ${where}`;
}

/** The same at the place where one would rather not have it, or would. */
function elsewhere(what: string, where: string, live: string): string {
  const other = where === live ? `${live}_restored` : live;
  if (!what.includes(where)) return `${what}, on ${other}`;
  // Both at once: what names them both has them the other way round.
  const names = [where, other].map(escaped).join('|');
  const either = new RegExp(`(?<!\\w)(?:${names})(?!\\w)`, 'g');
  return what.replace(either, (name) => (name === where ? other : where));
}

/** Without the address, which every answer would have, and what comes of it: an answer is one line to be read. */
function inShort(reason: string): string {
  return reason.replace(/: whoever.*$/s, '').replace(/,? (?:on|over) \S*@\S+$/, '');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function sumOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
}
