import type { Command } from 'commander';
import { letterLine, told as settle, waiting } from '../incident/outbox.ts';
import { send } from '../incident/sending.ts';
import { exit, Refusal } from './exit.ts';
import { print, printJson, say } from './log-output.ts';
import { objectsAt } from './objects.ts';
import { readSettings } from './settings.ts';

interface OutboxOptions {
  retry?: boolean;
  drop: string[];
  json?: boolean;
}

const collect = (value: string, before: string[]) => [...before, value];

/** `drillbook log outbox [--retry] [--drop ID]`: what has not been told yet. `onFailure` hears the exit code where some stays. */
export function addOutboxCommand(log: Command, onFailure: (code: number) => void): void {
  log
    .command('outbox')
    .description('what could not be told yet, and to whom')
    .option('--retry', 'try all of it now')
    .option(
      '--drop <id>',
      'give up on a message: nobody is told it any more; may be given again',
      collect,
      [],
    )
    .option('--json', 'as JSON')
    .action(async ({ retry, drop, json }: OutboxOptions) => {
      const { folders } = await readSettings(process.env, process.cwd());
      const kept = drop.length === 0 ? [] : await waiting(folders.state);
      for (const id of drop) {
        const letter = kept.find((one) => one.id === id);
        if (!letter) throw new Refusal(`no message ${id} waits. 'drillbook log outbox' shows those that do.`);
        await settle(folders.state, letter);
        say(`given up: ${letter.message.subject}`);
      }
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
      else for (const letter of left) print(`${letter.id}  ${letterLine(letter)}`);
      if (retry && left.length > 0) onFailure(exit.failed);
    });
}
