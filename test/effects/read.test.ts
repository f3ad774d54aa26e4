import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EffectContext } from '../../src/effects/context.ts';
import { effectClasses } from '../../src/effects/effect.ts';
import { readEffects } from '../../src/effects/read.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const shell = (text: string, context?: EffectContext) => readEffects(text, 'shell', context);
const reasons = (text: string, context?: EffectContext) => shell(text, context).effects.map((e) => e.reason);
const spans = (text: string) => shell(text).effects.map((e) => text.slice(e.start, e.end));

describe('reasons, spans and things', () => {
  test('a statement names the database that it hits, without the password', () => {
    const text = `psql postgres://app:s3cret@db.internal:5432/railway -c 'DROP SCHEMA public CASCADE'`;
    const reading = shell(text);
    expect(reading.effects[0]?.reason).toBe('DROP SCHEMA public CASCADE on railway@db.internal:5432');
    expect(text.slice(reading.effects[0]!.start, reading.effects[0]!.end)).toBe('DROP SCHEMA public CASCADE');
    expect(reading.connections[0]).toMatchObject({
      host: 'db.internal',
      port: '5432',
      user: 'app',
      database: 'railway',
    });
    expect(JSON.stringify(reading)).not.toContain('s3cret');
  });

  test('sessions are a thing of their own', () => {
    const [effect] = shell(
      `psql "$DATABASE_URL" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"`,
    ).effects;
    expect(effect).toMatchObject({
      class: 'destroys',
      reason: 'ends sessions of $DATABASE_URL',
      hits: { kind: 'sessions' },
    });
  });

  test('offsets behind letters of several bytes are those of the text', () => {
    expect(spans(`echo "größe 🐘"; psql -c "SELECT 'ü' ; DROP TABLE größe"`)).toContain('DROP TABLE größe');
  });

  test('what a variable fills in stays as it is written', () => {
    expect(shell('rm -rf "$BACKUP_DIR/old"').effects[0]?.hits).toEqual({
      kind: 'path',
      name: '$BACKUP_DIR/old',
    });
    expect(reasons('psql -c "DROP TABLE $T"')).toEqual(['DROP TABLE $T']);
    expect(reasons('dropdb -h <host> <database>')).toEqual(['drops the database <database>@<host>']);
  });

  test('the place of a command is said', () => {
    expect(reasons('docker exec db dropdb app')).toEqual(['drops the database app in container db']);
    expect(reasons(`ssh db1 'docker exec pg rm x'`)).toEqual(['deletes x in container pg on host db1']);
  });

  test('secrets of options and headers do not reach a reason', () => {
    const text = `curl -X DELETE https://u:hunter2@api.example.com/x?token=abc123 -H 'Authorization: Bearer tok'`;
    for (const reason of reasons(text)) expect(reason).not.toMatch(/hunter2|abc123|Bearer/);
    for (const reason of reasons('drillbook backup restore --password hunter2'))
      expect(reason).not.toContain('hunter2');
  });
});

describe('connections', () => {
  const connection = (text: string, context?: EffectContext) => shell(text, context).connections[0];
  test('from options, connection strings, and variables in front', () => {
    expect(connection('psql -h db -p 5433 -U app shop -c "select 1"')).toMatchObject({
      host: 'db',
      port: '5433',
      user: 'app',
      database: 'shop',
    });
    expect(connection('psql "host=db dbname=shop user=app" -l')).toMatchObject({
      host: 'db',
      user: 'app',
      database: 'shop',
    });
    expect(connection('PGHOST=db PGDATABASE=shop psql -l')).toMatchObject({ host: 'db', database: 'shop' });
    expect(connection('psql service=prod -l')).toMatchObject({ service: 'prod' });
    expect(connection('psql "$DATABASE_URL" -l')).toMatchObject({ url: '$DATABASE_URL' });
    expect(
      connection('psql "$DATABASE_URL" -l', { variables: { DATABASE_URL: 'postgres://db/shop' } }),
    ).toMatchObject({ host: 'db', database: 'shop' });
    expect(connection('docker exec db psql -l')).toMatchObject({ within: 'in container db' });
  });

  test('\\c is a connection, too', () => {
    expect(shell('psql a <<< "\\c b app db2 5433"').connections[1]).toMatchObject({
      database: 'b',
      user: 'app',
      host: 'db2',
      port: '5433',
    });
  });
});

