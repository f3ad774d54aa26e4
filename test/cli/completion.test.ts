import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { product } from '../support/product.ts';
import { openTerminal } from '../support/terminal.ts';

let folder: string;
let entry: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  entry = await product();
  folder = await mkdtemp(join(tmpdir(), 'drillbook-completion-'));
  const home = join(folder, 'home');
  await mkdir(join(home, 'state', 'runs', '20261120-0312-restore-to-production-k3f9'), { recursive: true });
  await mkdir(join(home, 'config'), { recursive: true });
  await writeFile(
    join(home, 'config', 'preferences.json'),
    JSON.stringify({ targets: { mine: { environment: 'local', url: 'env:X' } } }),
  );
  await mkdir(join(folder, 'docs', 'runbooks'), { recursive: true });
  await writeFile(
    join(folder, 'docs', 'runbooks', 'restore.md'),
    '# Book\n\n## Restore it\n\n```bash\nls\n```\n\n## Look at it\n\n```bash\nls\n```\n',
  );
  await writeFile(
    join(folder, 'drillbook.yaml'),
    'targets: { members-staging: { environment: staging, url: env:S } }\nrunbooks: [docs/runbooks]\n',
  );
  await mkdir(join(folder, '.git'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'drillbook'), `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  await chmod(join(bin, 'drillbook'), 0o755);
  env = { ...process.env, DRILLBOOK_HOME: home, PATH: `${bin}:${process.env.PATH}` };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: folder, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

/** What bash itself would put in place of the last word of a line, by the function that it was given. */
async function inBash(line: string): Promise<readonly string[]> {
  const script = `source <(drillbook completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
# As readline splits it: words, and = for itself.
read -ra COMP_WORDS <<< "\${1//=/ = }"
[[ $1 == *' ' || $1 == *= ]] && [[ $1 != *= ]] && COMP_WORDS+=('')
COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
complete -p drillbook | grep -q -- '-F _drillbook' || exit 9
_drillbook drillbook "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, out, err } = await run('bash', ['--norc', '-c', script, 'bash', line]);
  expect(code, err).toBe(0);
  return out.split('\n').filter((one) => one !== '');
}

test.each([
  ['drillbook ba', ['backup']],
  ['drillbook backup cr', ['create']],
  ['drillbook log follow-up ', ['list', 'close', 'add']],
  ['drillbook list --se', ['--search']],
  ['drillbook run x.md --target m', ['mine', 'members-staging']],
  ['drillbook run x.md --target=mem', ['members-staging']],
  ['drillbook run x.md --mode ', ['incident', 'drill', 'training', 'preview']],
  ['drillbook run x.md --mode=', ['incident', 'drill', 'training', 'preview']],
  ['drillbook resume 2026', ['20261120-0312-restore-to-production-k3f9']],
  ['drillbook log show ', ['20261120-0312-restore-to-production-k3f9']],
  ['drillbook run ', ['docs/runbooks/restore.md']],
  ['drillbook docs/', ['docs/runbooks/restore.md']],
  [
    'drillbook run docs/runbooks/restore.md#',
    ['docs/runbooks/restore.md#restore-it', 'docs/runbooks/restore.md#look-at-it'],
  ],
  ['drillbook run docs/runbooks/restore.md#l', ['docs/runbooks/restore.md#look-at-it']],
  ['drillbook target remove m', ['mine', 'members-staging']],
  ['drillbook schedule s', ['sandbox']],
  ['drillbook completion ', ['bash', 'zsh', 'fish']],
  ['drillbook help backup pr', ['prune']],
  ['drillbook log list --since ', []],
])('bash completes %s', async (line, expected) => {
  expect(await inBash(line)).toEqual(expected);
});

test('at a real prompt Tab completes a command, and a file where no runbook fits', async () => {
  await writeFile(join(folder, 'other.md'), '# Other\n');
  const bash = openTerminal({
    columns: 80,
    rows: 20,
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    cwd: folder,
    env: { ...(env as Record<string, string>), PS1: 'ready> ', HISTFILE: '' },
  });
  await bash.see('ready>');
  bash.type('source <(drillbook completion bash); bind "set enable-bracketed-paste off"\r');
  await bash.until('a second prompt', (screen) => /ready>[\s\S]*\nready>/.test(screen));
  bash.type('drillbook lint oth\t');
  await bash.see('drillbook lint other.md');
  bash.press('ctrl+u');
  bash.type('drillbook run docs/runbooks/restore.md#l\t');
  await bash.see('restore.md#look-at-it');
  bash.press('ctrl+u');
  bash.type('exit\r');
  await bash.exited();
  await bash.close();
  const { out } = await run('drillbook', ['__complete', 'lint', 'oth']);
  expect(out).toBe(':files\n');
});

async function isThere(shell: string): Promise<boolean> {
  const { code } = await run('sh', ['-c', `command -v ${shell}`]);
  if (code !== 0) console.warn(`${shell} is not installed: its completion was only printed`);
  return code === 0;
}

test.each(['zsh', 'fish'])('%s has a script of its own', async (shell) => {
  const { code, out } = await run('drillbook', ['completion', shell]);
  expect(code).toBe(0);
  expect(out).toContain('__complete');
});

test('fish completes commands, targets, runs, runbooks and procedures', async (context) => {
  if (!(await isThere('fish'))) return context.skip();
  const script = `drillbook completion fish | source
for line in $argv
    echo "> $line"
    complete -C $line
end`;
  const lines = [
    'drillbook backup cr',
    'drillbook run x.md --target m',
    'drillbook run x.md --target=mem',
    'drillbook resume 2026',
    'drillbook docs/',
    'drillbook run docs/runbooks/restore.md#',
  ];
  const { code, out, err } = await run('fish', ['-N', '-c', script, '--', ...lines]);
  expect(code, err).toBe(0);
  const answers = out
    .split(/^> .*\n/m)
    .slice(1)
    .map((block) =>
      block
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('\t')[0]),
    );
  expect(answers).toEqual([
    ['create'],
    ['members-staging', 'mine'],
    ['--target=members-staging'],
    ['20261120-0312-restore-to-production-k3f9'],
    ['docs/runbooks/restore.md'],
    ['docs/runbooks/restore.md#look-at-it', 'docs/runbooks/restore.md#restore-it'],
  ]);
});

