import { once } from 'node:events';
import type { Finding } from '../../src/lint/finding.ts';
import type { RunEvent } from '../../src/run/event.ts';
import type { Live, LiveProgress } from '../../src/run/session.ts';
import type { Target } from '../../src/run/target.ts';
import { compile } from '../../src/runbook/compile.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import type { TuiOptions } from '../../src/tui/app.tsx';
import type { House } from '../../src/tui/house.ts';
import { command, manual, restore, step } from './procedure.ts';
import { identityOf, production, ScriptedHouse, sandbox } from './scripted-house.ts';
import { type Script, type ScriptedOptions, ScriptedSession } from './scripted-session.ts';
import { scriptedScenario, scriptedTraining } from './scripted-training.ts';

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

const guessed = `# Look

## Look

### Step 1: Look at the queue

\`\`\`bash
echo look
\`\`\`

It says, or says not:

\`\`\`
kqueue drain all
\`\`\`

See [the other runbook](other.md) and [one that is gone](gone.md).

### Step 2: Go on

\`\`\`bash
echo on
\`\`\`
`;

const troubled = `# Restore

## Restore

### Step 1: Restore the dump

> [!WARNING]
> This replaces what is there.

| What | Where |
|---|---|
| dump | /store |

\`\`\`bash
psql -d members -c 'SELECT 1' # is it there?
\`\`\`

### Step 2: Look

- [ ] The application answers

## Troubleshooting

### The disk is full

Delete what is old:

\`\`\`bash
df -h
\`\`\`

### The role does not exist

Make it:

\`\`\`bash
createuser <role>
\`\`\`
`;

function commandsOf({ items }: Procedure): readonly string[] {
  return items.flatMap((item) =>
    item.kind === 'step' ? item.parts.flatMap((part) => (part.kind === 'command' ? [part.id] : [])) : [],
  );
}

