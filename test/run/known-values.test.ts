import { beforeAll, expect, test } from 'vitest';
import { readEffects } from '../../src/effects/read.ts';
import { here } from '../../src/run/here.ts';
import { knownValues } from '../../src/run/known-values.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

/** What is known after commands that changed what stands beside them. */
function after(...commands: readonly (readonly [string, ...string[]])[]) {
  const procedure = procedureOf('# R\n\n## 1. Do it\n\n```bash\ntrue\n```\n');
  const run = new PaperRun(procedure, { mode: 'incident', target: targetIn('sandbox') });
  run.send({ type: 'next' });
  const at = here(run.state);
  if (at.kind !== 'part') throw new Error(`no command is next: ${at.kind}`);
  for (const [index, [text, ...changed]] of commands.entries()) {
    const attempt = { command: at.part.id, attempt: index + 1 };
    run.record({
      type: 'command-started',
      ...attempt,
      text,
      effect: 'changes',
      interactive: false,
      output: `00${index}.log`,
    });
    run.finish({ changed });
  }
  return knownValues(run.state);
}

function classOf(text: string, known: ReturnType<typeof knownValues>) {
  return readEffects(text, 'shell', {
    variables: known.values,
    functions: known.functions,
    startings: known.startings,
  }).class;
}

test('an assignment is known, what a command makes is not', () => {
  const known = after(['A=/data', 'A'], ['B="$A/x"', 'B'], ['C=$(date)', 'C']);
  expect(known.values).toMatchObject({ A: '/data', B: '/data/x' });
  expect([...known.unknown]).toEqual(['C']);
});

test('an alias is what its text says', () => {
  const known = after(['alias ls="rm -rf"']);
  expect(classOf('ls /data', known)).toBe('destroys');
  expect(classOf('cat /data', known)).toBe('reads');
});

test('an alias of its own name adds to the command', () => {
  expect(classOf('ls /data', after(["alias ls='ls --color'"]))).toBe('reads');
});

test('an alias of something that is not known is unknown', () => {
  expect(classOf('ls /data', after(['alias ls="$(cat tool)"']))).toBe('unknown');
});

test('what follows an alias that ends with a blank is read for itself', () => {
  const known = after(["alias ls='rm -rf'"], ["alias nohup='nohup '"]);
  expect(classOf('nohup ls /data', known)).toBe('destroys');
});

test('an alias that was removed is gone', () => {
  expect(after(['alias ls="rm -rf"'], ['unalias ls']).functions).toEqual({});
  expect(after(['alias ls="rm -rf" ll=ls'], ['unalias -a']).functions).toEqual({});
});

test('a function is its newest body', () => {
  const known = after(['ls() { rm -rf "$@"; }', 'ls()'], ['ls() { cat "$@"; }', 'ls()']);
  expect(classOf('ls /data', known)).toBe('reads');
  expect(classOf('ls /data', after(['ls() { rm -rf "$@"; }', 'ls()']))).toBe('destroys');
});

test('a function that was defined only in a subshell is not there', () => {
  expect(after(['(ls() { rm -rf "$@"; }; ls /tmp/x)']).functions).toEqual({});
});

test('of two definitions that exclude each other both are read', () => {
  const known = after(['if test -e /x; then ls() { rm -rf "$@"; }; else ls() { cat "$@"; }; fi', 'ls()']);
  expect(classOf('ls /data', known)).toBe('destroys');
});

test('a function with a heredoc keeps its text', () => {
  const known = after(['wipe() {\n  psql <<EOF\nDROP TABLE members;\nEOF\n}', 'wipe()']);
  expect(classOf('wipe', known)).toBe('destroys');
});

test('a function that was removed is gone', () => {
  expect(after(['ls() { rm -rf "$@"; }', 'ls()'], ['unset -f ls', 'ls()']).functions).toEqual({});
});

test('a function that no text defines is unknown', () => {
  const known = after(['. ./tools.sh', 'ls()']);
  expect(classOf('ls /data', known)).toBe('unknown');
  expect(known.unknown.size).toBe(0);
});

test('what an earlier command made of PATH or of a pager counts for those behind it', () => {
  expect(classOf('psql -l', after(['export PATH=./bin:$PATH', 'PATH']))).toBe('unknown');
  expect(
    classOf('psql -l', after(['export PATH=./bin:$PATH', 'PATH'], ['PATH=$PATH:/usr/bin', 'PATH'])),
  ).toBe('unknown');
  expect(classOf('psql -l', after(['export PATH=$PATH:/usr/pgsql-16/bin', 'PATH']))).toBe('reads');
  expect(classOf('git log', after(['export PAGER="rm -rf /data"', 'PAGER']))).toBe('destroys');
  expect(classOf('git log', after(['export PAGER=./x', 'PAGER'], ['unset PAGER', 'PAGER']))).toBe('reads');
});

test('what a sourced file made of a name is unknown from there on, and nothing else is', () => {
  const known = after(['source ./env.sh', 'PATH', 'psql()', 'DATABASE_HOST']);
  expect(classOf('pg_dump app', known)).toBe('unknown');
  expect(classOf('psql -l', after(['source ./env.sh', 'psql()']))).toBe('unknown');
  expect(classOf('ls', after(['source ./env.sh', 'psql()', 'DATABASE_HOST']))).toBe('reads');
});
