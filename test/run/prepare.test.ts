import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { planned, plannedParts } from '../../src/run/plan.ts';
import { prepare, secretVariable, sqlAsShell } from '../../src/run/prepare.ts';
import type { Command } from '../../src/runbook/part.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

function prepared(command: string, values: Record<string, { value: string; secret?: boolean }>) {
  const procedure = procedureOf(`# R\n\n## 1. Do it\n\n\`\`\`bash\n${command}\n\`\`\`\n`);
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
  return prepare(run.state, part as Command);
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

  test('whatever the value, the shell sees exactly it and nothing of it runs', () => {
    const value = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '"',
        "'",
        '`',
        '$',
        '(',
        ')',
        '\\',
        ';',
        '|',
        '&',
        '<',
        '>',
        '*',
        '\n',
        'é',
        '!',
      ),
    });
    fc.assert(
      fc.property(
        value.filter((text) => !text.endsWith('\n')),
        (text) => {
          const command = prepared(`printf '[%s]' <name> "<name>" '<name>'`, {
            '<name>': { value: text },
          }).text;
          const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
          expect(stdout).toBe(`[${text}][${text}][${text}]`);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('a batch of SQL ends at a word that does not stand in it', () => {
  const shell = sqlAsShell("SELECT 1;\nSQL\nSELECT '$HOME';");
  expect(shell.split('\n').at(-1)).toBe('SQL_');
  expect(shell).toContain("<<'SQL_'");
});
