import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { planned, plannedParts } from '../../src/run/plan.ts';
import { prepare, secretVariable, sqlAsShell } from '../../src/run/prepare.ts';
import type { Command } from '../../src/runbook/part.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

function prepared(
  command: string,
  values: Record<string, { value: string; secret?: boolean }>,
  language: 'bash' | 'sql' = 'bash',
) {
  const procedure = procedureOf(`# R\n\n## 1. Do it\n\n\`\`\`${language}\n${command}\n\`\`\`\n`);
  const run = new PaperRun(procedure, { mode: 'drill', target: targetIn('sandbox') });
  for (const placeholder of procedure.placeholders) {
    const given = values[placeholder.text];
    if (given)
      run.send({
        type: 'give',
        name: placeholder.name,
        value: given.value,
        secret: given.secret ?? false,
        source: 'operator',
      });
  }
  const [step] = planned(procedure.items, {});
  const part =
    step?.kind === 'step'
      ? plannedParts(step.parts, {}).find((candidate) => candidate.kind === 'command')
      : undefined;
  if (!part) throw new Error('the text holds no command');
  // The text as one command, however a runbook's block of it would be split.
  return prepare(run.state, { ...(part as Command), text: command });
}

describe('placeholders', () => {
  test('plain values stand as they are', () => {
    expect(prepared('ping -c 1 <host>', { '<host>': { value: 'db.internal' } }).text).toBe(
      'ping -c 1 db.internal',
    );
  });

  test('a missing value is named', () => {
    expect(prepared('ping -c 1 <host>', {}).missing).toEqual(['host']);
  });

  test('what an option that was taken has set is not missing where another option would not', () => {
    const markdown =
      '# R\n\n## 1. Choose\n\n### Option A: here\n\n```bash\nFILE=$(ls | head -n 1)\n```\n\n### Option B: there\n\n- Dashboard → download it\n\n## 2. Use\n\n```bash\ncat "$FILE"\n```\n';
    const procedure = procedureOf(markdown);
    const run = new PaperRun(procedure, { mode: 'drill', target: targetIn('sandbox') });
    const uses = procedure.variables.find((variable) => variable.name === 'FILE')!.uses[0]!;
    const command = { id: uses.command, text: 'cat "$FILE"', language: 'shell' } as Command;
    expect(prepare(run.state, command).missing).toEqual(['FILE']);
    const [choice] = planned(procedure.items, {}).flatMap((step) =>
      step.kind === 'step' ? step.parts.filter((part) => part.kind === 'choice') : [],
    );
    run.send({ type: 'next' });
    run.send({ type: 'choose', choice: choice!.id, option: choice!.options[0]!.id });
    const id = choice!.options[0]!.parts.find((part) => part.kind === 'command')!.id;
    expect(run.send({ type: 'run', command: id })).toMatchObject({ kind: 'accepted' });
    run.finish({ changed: ['FILE'] });
    expect(prepare(run.state, command).missing).toEqual([]);
  });

  test('a secret is a reference, in every kind of quotes', () => {
    const text = prepared(`printf %s\\\\n <password> "<password>" '<password>'`, {
      '<password>': { value: 'hunter2', secret: true },
    }).text;
    expect(text).not.toContain('hunter2');
    const { stdout } = spawnSync('bash', ['-c', text], {
      env: { ...process.env, [secretVariable('password')]: 'a b"c' },
      encoding: 'utf8',
    });
    expect(stdout.split('\n').slice(0, 3)).toEqual(['a b"c', 'a b"c', 'a b"c']);
  });

  /** Each prints the values that the shell sees, one after the other in brackets. */
  const contexts: readonly (readonly [string, string, (text: string) => string])[] = [
    [
      'a word, double quotes and single quotes',
      `printf '[%s]' <name> "<name>" '<name>'`,
      (text) => `[${text}][${text}][${text}]`,
    ],
    ['dollar quotes', `printf '[%s]' $'<name>'`, (text) => `[${text}]`],
    [
      'a loop with an apostrophe in a comment',
      `for f in 1; do\n# don't keep <name>\nprintf '[%s]' <name>\ndone`,
      (text) => `[${text}]`,
    ],
    [
      'a substitution in double quotes',
      `printf '[%s]' "$(printf %s. <name> "<name>" '<name>')"`,
      (text) => `[${text}.${text}.${text}.]`,
    ],
    [
      'an unquoted heredoc',
      `printf '[%s]' "$(cat <<EOF\ndon't\n<name>.\nEOF\n)"`,
      (text) => `[don't\n${text}.]`,
    ],
    [
      'a quoted heredoc',
      `printf '[%s]' "$(cat <<'EOF'\nit's "<name>".\nEOF\n)"`,
      (text) => `[it's "${text}".]`,
    ],
    [
      'a word behind a heredoc with an apostrophe',
      `cat >/dev/null <<EOF\ndon't\nEOF\nprintf '[%s]' <name>`,
      (text) => `[${text}]`,
    ],
    [
      'an assignment and an array',
      `x=<name>; y=(<name> "<name>"); printf '[%s]' "$x" "\${y[@]}"`,
      (text) => `[${text}][${text}][${text}]`,
    ],
    ['a part of a word', `printf '[%s]' a/<name>/$nothing`, (text) => `[a/${text}/]`],
  ];
  const value = fc.string({ unit: fc.constantFrom(...'a "\'`$(){}\\;|&<>*\né!#=,~-0EOF'), maxLength: 12 });

  test.each(contexts)('whatever the value, the shell sees exactly it in %s', (_name, command, seen) => {
    fc.assert(
      fc.property(value, (text) => {
        const made = prepared(command, { '<name>': { value: text } });
        expect(made.problem).toBeUndefined();
        const { stdout } = spawnSync('bash', ['-c', made.text], { encoding: 'utf8' });
        expect(stdout).toBe(seen(text));
      }),
      { numRuns: 25, examples: [["'"], ['a b'], ['$(echo x)'], ['if'], ['a=b'], ['2']] },
    );
  });

  test('an apostrophe in a comment takes no quotes away from a folder with a blank', () => {
    const { text } = prepared("for f in *; do\n  # don't keep old ones\n  rm -rf <backup-folder>/$f\ndone", {
      '<backup-folder>': { value: '/data/my backups' },
    });
    expect(text).toContain("rm -rf '/data/my backups'/$f");
  });

  test.each([
    ['a line that ends the heredoc', "cat <<'EOF'\n<name>\nEOF", 'EOF'],
    ['a tab that the heredoc would drop', 'cat <<-EOF\n<name>\nEOF', '\ta'],
    ['words that another shell reads again', "bash -c 'rm -rf <name>'", 'a b'],
    ['words that another machine reads again', 'ssh db rm -rf <name>', 'a b'],
    ['a script for another shell', "bash <<'EOF'\nrm -rf <name>\nEOF", 'a b'],
    ['a command that is no shell', "rm -rf <name> ')' ' ; (", 'a b'],
    ['the name of a variable', 'echo "$<name>"', '(rm x)'],
    ['backquotes', 'echo `ls <name>`', 'a b'],
    ['an expansion', 'echo "${x:-<name>}"', 'a"b'],
    ['a number', 'echo $((<name> + 1))', 'x[$(rm y)]'],
  ])('what cannot be one piece of text is told: %s', (_name, command, text) => {
    const made = prepared(command, { '<name>': { value: text } });
    expect(made.problem).toMatch(/^The value of name .*\.$/);
  });

  test.each([
    ["bash -c 'rm -rf <name>'", "bash -c 'rm -rf old'"],
    ['ssh db rm -rf <name>', 'ssh db rm -rf old'],
    ['echo `ls <name>`', 'echo `ls old`'],
    ['echo "${x:-<name>}"', 'echo "${x:-old}"'],
  ])('a plain value is no problem anywhere: %s', (command, text) => {
    const made = prepared(command, { '<name>': { value: 'old' } });
    expect(made).toMatchObject({ text });
    expect(made.problem).toBeUndefined();
  });

  test.each([
    ["cat <<'EOF'\n<password>\nEOF"],
    ["psql <<'EOF'\nALTER ROLE a PASSWORD '<password>';\nEOF"],
    ['echo `login <password>`'],
  ])('a secret that no shell would fill in is a problem: %s', (command) => {
    const made = prepared(command, { '<password>': { value: 'hunter2', secret: true } });
    expect(made.problem).toMatch(/^The secret password cannot be put there/);
    expect(made.text).not.toContain('hunter2');
  });

  test('a secret is a reference in a heredoc, a substitution and dollar quotes', () => {
    const { text, problem } = prepared(
      `cat <<EOF\n<password>\nEOF\nprintf '%s\\n' "$(printf %s <password>)" $'<password>' # <password>`,
      { '<password>': { value: 'hunter2', secret: true } },
    );
    expect(problem).toBeUndefined();
    const { stdout } = spawnSync('bash', ['-c', text], {
      env: { ...process.env, [secretVariable('password')]: `a b"c'$d` },
      encoding: 'utf8',
    });
    expect(stdout).toBe(`a b"c'$d\n`.repeat(3));
  });
});

