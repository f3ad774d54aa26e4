import { beforeAll, expect, test } from 'vitest';
import { readEffects } from '../../src/effects/read.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const swap = `psql -v db="$DATABASE_NAME" --set=old=members_old "$ADMIN_URL" <<'SQL'
ALTER DATABASE :"db" RENAME TO :"old";
DROP TABLE :"other";
SQL`;

test("psql's variables are shown as what they hold, or as they are written", () => {
  const { effects } = readEffects(swap, 'shell', { variables: { DATABASE_NAME: 'members' } });
  expect(effects.map((effect) => [effect.class, effect.hits?.name])).toEqual([
    ['destroys', 'members'],
    ['destroys', ':"other"'],
  ]);
  expect(effects[0]!.reason).toMatch(/renames database members to members_old\b/);
});

test('a value that the shell has yet to fill in stays as it is written', () => {
  expect(readEffects(swap, 'shell').effects[0]!.hits?.name).toBe('$DATABASE_NAME');
});

test.each([
  'pg_dump --version',
  'pg_dump --help',
  'pg_restore --version',
  'psql --version',
  'dropdb --version',
  'createdb --help',
])('%s only shows something', (command) => {
  const reading = readEffects(command, 'shell');
  expect([reading.class, reading.effects.map((effect) => effect.reason)]).toEqual([
    'reads',
    [expect.stringMatching(/help or version/)],
  ]);
});
