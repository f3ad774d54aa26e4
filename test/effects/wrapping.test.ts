import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { readEffects } from '../../src/effects/read.ts';
import { severity } from '../../src/effects/severity.ts';
import { loadSyntax } from '../support/syntax.ts';
import { labelled } from './labelled.ts';

beforeAll(loadSyntax);

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Each takes a command that fits on one line and gives one that runs it. */
const wrappers: Record<string, (command: string) => string> = {
  // Two brackets side by side would be arithmetic.
  subshell: (c) => `( ${c} )`,
  braces: (c) => `{ ${c}; }`,
  'after &&': (c) => `true && ${c}`,
  'after ||': (c) => `false || ${c}`,
  'after ;': (c) => `ls; ${c}`,
  'before |': (c) => `${c} | cat`,
  if: (c) => `if true; then ${c}; fi`,
  else: (c) => `if true; then ls; else ${c}; fi`,
  while: (c) => `while read -r line; do ${c}; done`,
  for: (c) => `for i in 1 2; do ${c}; done`,
  case: (c) => `case x in x) ${c};; esac`,
  function: (c) => `f() { ${c}; }; f`,
  negation: (c) => `! ${c}`,
  background: (c) => `${c} &`,
  substitution: (c) => `echo "$(${c})"`,
  assignment: (c) => `out=$(${c})`,
  'process substitution': (c) => `cat <(${c})`,
  'bash -c': (c) => `bash -c ${quoted(c)}`,
  'sh -c': (c) => `sh -c ${quoted(c)}`,
  'sudo bash -c': (c) => `sudo -u postgres bash -lc ${quoted(c)}`,
  eval: (c) => `eval ${quoted(c)}`,
  'here-string': (c) => `bash <<< ${quoted(c)}`,
  heredoc: (c) => `bash <<'END_OF_IT'\n${c}\nEND_OF_IT`,
  'heredoc over ssh': (c) => `ssh db1 <<'END_OF_IT' 2>&1 | tee log\n${c}\nEND_OF_IT`,
  'echo | bash': (c) => `echo ${quoted(c)} | bash`,
  ssh: (c) => `ssh -p 22 db1 ${quoted(c)}`,
  'docker exec': (c) => `docker exec -i db bash -c ${quoted(c)}`,
  'docker compose exec': (c) => `docker compose -f a.yml exec -T db sh -c ${quoted(c)}`,
  'docker run': (c) => `docker run --rm -v a:/b alpine sh -c ${quoted(c)}`,
  'kubectl exec': (c) => `kubectl -n prod exec -i db-0 -c pg -- sh -c ${quoted(c)}`,
  'railway run': (c) => `railway run sh -c ${quoted(c)}`,
  'render ssh': (c) => `render ssh srv-1 -- sh -c ${quoted(c)}`,
  xargs: (c) => `ls | xargs -I{} sh -c ${quoted(c)}`,
  'find -exec': (c) => `find . -exec sh -c ${quoted(c)} \\;`,
  watch: (c) => `watch -n 5 ${quoted(c)}`,
  parallel: (c) => `parallel ::: ${quoted(c)}`,
  trap: (c) => `trap ${quoted(c)} EXIT`,
  'psql \\!': (c) => `psql <<'END_OF_IT'\n\\! ${c}\nEND_OF_IT`,
  timeout: (c) => `timeout -k 5 60 bash -c ${quoted(c)}`,
  script: (c) => `script -q -c ${quoted(c)} /dev/null`,
  'su -c': (c) => `su - postgres -c ${quoted(c)}`,
  flock: (c) => `flock /tmp/lock -c ${quoted(c)}`,
  runuser: (c) => `runuser -l postgres -c ${quoted(c)}`,
  'systemd-run': (c) => `systemd-run --wait --pipe -p User=postgres bash -c ${quoted(c)}`,
  'doas sh -c': (c) => `doas -u postgres sh -c ${quoted(c)}`,
  'chroot sh -c': (c) => `chroot /mnt /bin/sh -c ${quoted(c)}`,
  setsid: (c) => `setsid -w bash -c ${quoted(c)}`,
  unbuffer: (c) => `unbuffer bash -c ${quoted(c)}`,
  'coproc { }': (c) => `coproc { ${c}; }`,
  '[[ $( ) ]]': (c) => `[[ -n "$(${c})" ]]`,
  '[ $( ) ]': (c) => `[ -n "$(${c})" ]`,
  arithmetic: (c) => `echo $(( $(${c}) + 1 ))`,
  'for (( ))': (c) => `for ((i = $(${c}); i < 1; i++)); do ls; done`,
  'default value': (c) => `echo "\${unset_name:-$(${c})}"`,
  'source <( )': (c) => `source <(echo ${quoted(c)})`,
  'bash <( )': (c) => `bash <(echo ${quoted(c)})`,
  'source /dev/stdin': (c) => `source /dev/stdin <<< ${quoted(c)}`,
  '> >( )': (c) => `ls > >(${c})`,
  '< <( )': (c) => `while read -r line; do ls; done < <(${c})`,
  'exec > >( )': (c) => `exec > >(${c})`,
  'builtin eval': (c) => `builtin eval ${quoted(c)}`,
  'command bash': (c) => `command -p bash -c ${quoted(c)}`,
  'exec bash': (c) => `exec -a ls bash -c ${quoted(c)}`,
  'variable in front': (c) => `A=b LC_ALL=C bash -c ${quoted(c)}`,
  'env -S': (c) => `env -i A=b bash -c ${quoted(c)}`,
  'ssh with options': (c) => `ssh -t -i key -o BatchMode=yes -J jump admin@db1 ${quoted(c)}`,
  'ssh, as a user': (c) => `ssh db1 sudo -u postgres bash -c ${quoted(quoted(c))}`,
  'docker run, entrypoint': (c) => `docker run --rm --entrypoint sh alpine -c ${quoted(c)}`,
  'docker compose run': (c) => `docker compose run --rm -T api sh -c ${quoted(c)}`,
  'oc exec': (c) => `oc exec db-0 -- bash -c ${quoted(c)}`,
  'xargs -0': (c) => `printf '%s' ${quoted(c)} | xargs -0 sh -c`,
  'trap DEBUG': (c) => `trap -- ${quoted(c)} DEBUG`,
  'prompt command': (c) => `PROMPT_COMMAND=${quoted(c)}`,
  alias: (c) => `alias ll=${quoted(c)}; ll`,
  'git alias': (c) => `git -c alias.x=${quoted(`!${c}`)} x`,
  tmux: (c) => `tmux new-session -d -s x ${quoted(c)}`,
  at: (c) => `at now <<< ${quoted(c)}`,
  select: (c) => `select x in a b; do ${c}; done`,
  'nested function': (c) => `g() { f() { ${c}; }; f; }; g`,
  'variable, then eval': (c) => `script=${quoted(c)}; eval "$script"`,
  'array of one script': (c) => `set -- ${quoted(c)}; bash -c "$1"`,
};