describe('placeholders in SQL', () => {
  const sql = (text: string, given: { value: string; secret?: boolean }) =>
    prepared(text, { '<name>': given }, 'sql');

  test.each([
    ["SELECT '<name>'", "O'Brien", "SELECT 'O''Brien'"],
    ["SELECT E'<name>'", "O\\'", "SELECT E'O\\\\'''"],
    ['SELECT "<name>"', 'a"b', 'SELECT "a""b"'],
    ['SELECT * FROM <name>', 'public.a', 'SELECT * FROM public.a'],
    ["SELECT 1 -- don't <name>\n, '<name>'", "a'\nb", "SELECT 1 -- don't a' b\n, 'a''\nb'"],
    ["SELECT /* it's <name> */ '<name>'", "a'*/", "SELECT /* it's a'* / */ 'a''*/'"],
    ["SELECT $$it's <name>$$, '<name>'", "a'", "SELECT $$it's a'$$, 'a'''"],
  ])('%s', (text, value, expected) => {
    expect(sql(text, { value })).toMatchObject({ shown: expected });
  });

  test('a value that would end dollar quotes is a problem', () => {
    expect(sql('SELECT $$<name>$$', { value: 'a$$; DROP TABLE a' }).problem).toContain('The value of name');
    expect(sql('SELECT $$<name>$$', { value: 'a$' }).problem).toContain('The value of name');
  });

  test('a secret is a problem', () => {
    const made = sql("ALTER ROLE a PASSWORD '<name>'", { value: 'hunter2', secret: true });
    expect(made.problem).toMatch(/^The secret name cannot be put there/);
    expect(made.text).not.toContain('hunter2');
  });

  test('a heredoc for psql is SQL', () => {
    const { text } = prepared(`psql -X <<'EOF'\nSELECT '<name>';\nEOF`, { '<name>': { value: "O'Brien" } });
    expect(text).toContain("SELECT 'O''Brien';");
  });
});

test('a batch of SQL ends at a word that does not stand in it', () => {
  const shell = sqlAsShell("SELECT 1;\nSQL\nSELECT '$HOME';");
  expect(shell.split('\n').at(-1)).toBe('SQL_');
  expect(shell).toContain("<<'SQL_'");
});
