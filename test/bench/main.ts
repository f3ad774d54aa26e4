// What starting costs, as ratios to a Node that does nothing and to the smallest Ink, measured in the same passage; then
// what reading runbooks costs, and the rest. Prints tables and asserts nothing.
import { join } from 'node:path';
import { backupReport, measureBackup } from './backup.ts';
import { effectsReport, measureEffects } from './effects.ts';
import { floodReport, measureFlood } from './flood.ts';
import { logReport, measureLog } from './log.ts';
import { measureNight, nightReport } from './night.ts';
import { measureReading, readingReport } from './reading.ts';
import { measureResume, resumeReport } from './resume.ts';
import { measureStart, startReport } from './start.ts';

const root = new URL('../..', import.meta.url).pathname;
const entry = join(root, 'dist', 'main.js');

for (const line of startReport(await measureStart(entry))) console.log(line);
for (const line of ['', ...readingReport(await measureReading())]) console.log(line);
for (const line of ['', ...floodReport(await measureFlood(entry))]) console.log(line);
for (const line of ['', ...nightReport(await measureNight(entry))]) console.log(line);
for (const line of ['', ...resumeReport(await measureResume(entry))]) console.log(line);
for (const line of ['', ...effectsReport(await measureEffects(join(root, '..', 'shared', 'corpus')))])
  console.log(line);
console.log(`\n${logReport(await measureLog(entry))}`);
// A gigabyte takes minutes and a few times its size below /tmp: `npm run bench -- --no-backup` leaves it out.
if (!process.argv.includes('--no-backup'))
  for (const line of ['', ...backupReport(await measureBackup(entry))]) console.log(line);
