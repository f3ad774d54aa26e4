import type { TuiOptions } from '../../src/tui/app.tsx';
import type { House } from '../../src/tui/house.ts';
import { restore } from './procedure.ts';
import { identityOf, production, ScriptedHouse, sandbox } from './scripted-house.ts';
import { type Script, ScriptedSession } from './scripted-session.ts';

export interface Scene {
  readonly house: House;
  readonly options?: TuiOptions;
}

function at(
  target: typeof sandbox,
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

/** What a test can play at a terminal. */
export const scenes: Readonly<Record<string, () => Scene>> = {
  first: () => ({ house: new ScriptedHouse() }),
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
};
