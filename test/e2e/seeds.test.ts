import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { adviceOf } from '../../src/cli/corrected.ts';
import { WiredHouse } from '../../src/cli/house.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { here } from '../../src/run/here.ts';
import type { Session } from '../../src/run/session.ts';
import type { Command } from '../../src/runbook/part.ts';
import { type Desk, openDesk } from './desk.ts';

vi.setConfig({ testTimeout: 560_000 });

// The founding documents lie beside the project, not in it.
const seeds = new URL('../../../shared/corpus/seeds', import.meta.url).pathname;
const absent = !existsSync(seeds);

/** What would change the machine that the test runs on, or ask the network: a person does these. */
const ofTheMachine =
  /\b(?:sudo|brew|apt-get|npm|crontab|aws configure|node -e|render ssh|watch|railway connect)\b|\/opt\/|https:\/\/|localhost/;

interface Tally {
  ran: number;
  failed: number;
  refused: number;
  byPerson: number;
}

const started = process.cwd();
let desk: Desk;
let house: WiredHouse;

beforeAll(async () => {
  if (absent) return;
  desk = await openDesk();
  await desk.sandbox();
  // What the documents write without a path belongs into a folder that goes again.
  process.chdir(desk.folder);
  house = new WiredHouse(await readSettings(desk.env, desk.folder), desk.env);
});
afterAll(async () => {
  process.chdir(started);
  await house?.close();
  await desk?.close();
});

/** Goes through a procedure as a trainee who tries everything once, and goes on behind what does not work. */
async function goThrough(session: Session, tally: Tally): Promise<void> {
  for (let turns = 0; turns < 400; turns++) {
    const at = here(session.state());
    switch (at.kind) {
      case 'end':
        return;
      case 'step-done':
        await session.dispatch({ type: 'next' });
        break;
      case 'choice':
        await session.dispatch({
          type: 'choose',
          choice: at.choice.id,
          option: at.choice.options[0]!.id,
        });
        break;
      case 'part':
        switch (at.part.kind) {
          case 'manual':
            tally.byPerson++;
            await session.dispatch({ type: 'manual', part: at.part.id });
            break;
          case 'check':
            await session.dispatch({ type: 'check', part: at.part.id, answer: 'ticked' });
            break;
          case 'criterion':
            await session.dispatch({ type: 'judge', part: at.part.id, verdict: 'not-judged' });
            break;
          case 'command':
            await tryOnce(session, at.part, tally);
        }
    }
  }
  throw new Error('it did not come to its end');
}

async function tryOnce(session: Session, command: Command, tally: Tally): Promise<void> {
  const skip = (reason: string) => session.dispatch({ type: 'skip-part', part: command.id, reason });
  if (ofTheMachine.test(command.text)) {
    tally.byPerson++;
    await skip('it acts on the machine, not on the sandbox');
    return;
  }
  let decision = await session.dispatch({ type: 'run', command: command.id });
  if (decision.kind === 'guarded') {
    const { guard } = decision;
    decision = await session.dispatch({
      type: 'run',
      command: command.id,
      confirmation: guard.kind === 'enter' ? { by: 'enter' } : { by: 'phrase', phrase: guard.phrase },
    });
  }
  if (decision.kind !== 'accepted') {
    // Nothing is refused without its reason, and without what to do instead.
    expect(decision, command.text).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/\w{3}/) });
    tally.refused++;
    await skip('a guard refused it');
    return;
  }
  await session.settled();
  if (session.state().parts[command.id]?.status !== 'failed') {
    tally.ran++;
    return;
  }
  tally.failed++;
  // Whatever fails is followed by a way that works, in a runbook that ships.
  expect((await adviceOf(session)).join('\n'), command.text).toContain('The corrected way: runbooks/');
  await skip('it failed; the corrected way is known');
}

test.skipIf(absent).each(absent ? ['(the founding documents are not here)'] : await readdir(seeds))(
  'every procedure of %s comes to its end in training; what fails says why, and what works',
  async (name) => {
    const path = join(seeds, name);
    const runbook = await house.open(path);
    const rows: string[] = [];
    for (const procedure of runbook.procedures) {
      const tally: Tally = { ran: 0, failed: 0, refused: 0, byPerson: 0 };
      const request = { path, procedure: procedure.id, mode: 'training', target: 'sandbox' } as const;
      const asked = await house.questions(request);
      const session = await house.begin({
        ...request,
        inputs: asked.map(({ name: input, secret, suggestion }) => ({
          name: input,
          secret,
          ...(suggestion?.value === undefined ? { value: 'missing' } : {}),
        })),
      });
      try {
        await goThrough(session, tally);
      } finally {
        await session.close();
      }
      rows.push(
        `${procedure.id}: ran ${tally.ran}, failed ${tally.failed}, refused ${tally.refused}, by a person ${tally.byPerson}`,
      );
    }
    console.info(`${name}\n${rows.join('\n')}`);
    expect(rows).toHaveLength(runbook.procedures.length);
  },
);
