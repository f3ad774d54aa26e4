import { join } from 'node:path';
import { execute } from '../../../src/execution/execution.ts';
import { Recording } from '../../../src/execution/recording.ts';
import { Redaction } from '../../../src/execution/redaction.ts';
import { waitForEnter } from '../../../src/terminal/enter.ts';

/**
 * Stands for a program with a screen of its own: reads keys in raw mode, hands the terminal over for each command of
 * its arguments, and prints what keys it got itself. Arguments: folder, `pty` or `plain`, commands.
 */
const [folder, kind, ...commands] = process.argv.slice(2);
const { stdin, stdout } = process;
const own: string[] = [];
const listen = (keys: Buffer) => own.push(keys.toString());
const recording = await Recording.open(join(folder!, 'run.cast'), stdout.columns, stdout.rows);

stdin.setRawMode(true);
stdin.on('data', listen);
for (const [at, text] of commands.entries()) {
  stdin.off('data', listen);
  const result = await execute({
    text,
    cwd: folder!,
    stateFolder: join(folder!, 'state'),
    outputFile: join(folder!, `${at}.log`),
    environment: { PASS: 'hunter2-hand-over' },
    redaction: new Redaction(['hunter2-hand-over']),
    columns: stdout.columns,
    rows: stdout.rows,
    recording,
    interactive: true,
    plainHandOver: kind === 'plain',
  }).done;
  await waitForEnter({ input: stdin, output: stdout }, `[ended ${at}] press Enter`);
  stdout.write(`RESULT ${JSON.stringify(result)}\r\n`);
  stdin.on('data', listen);
  stdin.resume();
}
stdin.off('data', listen);
stdin.pause();
await recording.close();
stdout.write(`OWN ${JSON.stringify(own.join(''))} RAW ${stdin.isRaw}\r\n`);
stdin.setRawMode(false);
