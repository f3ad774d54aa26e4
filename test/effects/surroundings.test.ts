import { beforeAll, expect, test } from 'vitest';
import { readEffects, readInOrder } from '../../src/effects/read.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const classOf = (text: string, startings: Record<string, string> = {}) =>
  readEffects(text, 'shell', { startings }).class;

/** A variable, the value, a command that looks at it, and one that does not. */
const variables = [
  ['PATH', './bin:$PATH', 'psql -l', 'cd /tmp'],
  ['LD_PRELOAD', './x.so', 'ls', 'pwd'],
  ['BASH_ENV', './env.sh', 'bash -c true', 'ls'],
  ['ENV', './env.sh', 'sh -c true', 'ls'],
  ['PSQLRC', './rc', 'psql -l', 'psql -X -l'],
  ['PAGER', './show', 'man psql', 'echo x'],
  ['PSQL_PAGER', './show', 'psql -l', 'echo x'],
  ['EDITOR', './edit', 'psql -l', 'echo x'],
  ['GIT_SSH_COMMAND', './wrap', 'git ls-remote', 'ls'],
  ['GIT_EXTERNAL_DIFF', './wrap', 'git diff', 'ls'],
  ['GIT_CONFIG_GLOBAL', './cfg', 'git log', 'ls'],
  ['LESSOPEN', '|./x %s', 'less a', 'ls'],
  ['RSYNC_RSH', './x', 'rsync -n a b:', 'ls'],
  ['PYTHONPATH', './x', 'aws s3 ls', 'ls'],
] as const;

test.each(variables)('%s makes what looks at it unknown, and nothing else', (name, value, asks, ignores) => {
  for (const set of [`${name}='${value}'`, `export ${name}='${value}'`, `declare -x ${name}='${value}'`]) {
    expect(classOf(`${set}\n${asks}`), `${set}; ${asks}`).toBe('unknown');
    expect(classOf(`${set}\n${ignores}`), `${set}; ${ignores}`).toBe('reads');
  }
  expect(classOf(`${name}='${value}' ${asks}`)).toBe('unknown');
  expect(classOf(`env ${name}='${value}' ${asks}`)).toBe('unknown');
  expect(classOf(`if true; then export ${name}='${value}'; fi; ${asks}`)).toBe('unknown');
  expect(classOf(`export ${name}='${value}'; unset ${name}; ${asks}`)).toBe('reads');
  expect(classOf(`(export ${name}='${value}'); ${asks}`)).toBe('reads');
  // By an earlier command of the run.
  expect(classOf(asks, { [name]: value })).toBe('unknown');
  expect(classOf(ignores, { [name]: value })).toBe('reads');
});

test('what such a variable starts is read where it is plain', () => {
  expect(classOf("PAGER='rm -rf /data' man psql")).toBe('destroys');
  expect(classOf('git log', { GIT_PAGER: 'rm -rf /data' })).toBe('destroys');
  expect(classOf('git log', { PAGER: 'less -S' })).toBe('reads');
  expect(classOf('git log', { EDITOR: 'code --wait' })).toBe('reads');
  expect(classOf("export GIT_SSH_COMMAND='ssh -i key'; git ls-remote")).toBe('reads');
});

test.each([
  'export PATH=$PATH:/usr/pgsql-16/bin; psql -l',
  'export PATH=/usr/lib/postgresql/16/bin:$PATH; psql -l',
  'export PATH="$PATH:$HOME/.local/bin"; psql -l',
  'export PATH=/opt/homebrew/opt/libpq/bin:$PATH; psql -l',
])('a path that still begins with the system reads: %s', (text) => {
  expect(classOf(text)).toBe('reads');
});

test.each(['PATH=.:$PATH', 'PATH=$PATH:.', 'PATH=$PATH:bin', 'PATH=$OTHER', 'PATH=/tmp/x:$PATH'])(
  'a path that does not is unknown: %s',
  (set) => {
    expect(classOf(`${set}; psql -l`)).toBe('unknown');
  },
);