/** A run of a text, with links to another runbook in its first step. */
function written(markdown: string): Scene {
  const { procedures, links } = compile(markdown);
  const session = new ScriptedSession({
    procedure: procedures[0]!,
    mode: 'drill',
    target: sandbox,
    identity: identityOf(sandbox),
  });
  const found = links.map((link) =>
    link.url === 'gone.md'
      ? { ...link, outside: false, problem: 'There is no file /runbooks/gone.md.' }
      : { ...link, outside: true, path: '/runbooks/other.md' },
  );
  return { house: new ScriptedHouse({ links: found }), options: { session } };
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

/** Fails, so that the run stays where it is. */
const ends = { code: 3, reason: 'psql 3: an error in a script while ON_ERROR_STOP was set' } as const;

const printed: Script = {
  output: [
    ...Array.from({ length: 60 }, (_, index) => `row ${index + 1}`),
    '\u001B]0;a title\u0007\u001B[31mred\u001B[0m and \u001B[2Jnothing cleared',
    `a long row ${'abcdefghij'.repeat(20)} with its end`,
    'ERROR:  relation "members" does not exist',
    'NOTICE:  0 errors so far',
  ],
  errors: ['pg_restore: warning: something'],
};

const watched: Partial<Live> = {
  typical: { count: 4, median: 2000, shortest: 1000, longest: 3000 },
  timeoutMs: 1_800_000,
  silent: true,
  silentFor: 125_000,
  bytes: 8,
  lines: 14,
};

const progress: LiveProgress = {
  done: 12_600_000,
  total: 30_000_000,
  unit: 'bytes',
  rate: 3_100_000,
  eta: 5.6,
  words: 'table public.members',
  source: 'drillbook',
};

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
  many: () => ({
    house: new ScriptedHouse({
      home: {
        runbooks: Array.from({ length: 60 }, (_, index) => ({
          path: `runbooks/${index}.md`,
          title: `Runbook ${String(index).padStart(2, '0')}`,
          procedures: 1,
        })),
      },
    }),
  }),
  failing: () => at(sandbox, { version: [{ output: ['psql: not found'], code: 127 }, {}] }, 'drill'),
  stubborn: () => at(sandbox, { version: { output: ['working'], interrupts: 2 } }, 'drill'),
  crash: () => at(sandbox, { version: { interrupts: 1, crash: true } }, 'drill'),
  flood: () => at(sandbox, { version: { interrupts: 1, flood: true } }, 'drill'),
  production: () => at(production, {}, 'incident'),
  viewer: () => at(sandbox, { version: { ...printed, ...ends } }, 'drill'),
  long: () => at(sandbox, { version: { recording: process.env.PLAY_RECORDING!, ...ends } }, 'drill'),
  watched: () => at(sandbox, { version: { output: ['working'], interrupts: 3, live: watched } }, 'drill'),
  progress: () =>
    at(sandbox, { version: { output: ['working'], interrupts: 1, live: { progress } } }, 'drill'),
  bell: () => at(sandbox, { version: { output: ['done'], durationMs: 45_000, ...ends } }, 'drill'),
  changes: () =>
    at(
      sandbox,
      { version: { output: ['done'], stateChanges: ['sets BACKUP_NAME', 'cd /backups'] } },
      'drill',
    ),
  hidden: () =>
    at(
      sandbox,
      {
        version: {
          output: ['(20 bytes)'],
          verdict: 'hidden-failure',
          reason: 'pg_dump ended with 1 in a pipe whose last part ended well',
        },
      },
      'drill',
    ),
  background: () => {
    const background = [
      { pid: 4711, command: 'sleep 300' },
      { pid: 4712, command: 'ssh -N -L 5433:db.internal:5432 bastion' },
    ];
    const items = [
      step('1', 'Open the tunnel', 'pre-check', command('tunnel', 'ssh -fN bastion')),
      step('2', 'Look', 'verify', manual('look', 'Look at it')),
    ];
    const session = new ScriptedSession({
      procedure: { ...restore, items, placeholders: [], variables: [] },
      mode: 'drill',
      target: sandbox,
      identity: identityOf(sandbox),
      scripts: { tunnel: { background } },
    });
    return { house: new ScriptedHouse(), options: { session } };
  },
  chosen: () => {
    const events: readonly RunEvent[] = [
      { type: 'step-entered', step: 'step-4' },
      { type: 'part-skipped', part: 'terminate', reason: 'nobody is connected' },
      { type: 'option-chosen', choice: 'way', option: 'option-b-railway' },
      { type: 'step-entered', step: 'step-5b' },
    ];
    const session = new ScriptedSession({
      procedure: restore,
      mode: 'drill',
      target: sandbox,
      identity: identityOf(sandbox),
      events,
    });
    return { house: new ScriptedHouse(), options: { session } };
  },
  interactive: () => at(sandbox, { version: { lend: askName } }, 'drill'),
  'backed-up': () => destroying(production, 'incident', verifiedBackup),
  'no-backup': () => destroying(production, 'incident', []),
  'other-server': () =>
    destroying(sandbox, 'drill', [], { later: { ...identityOf(sandbox), system: '7300000000001' } }),
  interrupted: () => destroying(sandbox, 'drill', begun),
  training: () => ({
    house: new ScriptedHouse({ scenarios: [scriptedScenario], training: scriptedTraining() }),
    options: { train: { scenario: scriptedScenario.id } },
  }),
  guessed: () => written(guessed),
  everything: () => {
    const { procedures, symptoms } = compile(troubled);
    const session = new ScriptedSession({
      procedure: procedures[0]!,
      mode: 'drill',
      target: sandbox,
      identity: identityOf(sandbox),
      scripts: Object.fromEntries(
        commandsOf(procedures[0]!).map((id) => [
          id,
          { output: ['FATAL: role "members" does not exist'], code: 1 },
        ]),
      ),
    });
    const findings: readonly Finding[] = [
      {
        rule: 'no-verification',
        severity: 'warning',
        range: { start: 0, end: 1, line: 9, column: 1, endLine: 9, endColumn: 2 },
        message: 'The restore is not verified.',
        why: 'Nobody knows whether it worked.',
        instead: 'Count the rows.',
      },
    ];
    return { house: new ScriptedHouse({ findings, symptoms }), options: { session } };
  },
};