/** Each takes a simple command: no pipe, no list, no assignment in front. */
const prefixes = [
  'sudo',
  'sudo -n -u postgres',
  'env',
  'env -i A=b',
  'A=b',
  'time',
  'nohup',
  'nice -n 5',
  'ionice -c 3',
  'timeout 60',
  'timeout -s KILL 60',
  'exec',
  'command',
  'stdbuf -oL',
  'setsid',
  'doas',
  'xargs',
  'xargs -0 -n 1',
  'chroot /mnt',
  'railway run',
  'docker exec db',
  'docker exec -it -u root -e A=b db',
  'docker compose exec -T db',
  'docker-compose exec db',
  'docker run --rm alpine',
  'kubectl exec db-0 --',
  'kubectl exec -it db-0 -n x --',
  'render ssh srv-1 --',
  'ssh db1',
  'watch',
  'strace -f',
  'find . -exec',
  'flock /tmp/lock',
  'sshpass -p x ssh db1',
  'parallel',
  'coproc',
  '$SUDO',
  'busybox',
  'unknown-wrapper',
  'heroku run',
  'builtin command',
  'command -p',
  'exec -a ls',
  'nohup setsid',
  'runuser -u postgres --',
  'systemd-run --user --scope',
  'su-exec postgres',
  'gosu postgres',
  'unbuffer',
  'taskset 1',
  'prlimit --nofile=64',
  'ltrace',
  'chronic',
  'unshare -m',
  'nsenter -t 1 -a',
  'ip netns exec n',
  'pkexec',
  'sudo -E A=b',
  'env -u A',
  '/usr/bin/env',
  'time -p',
  '!',
  'docker compose run --rm api',
  'kubectl run x --image=alpine --rm -it --',
  'oc exec db-0 --',
  'aws-vault exec live --',
  'op run --',
  'doppler run --',
  'direnv exec .',
];