test('a copy over a file that is there destroys it; into a folder, the file of that name', () => {
  const exists = (path: string) => ['/a/old', '/a/.', '/a/f', '/a'].includes(path);
  const of = (text: string) => readEffects(text, 'shell', { exists }).class;
  for (const tool of ['cp', 'mv', 'install', 'ln -f']) {
    expect(of(`${tool} new /a/old`), tool).toBe('destroys');
    expect(of(`${tool} /b/f /a`), tool).toBe('destroys');
    expect(of(`${tool} /b/g /a`), tool).toBe('changes');
    expect(of(`${tool} new /a/new`), tool).toBe('changes');
    expect(of(`${tool} -t /a f`), tool).toBe('destroys');
  }
  expect(of('cp -n new /a/old')).toBe('changes');
  expect(of('ln -s new /a/old')).toBe('changes');
  expect(of('truncate -s 1G /a/new')).toBe('changes');
  expect(of('truncate -s 0 /a/old')).toBe('destroys');
  expect(of('echo x >| /a/old')).toBe('destroys');
});

test('ended sessions are those of the database that the statement names', () => {
  const hitOf = (sql: string) =>
    readEffects(sql, 'sql').effects.find((each) => each.hits?.kind === 'sessions');
  const query = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE';
  expect(hitOf(`${query} datname = 'app'`)?.hits?.name).toBe('app');
  expect(hitOf(`${query} 'app' = datname AND pid <> pg_backend_pid()`)?.hits?.name).toBe('app');
  const both = readEffects(`psql -h db1 -d postgres -c "${query} datname = 'app'"`, 'shell').effects[0];
  expect(both).toMatchObject({
    reason: 'ends sessions of the database app, over postgres@db1',
    hits: { kind: 'sessions', name: 'app@db1' },
  });
  expect(readEffects(`psql -d app -c "${query} pid <> 1"`, 'shell').effects[0]?.reason).toBe(
    'ends sessions of app',
  );
});

test('commands in their order know what those before them made of names, and each has places of its own', () => {
  const texts = ['ls() { rm -rf /data; }', 'export PAGER=./show', 'ls', 'git log', 'pwd'];
  const readings = readInOrder(texts.map((text) => ({ text, language: 'shell' as const })));
  expect(readings.map((reading) => reading.class)).toEqual([
    'reads',
    'reads',
    'destroys',
    'unknown',
    'reads',
  ]);
  for (const [index, { effects }] of readings.entries())
    for (const { start, end } of effects) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(texts[index]!.length);
    }
});

test.each([
  ['KUBECONFIG=./their.yaml kubectl get pods', 'unknown'],
  ['export KUBECONFIG=/tmp/x\nhelm list', 'unknown'],
  ['KUBECONFIG=~/.kube/../../tmp/x kubectl get pods', 'unknown'],
  ['KUBECONFIG=~/.kube/production kubectl get pods', 'reads'],
  ['KUBECONFIG=/etc/kubernetes/admin.conf kubectl get pods', 'reads'],
  ['AWS_CONFIG_FILE=./aws.conf aws s3 ls', 'unknown'],
  ['AWS_SHARED_CREDENTIALS_FILE=$HOME/.aws/other aws s3 ls', 'reads'],
  ['GIT_CONFIG_GLOBAL=./theirs git log', 'unknown'],
  ['KUBECONFIG=./their.yaml psql -l', 'reads'],
])('settings that may start a program: %s', (text, expected) => {
  expect(classOf(text)).toBe(expected);
});

test.each(["PROMPT_COMMAND='dropdb live'", "export PROMPT_COMMAND='dropdb live'", "PS4='$(dropdb live)'"])(
  'what a prompt would run is read where it is set: %s',
  (set) => expect(classOf(set)).toBe('destroys'),
);

test('a prompt that only shows is no more than a variable', () => {
  expect(classOf("PS1='\\u@\\h:\\w\\$ '")).toBe('reads');
  expect(classOf('PROMPT_COMMAND=')).toBe('reads');
  expect(classOf("PROMPT_COMMAND='history -a'")).toBe('changes');
});
