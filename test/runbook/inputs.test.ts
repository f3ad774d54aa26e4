import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { placeholderSigns } from '../../src/runbook/placeholder-signs.ts';
import { questions } from '../../src/runbook/questions.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const first = (...lines: string[]) =>
  compile(`# Do\n\n\`\`\`bash\n${lines.join('\n')}\n\`\`\`\n`).procedures[0]!;
const asked = (...lines: string[]) => first(...lines).variables.map((variable) => variable.name);

test('a placeholder where a variable would be is asked for once, as a placeholder', () => {
  const { placeholders, variables } = first('echo "${<details>}"', 'pg_dump --dbname ${the-db-name}');
  expect(placeholders.map((placeholder) => placeholder.text)).toEqual(['<details>', '${the-db-name}']);
  expect(variables).toEqual([]);
});

describe('placeholders', () => {
  test.each([
    ['pg_dump --host=<host> --port=5432', [['<host>', 'host']]],
    ['psql "postgresql://user:pass@host:port/dbname"', [['postgresql://user:pass@host:port/dbname', 'url']]],
    ['psql app < /path/to/backup_file.sql', [['/path/to/backup_file.sql', 'file']]],
    ['cp a /path/to/backups/', [['/path/to/backups/', 'directory']]],
    ['aws s3 cp a s3://your-bucket/x', [['your-bucket', 'bucket']]],
    ['pg_restore -d app backup_20251121_120000.dump', [['backup_20251121_120000.dump', 'file']]],
    ['restore --restore-time 2025-11-21T10:30:00Z', [['2025-11-21T10:30:00Z', 'time']]],
    ['curl -H "Authorization: <api-token>" https://x', [['<api-token>', 'secret']]],
    ['pg_dump --table=users ... > a.sql', [['...', 'text']]],
  ])('%s', (command, wanted) => {
    expect(placeholderSigns(command).map((sign) => [sign.text, sign.value])).toEqual(wanted);
  });

  test.each([
    'sort < in.txt > out.txt',
    'cat <<EOF',
    'diff <(ls a) <(ls b)',
    'psql -c "SELECT 1 WHERE 2 < 3 AND 4 > 3"',
    'pg_dump app > backup_20251121.sql',
    'echo "$(date +%Y-%m-%d)"',
    'grep "<br>" page.html',
    '[[ -f x ]] && ls',
  ])('%s has none', (command) => {
    expect(placeholderSigns(command)).toEqual([]);
  });

  test('one value stands for every use, each with its place', () => {
    const source = '# A\n\n```bash\necho <id>\n\nls \\\n  <id>\n```\n';
    const [placeholder, ...others] = compile(source).procedures[0]!.placeholders;
    expect(others).toEqual([]);
    expect(placeholder!.uses.map((use) => [use.command, use.range.line, use.range.column])).toEqual([
      ['a-2/1', 4, 6],
      ['a-2/2', 7, 3],
    ]);
  });
});

describe('variables read before they are written', () => {
  test.each([
    [['echo "$A"', 'A=1', 'echo "$A"'], ['A']],
    [['export A=1', 'echo "$A"'], []],
    [['read -r A B', 'echo "$A$B"'], []],
    [['for F in a b; do echo "$F"; done', 'echo "$F"'], []],
    [['A=$(echo "$B")', 'echo "$A"'], ['B']],
    [['f() { local X=$1; echo "$X$Y"; }', 'f'], ['Y']],
    [['A=1 env', 'echo "$A"'], ['A']],
    [['(A=1; echo "$A")', 'echo "$A"'], ['A']],
    [["echo '$A'"], []],
    [["psql <<'SQL'", '$A', 'SQL'], []],
    [['cat <<EOF', '$A', 'EOF'], ['A']],
    [['echo "$HOME $RANDOM $1 $? $@"'], []],
    [['echo $((N + 1))'], ['N']],
    [['ls | while read f; do echo "$f"; done'], []],
  ])('%j', (lines, names) => {
    expect(asked(...lines)).toEqual(names);
  });

  test('a default is kept, and so is the file that may set it', () => {
    expect(first('echo "${A:-x y}"', '. ./.env', 'echo "$B"').variables).toMatchObject([
      { name: 'A', fallback: 'x y' },
      { name: 'B', sourced: './.env' },
    ]);
  });

  test.each([
    ['DATABASE_URL', 'url'],
    ['PGPASSWORD', 'secret'],
    ['BACKUP_ENCRYPTION_KEY', 'secret'],
    ['API_TOKEN', 'secret'],
    ['BACKUP_FILE', 'file'],
    ['BACKUP_DIR', 'directory'],
    ['DB_HOST', 'host'],
    ['PGPORT', 'port'],
    ['DB_USER', 'user'],
    ['S3_BUCKET', 'bucket'],
    ['SERVICE_ID', 'identifier'],
  ])('%s is a %s', (name, value) => {
    expect(first(`echo "$${name}"`).variables).toMatchObject([{ name, value }]);
  });
});

