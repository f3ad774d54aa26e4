/*
 * A process of its own for the crash and disk tests: appends to the journal in the folder that it is given until it
 * is killed or refused, and prints a line for each event that was acknowledged.
 *
 *   node appender.ts FOLDER [BYTES OF TEXT PER NOTE]
 */
import { createJournal } from '../../src/journal/journal.ts';
import { commandStarted, note, started } from './event-samples.ts';

const [folder, size = '100'] = process.argv.slice(2);
const journal = await createJournal(folder!, 'olga');
const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
await journal.append(started());
tell('1');
try {
  for (;;) {
    const { seq } = await journal.append(note('x'.repeat(Number(size))));
    tell(String(seq));
  }
} catch (error) {
  tell(`note refused: ${error instanceof Error ? error.message : error}`);
}
await journal.append(commandStarted()).then(
  () => tell('command started'),
  (error: Error) => tell(`command refused: ${error.message}`),
);
await journal.append({ type: 'run-stopped', reason: 'the disk is full' }).then(
  () => tell('end recorded'),
  (error: Error) => tell(`end refused: ${error.message}`),
);
await journal.close();