describe('interactive, background, long-running', () => {
  test.each([
    ['psql', { interactive: true }],
    ['psql -c "select 1"', { interactive: false }],
    ['psql < f', { interactive: false }],
    ['ssh db1', { interactive: true }],
    ['ssh db1 uptime', { interactive: false }],
    ['docker exec -it db bash', { interactive: true }],
    ['watch ls', { interactive: true, longRunning: true }],
    ['tail -f log', { longRunning: true, interactive: false }],
    ['kubectl logs -f x', { longRunning: true }],
    ['sleep 5 &', { background: true }],
    ['sleep 5', { background: false }],
    ['vim f', { interactive: true }],
  ] as const)('%s', (text, expected) => {
    expect(shell(text)).toMatchObject(expected);
  });
});

describe('the context', () => {
  test('> onto an existing file destroys, onto a new one and an unknown one changes', () => {
    const exists = (path: string) => (path === 'old' ? true : path === 'new' ? false : undefined);
    expect(shell('date > old', { exists }).class).toBe('destroys');
    expect(shell('date > new', { exists }).class).toBe('changes');
    expect(shell('date > other', { exists }).class).toBe('changes');
    expect(reasons('date > other', { exists })).toContain('writes other, and overwrites it if it is there');
    expect(shell('date >> old', { exists }).class).toBe('changes');
    expect(shell('date > "$F"', { exists, variables: { F: 'old' } }).class).toBe('destroys');
    expect(shell('pg_dump -f old app', { exists }).class).toBe('destroys');
    expect(shell('ssh db1 "date > old"', { exists }).class).toBe('changes');
  });

  test('brackets that may be a placeholder are a redirection where the file exists', () => {
    expect(shell('cat <in> out').class).toBe('reads');
    expect(shell('cat <in> out', { exists: (path) => path === 'out' }).class).toBe('destroys');
  });

  test('functions of the run, as a body and as declare -f prints them', () => {
    expect(shell('cleanup', { functions: { cleanup: '{ rm -rf x; }' } }).class).toBe('destroys');
    expect(shell('cleanup', { functions: { cleanup: 'cleanup () \n{ \n    rm -rf x\n}' } }).class).toBe(
      'destroys',
    );
    expect(shell('ls', { functions: { ls: '{ dropdb app; }' } }).class).toBe('destroys');
    expect(shell('command ls', { functions: { ls: '{ dropdb app; }' } }).class).toBe('reads');
    expect(shell('f', { functions: { f: '{ f; }' } }).class).toBe('unknown');
  });

  test('known variables, and those whose value nobody knows any longer', () => {
    const variables = { RUN: 'ls' };
    expect(shell('$RUN x', { variables }).class).toBe('reads');
    expect(shell('read RUN; $RUN x', { variables }).class).toBe('unknown');
    expect(shell('if true; then RUN=rm; fi; $RUN x', { variables }).class).toBe('destroys');
    expect(shell('RUN=$(cat f); $RUN x', { variables }).class).toBe('unknown');
    expect(shell('for RUN in a b; do $RUN x; done', { variables }).class).toBe('unknown');
    expect(shell('while true; do $RUN x; RUN=rm; done', { variables }).class).not.toBe('reads');
    expect(shell('(RUN=rm); $RUN x', { variables }).class).toBe('reads');
  });

  test('files at hand are read', () => {
    const files: Record<string, string> = {
      'a.sql': 'SELECT 1;\n\\i b.sql\n',
      'b.sql': 'DROP TABLE t;',
      'x.sh': '#!/bin/bash\nrm -rf "$1"\n',
      'loop.sql': '\\i loop.sql',
    };
    const fileText = (path: string) => files[path];
    expect(shell('psql -f a.sql', { fileText }).class).toBe('destroys');
    expect(shell('psql < b.sql', { fileText }).class).toBe('destroys');
    expect(shell('cat b.sql | psql', { fileText }).class).toBe('destroys');
    expect(shell('bash x.sh y', { fileText }).class).toBe('destroys');
    expect(shell('psql -f loop.sql', { fileText }).class).toBe('unknown');
    expect(shell('ssh db1 psql -f a.sql', { fileText }).class).toBe('unknown');
  });
});

describe('SQL on its own', () => {
  test('a batch, with psql variables and meta commands', () => {
    expect(readEffects("SELECT :x, :'y', a::text FROM t;\n\\d t", 'sql').class).toBe('reads');
    expect(readEffects('CREATE TABLE t ();\nDROP TABLE "T";', 'sql').effects.map((e) => e.reason)).toEqual([
      'CREATE TABLE t ()',
      'DROP TABLE T',
    ]);
    expect(readEffects('', 'sql').class).toBe('reads');
    expect(readEffects('-- nothing', 'sql').class).toBe('reads');
  });

  test('one statement that does not parse does not hide the others', () => {
    const reading = readEffects('SELEKT 1; DROP TABLE t', 'sql');
    expect(reading.class).toBe('destroys');
    expect(reading.syntaxError?.message).toMatch(/syntax error/);
  });

  test('a semicolon in quotes, dollar quotes, comments and bodies does not end a statement', () => {
    const text = `SELECT ';', $$ ; $$, $a$ ; $a$ /* ; /* ; */ */ -- ;\n; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;`;
    expect(readEffects(text, 'sql').effects.map((e) => e.class)).toEqual(['changes']);
  });
});

