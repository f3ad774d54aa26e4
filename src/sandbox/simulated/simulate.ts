import { once } from 'node:events';
import { aws } from './aws.ts';
import { Refused, type Simulated } from './call.ts';
import { curl } from './curl.ts';
import { docker, dockerCompose } from './docker.ts';
import { type SimulatedCommand, simulatedCommands } from './launchers.ts';
import { railway } from './railway.ts';
import { render } from './render.ts';
import { worldOf } from './world.ts';

const commands: Readonly<Record<SimulatedCommand, Simulated>> = {
  railway,
  render,
  aws,
  docker,
  'docker-compose': dockerCompose,
  curl,
};

/** Runs a simulated command with this process's streams. It says first that it is simulated; the number is the exit code. */
export async function simulate(home: string, name: string, args: readonly string[]): Promise<number> {
  const known = simulatedCommands.find((one) => one === name);
  if (known === undefined) throw new Refused(`${name} is not simulated`, 127);
  process.stderr.write(`[simulated ${name}: acts on the sandbox]\n`);
  try {
    return await commands[known](
      {
        args,
        env: process.env,
        cwd: process.cwd(),
        stdin: process.stdin,
        interactive: process.stdin.isTTY === true,
        print: (text) => process.stdout.write(text),
        printBytes: async (bytes) => {
          if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
        },
        warn: (text) => process.stderr.write(text),
      },
      await worldOf(home),
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
}
