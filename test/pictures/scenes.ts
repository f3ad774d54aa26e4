import { readFileSync } from 'node:fs';
import type { RunEvent } from '../../src/run/event.ts';
import type { Mode } from '../../src/run/mode.ts';
import type { Target } from '../../src/run/target.ts';
import { compile } from '../../src/runbook/compile.ts';
import type { Part } from '../../src/runbook/part.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import type { TuiOptions } from '../../src/tui/app.tsx';
import type { House } from '../../src/tui/house.ts';
import { identityOf, ScriptedHouse } from '../tui/scripted-house.ts';
import { type Script, ScriptedSession } from '../tui/scripted-session.ts';
import { scriptedScenario, scriptedTraining } from '../tui/scripted-training.ts';

/*
 * Screens to take pictures of: the program's own, over the runbook that ships. What lies outside of them (servers,
 * processes, clocks) is scripted, so that a picture is the same tomorrow.
 */

export interface Scene {
  readonly house: House;
  readonly options?: TuiOptions;
}

const sandbox: Target = {
  name: 'sandbox',
  environment: 'sandbox',
  engine: 'postgres',
  database: 'members',
  address: '127.0.0.1:54321',
  tags: ['sandbox'],
  objectives: { rto: 1800 },
};
const production: Target = {
  ...sandbox,
  name: 'members-production',
  environment: 'production',
  address: 'db.internal:5432',
  tags: ['railway'],
};

function shipped(): Procedure {
  const [procedure] = compile(readFileSync(process.env.PLAY_RUNBOOK!, 'utf8')).procedures;
  return procedure!;
}

/** What a run leaves behind that did everything up to a command, or to the first choice, or to its end. */
function until(
  procedure: Procedure,
  command: string | 'a choice' | 'the end',
): { events: RunEvent[]; id: string } {
  const events: RunEvent[] = [];
  let output = 0;
  const done = (part: Part): readonly RunEvent[] => {
    switch (part.kind) {
      case 'command': {
        const file = `${String(++output).padStart(3, '0')}.log`;
        const { id, text } = part;
        return [
          {
            type: 'command-started',
            command: id,
            attempt: 1,
            text,
            effect: 'reads',
            interactive: false,
            output: file,
          },
          {
            type: 'command-finished',
            command: id,
            attempt: 1,
            exit: { kind: 'code', code: 0 },
            durationMs: 1200 * output,
            verdict: 'succeeded',
            output: { file, bytes: 20, sha256: '0', tail: '(1 row)' },
            changed: [],
          },
        ];
      }
      case 'manual':
        return [{ type: 'manual-done', part: part.id }];
      case 'check':
        return [{ type: 'check-answered', part: part.id, answer: 'ticked' }];
      case 'criterion':
        return [{ type: 'criterion-judged', part: part.id, verdict: 'met', by: 'asked' }];
      default:
        return [];
    }
  };
  for (const item of procedure.items) {
    const steps = item.kind === 'choice' ? item.options[0]!.items : [item];
    if (item.kind === 'choice' && command === 'a choice') return { events, id: item.id };
    if (item.kind === 'choice')
      events.push({ type: 'option-chosen', choice: item.id, option: item.options[0]!.id });
    for (const step of steps) {
      if (step.kind !== 'step') continue;
      events.push({ type: 'step-entered', step: step.id });
      for (const part of step.parts) {
        if (part.kind === 'command' && part.text.includes(command)) return { events, id: part.id };
        if (part.kind === 'choice') {
          if (command === 'a choice') return { events, id: part.id };
          events.push({ type: 'option-chosen', choice: part.id, option: part.options[0]!.id });
          for (const one of part.options[0]!.parts) events.push(...done(one));
        } else events.push(...done(part));
      }
    }
  }
  return { events, id: '' };
}

const backup: readonly RunEvent[] = (['created', 'verified'] as const).map((action) => ({
  type: 'backup-reported',
  backup: {
    action,
    name: 'members-pre-restore.dump',
    location: '/backups',
    verified: action === 'verified',
  },
}));

function at(command: string, target: Target, mode: Mode, script: Script = {}): Scene {
  const procedure = shipped();
  const { events, id } = until(procedure, command);
  const values = {
    DATABASE_NAME: 'members',
    BACKUP_DIR: '/backups',
    BACKUP_FILE: '/backups/members-2026-11-20.dump',
  };
  const given = Object.entries(values).map(
    ([name, value]): RunEvent => ({ type: 'input-given', name, value, secret: false, source: 'target' }),
  );
  const secrets = ['DATABASE_URL', 'ADMIN_URL', 'RESTORE_URL'].map(
    (name): RunEvent => ({ type: 'input-given', name, secret: true, source: 'target' }),
  );
  const session = new ScriptedSession({
    procedure,
    mode,
    target,
    identity: identityOf(target),
    events: [...given, ...secrets, ...backup, ...events],
    scripts: { [id]: script },
  });
  return { house: new ScriptedHouse(), options: { session } };
}

const swap = 'ALTER DATABASE :"db" RENAME';
const swapped: Script = { output: ['BEGIN', 'ALTER DATABASE', 'ALTER DATABASE', 'COMMIT'] };
const compared: Script = {
  output: [
    'bookings            4,112 rows    checksum equal',
    'members             1,980 rows    checksum equal',
    'payments            9,405 rows    checksum equal',
    'audit_log          22,310 rows    checksum equal',
    'sequences              12         equal',
    'constraints            31         equal, every one validated',
    'triggers                4         equal',
    'ERROR:  index payments_member_idx is not there',
    'compare: members_new differs from its manifest in 1 place',
  ],
  code: 1,
};

export const scenes: Readonly<Record<string, () => Scene>> = {
  step: () => at(swap, sandbox, 'drill', swapped),
  running: () =>
    at('pg_restore --exit-on-error', sandbox, 'drill', {
      output: [
        'pg_restore: connecting to database for restore',
        'pg_restore: processing data for table "public.payments"',
      ],
      interrupts: 9,
      live: {
        progress: {
          done: 33_600_000,
          total: 81_000_000,
          unit: 'bytes',
          rate: 8_100_000,
          eta: 5.8,
          words: 'table public.payments',
          source: 'drillbook',
        },
      },
    }),
  phrase: () => at(swap, production, 'incident', swapped),
  output: () => at('drillbook compare', sandbox, 'drill', compared),
  choice: () => at('a choice', { ...production, tags: [] }, 'incident'),
  finished: () => at('the end', sandbox, 'drill'),
  training: () => ({
    house: new ScriptedHouse({ scenarios: [scriptedScenario], training: scriptedTraining() }),
    options: { train: { scenario: scriptedScenario.id } },
  }),
};