describe('text that is not shell', () => {
  test('an unclosed quote is unknown, and destroys where a destroying word stands in it', () => {
    expect(shell('ls "a').class).toBe('unknown');
    expect(shell('ls "a').syntaxError).toBeDefined();
    expect(shell("psql -c 'drop").class).toBe('destroys');
    expect(shell('psql <<EOF\nSELECT 1;').class).toBe('unknown');
  });

  test('empty text and comments read', () => {
    for (const text of ['', '   \n', '# rm -rf /', '\n# a\n# b\n']) expect(shell(text).class).toBe('reads');
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'rm',
        'ls',
        'psql',
        '-c',
        'bash',
        'sudo',
        'ssh',
        'docker',
        'exec',
        'xargs',
        'find',
        '-exec',
        'f()',
        'if',
        'then',
        'fi',
        'done',
        'do',
        'for',
        'case',
        'esac',
        'DROP TABLE t',
        'SELECT',
        '\\i',
        ':x',
        'COPY t FROM stdin;',
        'sqlite3',
        'mysql',
        '-e',
        'aws',
        's3',
        'tar',
        'awk',
        'sed',
        'kubectl',
        'gcloud',
        'trap',
        'alias',
        'eval',
      ),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ' ',
        '\n',
        ';',
        '|',
        '&',
        '&&',
        '(',
        ')',
        '{',
        '}',
        '$(',
        '`',
        '"',
        "'",
        '<<EOF',
        '<<-',
        '\nEOF\n',
        '<',
        '>',
        '<(',
        '$((',
        '))',
        '${',
        '$x',
        '\\',
        '#',
        '=',
        '--',
        '/*',
        '$$',
        '*',
        '[[',
        ']]',
        '\u2039',
        '\ue000',
        '\ue100',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  );
  test('is read without throwing, always to a class, with spans inside it', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom('shell' as const, 'sql' as const),
        (pieces, language) => {
          const text = pieces.join('');
          const reading = readEffects(text, language, {
            exists: () => true,
            fileText: () => 'DROP TABLE t; \\i x',
            functions: { f: text },
          });
          expect(effectClasses).toContain(reading.class);
          for (const { start, end } of reading.effects)
            expect(0 <= start && start <= end && end <= text.length, text).toBe(true);
          if (reading.syntaxError) expect(reading.class).not.toBe('reads');
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('nested very deep is unknown, not an overflow', () => {
    for (const deep of [
      '('.repeat(20_000),
      '$('.repeat(5_000),
      '{ '.repeat(5_000),
      `${'('.repeat(3_000)}rm x${')'.repeat(3_000)}`,
      'eval '.repeat(5_000),
    ])
      expect(shell(deep).class).not.toBe('reads');
    // PostgreSQL's parser is asked again afterwards: it must not be broken by what it could not take.
    for (const depth of [1_000, 20_000, 200_000]) {
      shell(`psql -c "SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}"`);
      shell(`psql -c "SELECT ${'1 + '.repeat(depth)}1"`);
      expect(shell('psql -c "SELECT 1"').class).toBe('reads');
    }
  });

  test('functions that call each other many times over come to an end', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `f${i}() { f${i - 1}; f${i - 1}; f${i - 1}; }`);
    expect(shell(`${lines.join('\n')}\nf29`).class).toBe('unknown');
  });

  test('a very long script is read to its end', () => {
    const count = 8_000;
    const script = Array.from({ length: count }, (_, i) => `cat <<EOF >> log\n${i}\nEOF\nrm f${i}`).join(
      '\n',
    );
    const reading = shell(script);
    expect(reading.effects.filter((effect) => effect.class === 'destroys')).toHaveLength(count);
    expect(reading.effects.at(-1)?.reason).toBe(`deletes f${count - 1}`);
    expect(reading.syntaxError).toBeUndefined();
    const sql = Array.from({ length: count }, (_, i) => `SELECT ${i}; DROP TABLE t${i};`).join('\n');
    expect(readEffects(sql, 'sql').effects).toHaveLength(count);
    expect(shell(`echo ${'x'.repeat(3_000_000)}`).class).toBe('unknown');
  });
});

test('sessions of a database that a psql variable names are said to be its', () => {
  const script = `psql -v db=members "$ADMIN_URL" <<'SQL'\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'db';\nSQL`;
  expect(shell(script).effects.map((effect) => effect.reason)).toContain(
    'ends sessions of the database members, over $ADMIN_URL',
  );
});
