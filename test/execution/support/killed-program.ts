import { execute, type Spawned } from '../../../src/execution/execution.ts';
import { Redaction } from '../../../src/execution/redaction.ts';

/**
 * Runs one command, says who it is, and is there to be killed. Arguments: folder, command, and `held` where its text is
 * never to begin.
 */
const [folder, text, held] = process.argv.slice(2);
const tell = (spawned: Spawned | undefined) => process.stdout.write(`${JSON.stringify(spawned)}\n`);
const execution = execute({
  text: text!,
  cwd: folder!,
  stateFolder: `${folder}/state`,
  outputFile: `${folder}/killed.log`,
  environment: {},
  redaction: new Redaction(),
  columns: 80,
  rows: 24,
  ...(held && {
    beforeText: (spawned) => {
      tell(spawned);
      return new Promise(() => {});
    },
  }),
});
tell(await execution.spawned);
await execution.done;
