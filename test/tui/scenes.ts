import { once } from 'node:events';
import type { RunEvent } from '../../src/run/event.ts';
import type { Target } from '../../src/run/target.ts';
import type { TuiOptions } from '../../src/tui/app.tsx';
import type { House } from '../../src/tui/house.ts';
import { command, manual, restore, step } from './procedure.ts';
import { identityOf, production, ScriptedHouse, sandbox } from './scripted-house.ts';
import { type Script, type ScriptedOptions, ScriptedSession } from './scripted-session.ts';

export interface Scene {
  readonly house: House;
  readonly options?: TuiOptions;
}

function at(
  target: Target,
  scripts: Readonly<Record<string, Script | readonly Script[]>>,
  mode: 'drill' | 'incident',
): Scene {
  const session = new ScriptedSession({
    procedure: restore,
    mode,
    target,
    identity: identityOf(target),
    scripts,
  });
  return { house: new ScriptedHouse(), options: { session } };
}

/** A run whose only step destroys, with what was done before it. */
function destroying(
  target: Target,
  mode: 'drill' | 'incident',
  events: readonly RunEvent[],
  more: Partial<ScriptedOptions> = {},
): Scene {
  const items = [
    step('1', 'Restore', 'restore', command('drop', `dropdb ${target.database}`)),
    step('2', 'Verify', 'verify', manual('look', 'Look at it')),
  ];
  const session = new ScriptedSession({
    procedure: { ...restore, items, placeholders: [], variables: [] },
    mode,
    target,
    identity: identityOf(target),
    events,
    ...more,
  });
  return { house: new ScriptedHouse(), options: { session } };
}

const verifiedBackup: readonly RunEvent[] = (['created', 'verified'] as const).map((action) => ({
  type: 'backup-reported',
  backup: { action, name: 'safety', location: '/store', verified: action === 'verified' },
}));

const begun: readonly RunEvent[] = [
  { type: 'step-entered', step: 'step-1' },
  {
    type: 'command-started',
    command: 'drop',
    attempt: 1,
    text: 'dropdb members',
    effect: 'destroys',
    interactive: false,
    output: '001.log',
  },
  { type: 'command-interrupted', command: 'drop', attempt: 1, alive: false },
  { type: 'run-resumed', host: 'here', version: '0', tornBytes: 0 },
];

/** Asks for a line at the terminal that it was lent. */
async function askName(): Promise<void> {
  process.stdout.write('name? ');
  process.stdin.ref();
  process.stdin.resume();
  const [line] = (await once(process.stdin, 'data')) as [Buffer | string];
  process.stdin.pause();
  process.stdout.write(`hello ${String(line)}`);
}

/** What a test can play at a terminal. */
export const scenes: Readonly<Record<string, () => Scene>> = {
  first: () => ({ house: new ScriptedHouse() }),
  slow: () => ({ house: new ScriptedHouse({ preparing: 'Making the cluster' }) }),
  busy: () => ({
    house: new ScriptedHouse({
      home: {
        unfinished: [
          {
            run: 'r1',
            title: 'Restore to production',
            mode: 'incident',
            target: 'live',
            lastAt: '2026-11-20T03:12:00Z',
            at: 'step 4 of 9',
          },
        ],
        entries: [
          {
            path: 'incidents/old.md',
            title: 'Restore',
            at: '2026-11-01T10:00:00Z',
            outcome: 'passed',
            mode: 'drill',
          },
        ],
      },
    }),
  }),
  failing: () => at(sandbox, { version: [{ output: ['psql: not found'], code: 127 }, {}] }, 'drill'),
  stubborn: () => at(sandbox, { version: { output: ['working'], interrupts: 2 } }, 'drill'),
  flood: () => at(sandbox, { version: { interrupts: 1, flood: true } }, 'drill'),
  production: () => at(production, {}, 'incident'),
  interactive: () => at(sandbox, { version: { lend: askName } }, 'drill'),
  'backed-up': () => destroying(production, 'incident', verifiedBackup),
  'no-backup': () => destroying(production, 'incident', []),
  'other-server': () =>
    destroying(sandbox, 'drill', [], { later: { ...identityOf(sandbox), system: '7300000000001' } }),
  interrupted: () => destroying(sandbox, 'drill', begun),
};
