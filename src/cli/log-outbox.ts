import type { Command } from 'commander';
import { letterLine, waiting } from '../incident/outbox.ts';
import { send } from '../incident/sending.ts';
import { exit } from './exit.ts';
import { print, printJson, say } from './log-output.ts';
import { objectsAt } from './objects.ts';
import { readSettings } from './settings.ts';

/** `drillbook log outbox [--retry]`: what has not been told yet. `onFailure` hears the exit code where some stays. */
export function addOutboxCommand(log: Command, onFailure: (code: number) => void): void {
  log
    .command('outbox')
    .description('what could not be told yet, and to whom')
    .option('--retry', 'try all of it now')
    .option('--json', 'as JSON')
    .action(async ({ retry, json }: { retry?: boolean; json?: boolean }) => {
      const { folders } = await readSettings(process.env, process.cwd());
      if (retry) {
        const { told, elsewhere } = await send({
          stateFolder: folders.state,
          environment: process.env,
          openObjects: (address) => objectsAt(address, process.env),
          all: true,
        });
        if (elsewhere) say('Another Drillbook is sending at the moment.');
        for (const letter of told)
          say(`told: ${letterLine({ ...letter, tries: 0 }).replace(/ \([^()]*\)$/, '')}`);
      }
      const left = await waiting(folders.state);
      if (json)
        printJson({
          letters: left.map(({ id, sink, message, tries, nextAt, problem }) => ({
            id,
            sink: sink.kind,
            name: sink.name,
            run: message.run,
            subject: message.subject,
            tries,
            nextAt,
            problem,
          })),
        });
      else if (left.length === 0) say('Everything has been told.');
      else for (const letter of left) print(letterLine(letter));
      if (retry && left.length > 0) onFailure(exit.failed);
    });
}
