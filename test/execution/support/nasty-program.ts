import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExecutionRequest, execute } from '../../../src/execution/execution.ts';
import { Redaction } from '../../../src/execution/redaction.ts';
import { nasty } from './nasty.ts';

/** Hands its terminal to each nasty command in turn; what came of it is below the folder of its argument. */
const [folder] = process.argv.slice(2);
process.stdin.setRawMode(true);
for (const [at, { before = [], text }] of nasty.filter(({ only }) => only !== 'pipes').entries()) {
  const place = join(folder!, String(at));
  const cwd = join(place, 'work');
  await mkdir(cwd, { recursive: true });
  const request = (command: string, outputFile: string): ExecutionRequest => ({
    text: command,
    cwd,
    stateFolder: join(place, 'state'),
    outputFile: join(place, outputFile),
    environment: {},
    redaction: new Redaction(),
    columns: process.stdout.columns,
    rows: process.stdout.rows,
    interactive: true,
  });
  for (const command of before) await execute(request(command, 'before.log')).done;
  const result = await execute(request(text, 'out.log')).done;
  await writeFile(join(place, 'result.json'), JSON.stringify(result));
}
process.stdin.setRawMode(false);
process.stdin.pause();
