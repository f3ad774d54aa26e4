import { debriefOf } from '../drill/training/debrief.ts';
import { type Person, peopleOf, readResults } from '../drill/training/results.ts';
import { scenarioOf, scenarios } from '../drill/training/scenarios.ts';
import type { Score } from '../drill/training/score.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { print, printJson, say } from './log-output.ts';
import { readSettings } from './settings.ts';
import { isTerminal } from './terminal.ts';
import { unknownScenario } from './trainee.ts';

interface ResultOptions {
  json?: boolean;
  all?: boolean;
}

/** `drillbook train [SCENARIO]`, `train list`, `train results [TRAINING]`. Returns the exit code. */
export async function train(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine(
    'train',
    'Breaks the sandbox for real, so that you can mend it: symptoms, questions, a procedure, a debrief.',
  )
    .argument('[scenario]', 'an id of the list; without it, you choose')
    .action(async (scenario: string | undefined) => {
      code = await begin(scenario);
    });
  command
    .command('list')
    .description('the scenarios')
    .option('--json', 'as JSON')
    .action((options: ResultOptions) => list(options));
  command
    .command('results [training]')
    .description('what came of your trainings; the debrief of one')
    .option('--json', 'as JSON')
    .option('--all', 'of everybody on this machine, person by person')
    .action((training: string | undefined, options: ResultOptions) => results(training, options));
  await parse(command, args);
  return code;
}

async function begin(scenario: string | undefined): Promise<number> {
  if (scenario !== undefined && !scenarioOf(scenario)) throw new Refusal(unknownScenario(scenario));
  if (!isTerminal())
    throw new Refusal(
      "a training wants a person at a terminal. 'drillbook train list' and 'drillbook train results' do without.",
      exit.needsPerson,
    );
  const { home } = await import('./home.ts');
  return home({ train: scenario === undefined ? {} : { scenario } });
}

function list({ json }: ResultOptions): void {
  if (json) {
    printJson({ scenarios: scenarios.map(({ id, title, level }) => ({ id, title, level })) });
    return;
  }
  const width = Math.max(...scenarios.map(({ id }) => id.length));
  for (const { id, title, level } of scenarios) print(`${id.padEnd(width)}  ${level.padEnd(6)}  ${title}`);
}

async function results(wanted: string | undefined, { json, all }: ResultOptions): Promise<void> {
  const settings = await readSettings(process.env, process.cwd());
  const known = await readResults(settings.folders.state);
  if (wanted !== undefined) return one(known, wanted, json);
  if (all) {
    const people = peopleOf(known);
    if (json) printJson({ people, results: known });
    else if (people.length === 0) say('Nobody has trained on this machine yet.');
    else for (const person of people) print(personLine(person));
    return;
  }
  const own = known.filter(({ operator }) => operator === settings.operator);
  if (json) printJson({ results: own });
  else if (own.length === 0) say('No trainings yet. One begins with: drillbook train');
  else for (const score of own) print(resultLine(score));
}

function one(known: readonly Score[], wanted: string, json: boolean | undefined): void {
  const found = known.filter(({ training }) => training === wanted || training.endsWith(`-${wanted}`));
  const [score] = found;
  if (!score || found.length > 1)
    throw new Refusal(
      `there is no single training ${wanted}. 'drillbook train results --all --json' has the ids of all.`,
    );
  if (json) printJson({ ...score });
  else print(debriefOf(score, scenarioOf(score.scenario)));
}

function resultLine(score: Score): string {
  const { training, scenario, outcome, points, seconds, hints, nearMisses, startedAt } = score;
  return [
    startedAt.slice(0, 16).replace('T', ' '),
    scenario.padEnd(16),
    outcome.padEnd(10),
    `${String(points).padStart(3)} points`,
    `${String(Math.floor(seconds / 60)).padStart(3)} min`,
    `${hints} hints`,
    `${nearMisses.length} near misses`,
    training,
  ].join('  ');
}

function personLine({ operator, trainings, solved, best, hints, nearMisses, last }: Person): string {
  const scenariosSolved = Object.keys(best).length;
  const missing = scenarios.filter(({ id }) => best[id] === undefined).map(({ id }) => id);
  return [
    `${operator}: ${trainings} trainings, ${solved} solved, ${scenariosSolved} of ${scenarios.length} scenarios`,
    ...Object.entries(best).map(([scenario, points]) => `${scenario} ${points}`),
    `${hints} hints`,
    `${nearMisses} near misses`,
    `last ${last.slice(0, 10)}`,
    ...(missing.length > 0 ? [`not yet: ${missing.join(', ')}`] : []),
  ].join(' · ');
}
