import { execute } from '../../../src/execution/execution.ts';
import { Redaction } from '../../../src/execution/redaction.ts';

/** Runs one command, says who it is, and is there to be killed. Arguments: folder, command. */
const [folder, text] = process.argv.slice(2);
const execution = execute({
  text: text!,
  cwd: folder!,
  stateFolder: `${folder}/state`,
  outputFile: `${folder}/killed.log`,
  environment: {},
  redaction: new Redaction(),
  columns: 80,
  rows: 24,
});
process.stdout.write(`${JSON.stringify(await execution.spawned)}\n`);
await execution.done;
