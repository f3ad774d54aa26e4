import type { Choice, Item } from '../../src/runbook/choice.ts';
import type { Part } from '../../src/runbook/part.ts';
import type { Phase } from '../../src/runbook/phase.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import type { Range } from '../../src/runbook/range.ts';
import type { Runbook } from '../../src/runbook/runbook.ts';
import type { Step } from '../../src/runbook/step.ts';

const range: Range = { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A command as the compiler would make it. */
export function command(id: string, text: string, caption?: string): Part {
  return { kind: 'command', id, language: 'shell', text, range, hints: {}, ...(caption ? { caption } : {}) };
}

export function prose(markdown: string): Part {
  return { kind: 'prose', markdown, range };
}

export function manual(id: string, text: string): Part {
  return { kind: 'manual', id, text, range };
}

export function check(id: string, text: string): Part {
  return { kind: 'check', id, text, range };
}

export function criterion(id: string, text: string): Part {
  return { kind: 'criterion', id, text, range };
}

export function step(
  number: string,
  title: string,
  phase: Phase | undefined,
  ...parts: readonly Part[]
): Step {
  return {
    kind: 'step',
    id: `step-${number}`,
    number,
    title,
    range,
    parts,
    estimate: { min: 1, max: 3 },
    ...(phase ? { phase } : {}),
  };
}

export function choice(
  id: string,
  title: string,
  options: Readonly<Record<string, readonly Item[]>>,
): Choice {
  return {
    kind: 'choice',
    id,
    title,
    range,
    options: Object.entries(options).map(([name, items]) => ({
      id: name.toLowerCase().replaceAll(' ', '-'),
      title: name,
      range,
      tags: [name.toLowerCase().split(' ').at(-1)!],
      items,
    })),
  };
}

export function procedure(items: readonly Item[]): Procedure {
  return {
    id: 'restore',
    title: 'Restore to production',
    path: [],
    range,
    prose:
      'Brings the database back from its newest verified backup. **Nothing** is lost on the way: the old one stays.',
    items,
    placeholders: [
      {
        kind: 'placeholder',
        text: '<backup-file>',
        name: 'backup-file',
        value: 'file',
        uses: [{ command: 'restore', range }],
      },
    ],
    variables: [
      { kind: 'variable', name: 'DATABASE_URL', value: 'url', uses: [{ command: 'terminate', range }] },
    ],
  };
}

/** A restore in nine steps, with everything in it that a step can hold. */
export const restore: Procedure = procedure([
  step(
    '1',
    'Pre-checks',
    'pre-check',
    prose('Look before you leap. The server must answer and the tools must be there.'),
    command('version', 'psql --version', 'Which client is this?'),
    check('space', 'There is enough room on the disk'),
    check('people', 'Somebody else knows what you are doing'),
  ),
  step('2', 'Safety backup', 'safety-backup', command('dump', 'pg_dump -Fc -f /tmp/safety.dump members')),
  step(
    '3',
    'Maintenance mode on',
    'maintenance-on',
    manual('banner', 'Dashboard → Service → Maintenance mode: on'),
  ),
  step(
    '4',
    'Terminate connections',
    'disconnect',
    prose('Ends every other session on the database. Nothing new can connect: maintenance mode is on.'),
    command(
      'terminate',
      'psql "$DATABASE_URL" -c "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"',
    ),
  ),
  choice('way', 'How is it restored?', {
    'Option A sandbox': [
      step(
        '5',
        'Restore from backup',
        'restore',
        prose('Everything that was written since the backup was made will be gone.'),
        command('drop', 'dropdb members', 'The old one goes'),
        command('restore', 'pg_restore -d members <backup-file>'),
      ),
    ],
    'Option B railway': [
      {
        ...step('5', 'Restore on Railway', 'restore', command('railway', 'railway run true')),
        id: 'step-5b',
      },
    ],
  }),
  step(
    '6',
    'Verify',
    'verify',
    command('count', 'psql members -c "SELECT count(*) FROM members"'),
    criterion('counts', 'Record counts match'),
  ),
  step(
    '7',
    'Maintenance mode off',
    'maintenance-off',
    manual('banner-off', 'Dashboard → Service → Maintenance mode: off'),
  ),
]);

export const runbook: Runbook = {
  schema: 1,
  title: 'PostgreSQL restore',
  meta: { severity: 'P1', fields: {} },
  procedures: [restore],
  references: [],
  symptoms: [],
  contacts: [],
  links: [],
  blocks: [],
  doubts: [],
};
