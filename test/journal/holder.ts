/* A process of its own for the lock tests: takes the lock of a run's folder, says how it went, and waits. */
import { lockRun } from '../../src/journal/lock.ts';

const [folder, operator = 'olga'] = process.argv.slice(2);
const locking = await lockRun(folder!, 'the-run', operator);
process.stdout.write(`${JSON.stringify(locking)}\n`);
if (locking.kind === 'locked') process.stdin.on('end', () => locking.lock.release()).resume();