describe('questions', () => {
  const procedure = () =>
    compile(
      '## Do\n\n### Option A\n\n```bash\nexport URL=x\n```\n\n### Option B\n\n```bash\nread URL\necho <bee>\n```\n\n### Option C\n\n```bash\nls\n```\n\n### Then\n\n```bash\necho "$URL"\n```\n',
    ).procedures[0]!;
  const choice = () => {
    const [item] = procedure().items;
    if (item?.kind !== 'choice') throw new Error('the options were not read as a choice');
    return item;
  };

  test('without a choice made, what any way may need is asked', () => {
    expect(questions(procedure()).map((question) => question.name)).toEqual(['bee', 'URL']);
  });

  test('with a choice made, only what that way needs', () => {
    const { id, options } = choice();
    expect(questions(procedure(), { [id]: options[0]!.id })).toEqual([]);
    expect(questions(procedure(), { [id]: options[1]!.id }).map((question) => question.name)).toEqual([
      'bee',
    ]);
    expect(questions(procedure(), { [id]: options[2]!.id }).map((question) => question.name)).toEqual([
      'URL',
    ]);
  });
});

test('a text that says only that something goes there is asked for once for each thing that it is the value of', () => {
  const { placeholders } = first(
    'vpc_id="<replace_with_previous_output>"',
    'subnet_name="<replace_with_previous_output>"',
    'aws ec2 run --vpc-id="<replace_with_previous_output>"',
  );
  expect(placeholders.map(({ text, name, value, uses }) => [text, name, value, uses.length])).toEqual([
    ['<replace_with_previous_output>', 'vpc id', 'identifier', 2],
    ['<replace_with_previous_output>', 'subnet name', 'identifier', 1],
  ]);
  // A name is one thing wherever it stands, and two in one command cannot be told apart.
  expect(first('a=<host>', 'b=<host>').placeholders).toHaveLength(1);
  expect(first('run --a=<value> --b=<value>', 'run --c=<value>').placeholders).toHaveLength(1);
});

describe('what an earlier section sets', () => {
  const earlierOf = (...sections: string[]) => {
    const text = `# Do\n${sections.map((lines, at) => `\n## Part ${at + 1}\n\n\`\`\`bash\n${lines}\n\`\`\`\n`).join('')}`;
    const { procedures } = compile(text);
    const last = procedures.at(-1)!;
    for (const { earlier } of last.variables)
      if (earlier) expect(text.slice(earlier.range.start, earlier.range.end)).toContain(earlier.text);
    return last.variables.map(({ name, earlier }) => [name, earlier?.text, earlier?.value]);
  };

  test.each<[string, string | undefined, string | undefined]>([
    ['export REGION="westus3"', 'westus3', 'westus3'],
    ["REGION='west us'", 'west us', 'west us'],
    ['REGION=west-1', 'west-1', 'west-1'],
    ['export REGION="r-${NAME}"', 'r-${NAME}', undefined],
    ['NAME=eu\nexport REGION="r-${NAME}"', 'r-${NAME}', 'r-eu'],
    ['NAME=$(date)\nexport REGION="r-$NAME"', 'r-$NAME', undefined],
    ["NAME=eu\nREGION='r-$NAME'", 'r-$NAME', undefined],
    ['REGION=$(az list)', '$(az list)', undefined],
    ['REGION=<your-region>', '<your-region>', undefined],
    ['(REGION=west)', undefined, undefined],
    ['REGION=west make', undefined, undefined],
    ['echo REGION=west', undefined, undefined],
  ])('%s', (set, text, value) => {
    expect(earlierOf(set, 'echo "$REGION"')).toEqual([['REGION', text, value]]);
  });

  test('the last one before it counts, and what stands behind it does not', () => {
    expect(earlierOf('A=1\nA=2', 'A=3', 'ls', 'echo $A')).toEqual([['A', '3', '3']]);
    const text = '# Do\n\n## One\n\n```bash\necho $A\n```\n\n## Two\n\n```bash\nA=1\n```\n';
    expect(compile(text).procedures[0]!.variables).toMatchObject([{ name: 'A' }]);
    expect(compile(text).procedures[0]!.variables[0]).not.toHaveProperty('earlier');
  });
});
