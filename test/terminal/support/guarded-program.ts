import { guardTerminal } from '../../../src/terminal/restore.ts';

/** Takes the terminal as a screen would, and ends in the way that its argument names. */
guardTerminal(() => {
  process.stdout.write('LEFT\r\n');
});
process.stdin.setRawMode(true);
process.stdin.resume();
process.stdout.write('\x1b[?25l\x1b[?2004hREADY\r\n');
const way = process.argv[2];
if (way === 'exit') process.exit(7);
if (way === 'throw') setTimeout(() => JSON.parse('{'), 1);
if (way === 'reject') void Promise.reject(new Error('nobody caught it'));
if (way === 'wait') setInterval(() => {}, 1000);