test('at a real prompt of zsh Tab completes targets, runs and procedures', async (context) => {
  if (!(await isThere('zsh'))) return context.skip();
  const zsh = openTerminal({
    columns: 80,
    rows: 20,
    command: 'zsh',
    args: ['-f', '-i'],
    cwd: folder,
    env: { ...(env as Record<string, string>), HISTFILE: '', TERM: 'xterm' },
  });
  try {
    zsh.type('PROMPT="ready> "; autoload -U compinit; compinit -u -D; source <(drillbook completion zsh)\r');
    await zsh.see(/^ready>\s*$/m);
    for (const [typed, completed] of [
      ['drillbook backup cr', 'drillbook backup create'],
      ['drillbook run x.md --target=mem', '--target=members-staging'],
      ['drillbook resume 2026', 'drillbook resume 20261120-0312-restore-to-production-k3f9'],
      ['drillbook run docs/runbooks/restore.md#l', 'restore.md\\#look-at-it'],
    ] as const) {
      zsh.type(`${typed}\t`);
      await zsh.see(completed);
      zsh.press('ctrl+u');
      await zsh.seeNot(completed);
    }
  } finally {
    await zsh.close();
  }
});

test('an unknown shell is refused, and completion is silent about what it cannot read', async () => {
  expect(await run('drillbook', ['completion', 'tcsh'])).toMatchObject({ code: 2, out: '' });
  await writeFile(join(folder, 'home', 'config', 'broken'), '');
  const broken = { ...env, DRILLBOOK_HOME: join(folder, 'home', 'config', 'broken') };
  env = broken;
  expect(await run('drillbook', ['__complete', 'resume', ''])).toEqual({ code: 0, out: '', err: '' });
});