/** The labelled commands that destroy and fit on one line. */
async function destroying(): Promise<readonly string[]> {
  const commands = (await labelled()).filter(
    ({ expected, text }) => expected === 'destroys' && !text.includes('\n') && !/[&{]\s*$|<</.test(text),
  );
  // What does not parse by itself means something else inside other text.
  return commands
    .map(({ text }) => text)
    .filter((text) => !readEffects(text, 'shell').syntaxError || /DROP TABEL/.test(text));
}

test('there is something to wrap', async () => {
  const count = (await destroying()).length;
  console.log(`${count * Object.keys(wrappers).length} wrapped commands`);
  expect(count).toBeGreaterThan(200);
});

test.each(Object.keys(wrappers))('%s does not lower the class of a destroying command', async (name) => {
  const lowered = (await destroying())
    .map((text) => wrappers[name]!(text))
    .filter((text) => severity(readEffects(text, 'shell').class) < severity('destroys'));
  expect(lowered).toEqual([]);
});

test('no prefix lowers the class of a simple destroying command', () => {
  const simple = [
    'rm -rf /data',
    'dropdb app',
    'psql -c "DROP TABLE t"',
    'pg_restore --clean -d app b.dump',
    'redis-cli FLUSHALL',
    'git reset --hard',
    'aws s3 rm s3://b/k',
    'kubectl delete pod x',
    'docker volume rm v',
    'mysql -e "DROP TABLE t"',
    'terraform destroy',
    'curl -X DELETE https://x/y',
    'find . -delete',
    'sqlite3 a.db "DROP TABLE t"',
    '/bin/rm x',
  ];
  const lowered: string[] = [];
  for (const prefix of prefixes)
    for (const command of simple) {
      const text = `${prefix} ${command}`;
      const got = readEffects(text, 'shell').class;
      // To a stranger most words are words: only names that are nothing else are looked for behind it.
      const enough = prefix === 'unknown-wrapper' ? 'unknown' : 'destroys';
      if (severity(got) < severity(enough)) lowered.push(`${got}: ${text}`);
    }
  expect(lowered).toEqual([]);
});

test('words behind a redirection are read like those before it', async () => {
  const commands = (await labelled()).filter(
    ({ expected, text }) => expected === 'destroys' && /^[a-z][\w-]* [^|&;<>(){}\n]*$/.test(text),
  );
  expect(commands.length).toBeGreaterThan(100);
  const lowered: string[] = [];
  for (const redirection of ['</dev/null', '2>/dev/null', '2>&1', '> /dev/null 2>&1'])
    for (const { text } of commands) {
      const moved = text.replace(' ', ` ${redirection} `);
      for (const each of [moved, `ls && ${moved}`, `ls | ${moved}`]) {
        const got = readEffects(each, 'shell').class;
        if (severity(got) < severity('destroys')) lowered.push(`${got}: ${each}`);
      }
    }
  expect(lowered).toEqual([]);
});

test('wrappers in wrappers never make it harmless: where a part may not have run it is unknown, which asks', () => {
  const names = Object.keys(wrappers).filter(
    (name) => !name.startsWith('heredoc') && !/^(psql \\!|array of one script|prompt command)$/.test(name),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        'rm -rf x',
        'dropdb app',
        'psql -c "DROP TABLE t"',
        'pg_restore -c -d a b',
        'aws s3 rm s3://b/k',
      ),
      (chosen, command) => {
        const text = chosen.reduce((inner, name) => wrappers[name]!(inner), command);
        expect(['destroys', 'unknown'], text).toContain(readEffects(text, 'shell').class);
      },
    ),
    // Chance belongs to fuzz runs: what lands is judged by the same cases each time.
    { numRuns: 400, seed: 20261121 },
  );
});

test('no wrapper makes an unknown command read', async () => {
  const commands = (await labelled()).filter(
    ({ expected, text }) =>
      expected === 'unknown' && !text.includes('\n') && !/<</.test(text) && text !== '"$@"',
  );
  // `"$@"` in a script without arguments is nothing at all.
  const lowered: string[] = [];
  for (const [name, wrap] of Object.entries(wrappers))
    for (const { text } of commands) {
      // A shell or session behind a pipe gets its input from there, and no input is nothing to fear.
      if (/^(xargs( -0)?|find -exec|watch|parallel)$/.test(name)) continue;
      const got = readEffects(wrap(text), 'shell').class;
      if (severity(got) < severity('unknown')) lowered.push(`${name}: ${got}: ${wrap(text)}`);
    }
  expect(lowered).toEqual([]);
});
