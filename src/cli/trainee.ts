import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { endKilledTrainings, wordsOfKilled } from '../drill/training/killed.ts';
import { readResults } from '../drill/training/results.ts';
import { scenarioOf, scenarios } from '../drill/training/scenarios.ts';
import { Training } from '../drill/training/training.ts';
import type { ProcedureChoice } from '../run/training.ts';
import { trainingMark } from '../sandbox/training-mark.ts';
import type { ReadyTarget } from '../settings/targets.ts';
import type { ScenarioChoice } from '../tui/house.ts';
import { exit, Refusal } from './exit.ts';
import { shippedRunbooks } from './library.ts';
import { type Held, holdTarget, sandboxHome, sandboxName, shareSandbox } from './ready.ts';
import { readRunbook } from './runbook-file.ts';
import type { Settings } from './settings.ts';
import { version } from './version.ts';

/** The training that this process is at, if any: it holds the sandbox, and its runs get the sandbox as it is broken. */
export class Trainee {
  readonly #settings: Settings;
  readonly #environment: NodeJS.ProcessEnv;
  #training: Training | undefined;
  #release: (() => Promise<void>) | undefined;

  constructor(settings: Settings, environment: NodeJS.ProcessEnv) {
    this.#settings = settings;
    this.#environment = environment;
  }

  async scenarios(): Promise<readonly ScenarioChoice[]> {
    const { operator, folders } = this.#settings;
    const own = (await readResults(folders.state)).filter(
      (score) => score.operator === operator && score.outcome === 'solved',
    );
    return scenarios.map(({ id, title, level }) => {
      const points = own.filter((score) => score.scenario === id).map((score) => score.points);
      return { id, title, level, ...(points.length > 0 ? { best: Math.max(...points) } : {}) };
    });
  }

  /** Begins a training; an earlier one is closed. Throws a `Refusal` for a scenario that nobody knows. */
  async begin(id: string, onProgress: (text: string) => void): Promise<Training> {
    const scenario = scenarioOf(id);
    if (!scenario) throw new Refusal(unknownScenario(id));
    await this.close();
    const home = sandboxHome(this.#settings);
    if ((await trainingMark(home)) === 'elsewhere')
      throw new Refusal(
        'a training goes on in the sandbox, in another Drillbook: end that first',
        exit.failed,
      );
    const { folders, operator } = this.#settings;
    const killed = await endKilledTrainings(folders.state, operator);
    const { sandbox, release } = await shareSandbox(home, this.#environment, onProgress);
    this.#release = release;
    try {
      onProgress('Bringing the sandbox back to how it was made');
      this.#training = await Training.begin({
        scenario,
        sandbox,
        state: folders.state,
        operator,
        version,
        procedures: await shippedProcedures(),
        onProgress,
        earlier: wordsOfKilled(killed),
      });
      return this.#training;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The sandbox for a run of the training: as it is, with the environment that the scenario has wrong. */
  async hold(name: string, onProgress: (text: string) => void): Promise<Held | undefined> {
    if (!this.#training || name !== sandboxName) return undefined;
    const held = await holdTarget(name, this.#settings, this.#environment, onProgress);
    return { ready: withEnvironment(held.ready, this.#training.environment), release: held.release };
  }

  /** Ends the training, if there is one; it counts as left where it was not finished. */
  async close(): Promise<void> {
    const [training, release] = [this.#training, this.#release];
    this.#training = undefined;
    this.#release = undefined;
    try {
      await training?.close();
    } finally {
      await release?.();
    }
  }
}

/** The sentence for a scenario that there is not. */
export function unknownScenario(id: string): string {
  return `there is no scenario ${id}. There are: ${scenarios.map((scenario) => scenario.id).join(', ')}`;
}

function withEnvironment(ready: ReadyTarget, environment: Readonly<Record<string, string>>): ReadyTarget {
  const values = Object.entries(environment).map(([name, value]) => [name, { value, secret: false }]);
  return { ...ready, values: { ...ready.values, ...Object.fromEntries(values) } };
}

/** Every procedure of the runbooks that ship, by the names of their files. */
async function shippedProcedures(): Promise<readonly ProcedureChoice[]> {
  const folder = shippedRunbooks();
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const read = await Promise.all(names.map((name) => readRunbook(join(folder, name))));
  return read.flatMap(({ path, runbook }, index) =>
    runbook.procedures.map(({ id, title }) => ({ path, runbook: names[index]!, procedure: id, title })),
  );
}
