import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Redaction } from '../../src/execution/redaction.ts';
import { sessionProcesses } from '../../src/execution/session-processes.ts';
import { loadState } from '../../src/execution/shell-state.ts';
import { Shell } from './support/shell.ts';
import { until } from './support/until.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await Shell.open();
});
afterEach(() => shell.close());

/** Runs one command after another; the output of the last. */
async function last(...commands: string[]): Promise<string> {
  let out = '';
  for (const command of commands) out = (await shell.run(command)).out;
  return out;
}

test('plain and exported variables', async () => {
  expect(await last('a=1; export B=2', 'echo "$a $B"; bash -c \'echo "[$a] [$B]"\'')).toBe('1 2\n[] [2]\n');
});

test('a variable that is no longer exported', async () => {
  expect(await last('export A=1', 'export -n A', 'echo $A; env | grep -c ^A=')).toBe('1\n0\n');
});

test('values of several lines, quotes and control characters', async () => {
  const set = `v=$'one\\ntwo\\n\\ndeclare -- evil="x"\\n\\t"\\'\`$(nothing)\\\\ \\x01\\x1b[31m\\x7f end\\n'`;
  const before = await shell.run(`${set}; printf %s "$v" | od -An -tx1`);
  expect((await shell.run('printf %s "$v" | od -An -tx1; echo "[$evil]"')).out).toBe(`${before.out}[]\n`);
});

test('values with every byte but NUL', async () => {
  const every = Array.from({ length: 255 }, (_, at) => `\\x${(at + 1).toString(16).padStart(2, '0')}`).join(
    '',
  );
  await shell.run(`v=$'${every}'`);
  const { raw } = await shell.run('printf %s "$v"');
  expect([...raw]).toEqual(Array.from({ length: 255 }, (_, at) => at + 1));
});

test('arrays with holes and empty elements', async () => {
  expect(await last(`a=(one '' "t w o"); a[7]=$'x\\ny'`, 'echo "${!a[@]}"; printf "<%s>" "${a[@]}"')).toBe(
    '0 1 2 7\n<one><><t w o><x\ny>',
  );
});

test('associative arrays with odd keys', async () => {
  const set = `declare -A m=([plain]=1 ["two words"]="b c" ['$x']='"' [']']=5)`;
  expect(await last(set, 'for k in plain "two words" \'$x\'; do echo "${m[$k]}"; done; echo ${#m[@]}')).toBe(
    '1\nb c\n"\n4\n',
  );
});

test('integer, lower-case and reference attributes', async () => {
  expect(
    await last('declare -i n=5; declare -l w=ABC; x=deep; declare -n ref=x', 'n+=2; w=XYZ; echo $n $w $ref'),
  ).toBe('7 xyz deep\n');
});

test('a declared array without a value is still an array', async () => {
  expect(await last('declare -A m', 'm[a]=1; m[b]=2; echo ${#m[@]}')).toBe('2\n');
});

test('a variable that was unset stays unset, an inherited one too', async () => {
  expect(await last('export X=1; unset HOME', 'unset X', 'echo "[${X-none}] [${HOME-none}]"')).toBe(
    '[none] [none]\n',
  );
});

test('functions, also ones with here-documents, odd names and exported ones', async () => {
  const define = `greet() { cat <<EOF
hello $1
  EOF
EOF
}
do-it.now() { echo "it $*"; }
sub() { echo sub; }; export -f sub`;
  expect(await last(define, 'greet you; do-it.now a b; bash -c sub')).toBe('hello you\n  EOF\nit a b\nsub\n');
});

test('functions that use extended patterns', async () => {
  expect(
    await last(
      'shopt -s extglob\nkind() { case $1 in +([0-9])) echo number;; !(x)) echo other;; esac; }',
      'kind 12; kind ab',
    ),
  ).toBe('number\nother\n');
});

test('a function that was unset is gone', async () => {
  expect(await last('f() { :; }', 'unset -f f', 'type f 2>/dev/null || echo gone')).toBe('gone\n');
});

test('aliases', async () => {
  expect(await last(`alias hi='echo "it is"' q="echo 'one two'"`, 'hi me; q')).toBe('it is me\none two\n');
  expect(await last('unalias hi', 'hi 2>/dev/null || echo gone')).toBe('gone\n');
});

test('shell options and set options', async () => {
  const options = await last(
    'set -o pipefail -u; shopt -s nullglob dotglob',
    'echo nothing*; shopt -q dotglob && echo dot; set -o | grep -E "pipefail|nounset"',
  );
  expect(options).toMatch(/^\ndot\nnounset\s+on\npipefail\s+on\n$/);
});

test('noclobber, noglob and a strange IFS do not disturb the state itself', async () => {
  expect(
    await last('set -Cf; IFS=,; a=1,2; b="x y"', 'c=3', 'printf "<%s>" $a $b $c; echo *; printf %s "$IFS"'),
  ).toBe('<1><2><x y><3>*\n,');
});

test('set -e is kept, and the command after a failure still runs', async () => {
  await shell.run('set -e');
  expect((await shell.run('false; echo not reached')).out).toBe('');
  expect((await shell.run('echo reached; x=1; false; x=2')).out).toBe('reached\n');
  expect((await shell.run('echo $x')).out).toBe('1\n');
});

test('posix mode is kept without breaking the next command', async () => {
  expect(await last('set -o posix; a=1', 'b=2; shopt -o posix', 'echo $a $b')).toBe('1 2\n');
});

test('umask', async () => {
  expect(await last('umask 027', 'umask; touch made; stat -c %a made')).toBe('0027\n640\n');
});

test('the folder, the previous one and the stack', async () => {
  await mkdir(join(shell.folder, 'one/two words'), { recursive: true });
  const out = await last(
    'cd one',
    'pushd "two words" >/dev/null',
    'pwd; popd >/dev/null; pwd; cd - >/dev/null; pwd',
  );
  const { folder } = shell;
  expect(out).toBe(`${folder}/one/two words\n${folder}/one\n${folder}/one/two words\n`);
});

test('a folder reached by a symbolic link keeps its name', async () => {
  await mkdir(join(shell.folder, 'real'));
  await symlink('real', join(shell.folder, 'link'));
  expect(await last('cd link', 'pwd; pwd -P')).toBe(`${shell.folder}/link\n${shell.folder}/real\n`);
});

test('a folder that is gone stops the command before it runs somewhere else', async () => {
  await mkdir(join(shell.folder, 'gone'));
  await shell.run('cd gone');
  await rm(join(shell.folder, 'gone'), { recursive: true });
  const result = await shell.run('touch here');
  expect(result.exit.kind).toBe('not-started');
  expect(result.reason).toContain('gone');
  expect(await readdir(shell.folder)).not.toContain('here');
});

test('a folder for one command only', async () => {
  await mkdir(join(shell.folder, 'other'));
  const startIn = join(shell.folder, 'other');
  expect((await shell.run('pwd', { startIn })).out).toBe(`${startIn}\n`);
  expect((await shell.run('pwd')).out).toBe(`${shell.folder}\n`);
});

test('positional parameters', async () => {
  expect(await last('set -- "a b" "" c', 'printf "<%s>" "$#" "$@"')).toBe('<3><a b><><c>');
});

test('the exit code and PIPESTATUS of the command before', async () => {
  expect(await last('(exit 7)', 'echo $?')).toBe('7\n');
  expect(await last('(exit 3) | (exit 4) | true', 'echo $? ${PIPESTATUS[@]}')).toBe('0 3 4 0\n');
  expect(await last('(exit 3) | false', 'if [ $? -ne 0 ]; then echo failed; fi')).toBe('failed\n');
  expect(await last('set -o pipefail; false | true', 'echo $? ${PIPESTATUS[*]}')).toBe('1 1 0\n');
});

test('the result of a regular expression', async () => {
  expect(await last('[[ pg_dump-15.4 =~ ([0-9]+)\\. ]]', 'echo ${BASH_REMATCH[1]}')).toBe('15\n');
});

test('state after a failure, after exit N, after set -e, after exit in a function', async () => {
  expect(
    await last(
      'a=1; false',
      'b=2; exit 9',
      'set -e; c=3; false; c=4',
      'set +e; f() { local d=5 l=6; e=7; exit 2; }; f',
    ),
  ).toBe('');
  const { out } = await shell.run('echo $a $b $c [$d$l] $e');
  expect(out).toBe('1 2 3 [] 7\n');
});

test('state after SIGINT and SIGTERM', async () => {
  const waiting = 'a=kept; echo ready; sleep 60; a=lost';
  for (const signals of [1, 2]) {
    const execution = shell.start(waiting.replace('kept', `kept${signals}`));
    await execution.spawned;
    // A signal between fork and exec would be the shell's, not the program's.
    await until(async () =>
      (await sessionProcesses(execution.pid!)).some(({ command }) => command === 'sleep 60'),
    );
    if (signals === 2) process.kill(-execution.pid!, 'SIGTERM');
    else execution.interrupt();
    const result = await execution.done;
    expect(result.verdict).toBe(signals === 1 ? 'stopped' : 'failed');
    expect(result.exit.kind).toBe('signal');
    expect((await shell.run('echo $a')).out).toBe(`kept${signals}\n`);
  }
});

test('SIGKILL leaves the state before the command', async () => {
  await shell.run('a=before');
  const execution = shell.start('a=during; echo ready; sleep 60');
  await until(() => execution.screen.bytes > 0);
  process.kill(-execution.pid!, 'SIGKILL');
  expect((await execution.done).exit).toEqual({ kind: 'signal', signal: 'SIGKILL' });
  expect((await shell.run('echo $a')).out).toBe('before\n');
});

test('a dump that was cut off is not used', async () => {
  await shell.run('a=before');
  // The shell dies in the middle of saving: the function that prints the state is replaced by one that kills it.
  const killed = await shell.run(
    'a=during; __drillbook_dump() { printf "status\\0\\0"; kill -9 $$; sleep 1; }',
  );
  expect(killed.exit).toEqual({ kind: 'signal', signal: 'SIGKILL' });
  expect((await shell.run('echo $a')).out).toBe('before\n');
});

test("the user's own EXIT trap runs, sees the exit code, and the state is kept", async () => {
  const result = await shell.run(`trap 'echo "bye $?"' EXIT; x=1; exit 4`);
  expect(result.out).toBe('bye 4\n');
  expect(result.exit).toEqual({ kind: 'code', code: 4 });
  expect((await shell.run('echo $x; trap -p EXIT')).out).toBe('1\n');
});

test('an EXIT trap at the ordinary end, in a subshell, and one taken back', async () => {
  expect((await shell.run(`trap 'echo "bye $?"; echo err >&2' EXIT; (exit 3)`)).out).toMatch(
    /^(bye 3\nerr|err\nbye 3)\n$/,
  );
  expect((await shell.run(`(trap 'echo sub' EXIT); echo main`)).out).toBe('sub\nmain\n');
  expect((await shell.run(`trap 'echo bye' EXIT; trap - EXIT; echo end`)).out).toBe('end\n');
  expect((await shell.run(`trap 'exit 6' EXIT; y=2; true`)).exit).toEqual({ kind: 'code', code: 6 });
  expect((await shell.run('echo $y')).out).toBe('2\n');
});

test('trap lists what the user set, and nothing of ours', async () => {
  const { out } = await shell.run(
    `trap; trap -p EXIT; trap 'echo "it'"'"'s"' EXIT; trap 'echo usr' USR1; trap; trap -p USR1; kill -USR1 $$`,
  );
  expect(out).not.toContain('drillbook');
  expect(out).toContain(`trap -- 'echo "it'\\''s"' EXIT\n`);
  expect(out.match(/trap -- 'echo usr' (SIG)?USR1\n/g)).toHaveLength(2);
  expect(out.endsWith(`usr\nit's\n`)).toBe(true);
});

test('an ERR trap and a DEBUG trap do not see our code', async () => {
  expect((await shell.run(`trap 'echo err' ERR; false; true`)).out).toBe('err\n');
  const traced = await shell.run(`trap 'echo "[$BASH_COMMAND]"' DEBUG; true`);
  expect(traced.out).toBe('[true]\n');
});

test('read-only variables go on as ordinary ones, so that a step can be run again', async () => {
  const again = `readonly R=1; declare -rx S=2; echo "$R"`;
  expect(await last(again, again, 'echo $R; bash -c "echo $S"')).toBe('1\n2\n');
});

test('nothing of the shell or of ours leaks into the environment or the told names', async () => {
  const first = await shell.run('true');
  expect(first.changed).toEqual([]);
  expect((await shell.run('env | grep -i drillbook_')).out).toMatch(/^DRILLBOOK_REPORT=[^\n]*\n$/);
  expect((await shell.run('[[ a =~ a ]]; sleep 0; true | true')).changed).toEqual([]);
});

test('tells which variables, functions and folder a command changed', async () => {
  expect((await shell.run('BACKUP_NAME=x; export B=1; f() { :; }; cd /')).changed).toEqual([
    'B',
    'BACKUP_NAME',
    'f()',
    '(folder)',
  ]);
  expect((await shell.run('unset B; BACKUP_NAME=y')).changed).toEqual(['BACKUP_NAME', 'B']);
  expect((await shell.run('BACKUP_NAME=y')).changed).toEqual([]);
});

test('tells in words what a command changed in its shell: names, never values', async () => {
  const told = async (text: string) => (await shell.run(text)).stateChanges;
  expect(await told('true')).toEqual([]);
  expect(await told('BACKUP_NAME=hidden; f() { :; }; cd /; umask 0027')).toEqual([
    'sets BACKUP_NAME',
    'defines function f',
    'cd /',
    'umask 0027',
  ]);
  expect(await told("alias ll='ls -l' la='ls\nalias x=-a'; set -o pipefail; shopt -s nullglob")).toEqual([
    'alias la',
    'alias ll',
    'set -o pipefail',
    'shopt -s nullglob',
  ]);
  expect(await told('unset BACKUP_NAME; unset -f f; unalias ll; set +o pipefail')).toEqual([
    'unsets BACKUP_NAME',
    'removes function f',
    'unalias ll',
    'set +o pipefail',
  ]);
});

test('a secret in the name of a folder is masked where the change is told', async () => {
  const redaction = new Redaction(['hunter2-folder']);
  const { stateChanges } = await shell.run('mkdir hunter2-folder; cd hunter2-folder', { redaction });
  expect(stateChanges).toEqual([`cd ${shell.folder}/[redacted]`]);
});

test('xtrace shows the lines of the text and none of ours', async () => {
  expect((await shell.run('set -x; true one')).out).toBe('++ true one\n');
  expect((await shell.run(`echo two\ntrap 'echo bye' EXIT\nfalse | true`)).out).not.toContain('drillbook');
  expect((await shell.run('echo three; set +x')).out).toMatch(/^\+\+ echo three$/m);
});

test('a secret is given anew, and is in the state only where a command changed it', async () => {
  const secret = 'correct-horse-battery';
  const more = { environment: { PGPASSWORD: secret }, redaction: new Redaction([secret]) };
  expect((await shell.run('echo ${#PGPASSWORD}; x=1', more)).out).toBe('21\n');
  expect(await readFile(join(shell.stateFolder, 'shell.json'), 'utf8')).not.toContain(secret);
  expect((await shell.run('echo "[$PGPASSWORD]"')).out).toBe(`[${process.env.PGPASSWORD ?? ''}]\n`);
  await shell.run('PGPASSWORD=changed', more);
  expect((await shell.run('echo "$PGPASSWORD"', { redaction: new Redaction() })).out).toBe('changed\n');
});

test('a new value from the run wins over the inherited one, but not over what a command set', async () => {
  expect((await shell.run('echo $V; V=mine', { environment: { V: 'given' } })).out).toBe('given\n');
  expect((await shell.run('echo $V', { environment: { V: 'again' } })).out).toBe('mine\n');
});

test('the state is readable by its owner alone, and nothing else is left in its folder', async () => {
  await shell.run('umask 0; x=1');
  expect((await stat(shell.stateFolder)).mode & 0o777).toBe(0o700);
  expect(await readdir(shell.stateFolder)).toEqual(['shell.json']);
  expect((await stat(join(shell.stateFolder, 'shell.json'))).mode & 0o777).toBe(0o600);
});

test('the command’s text and secrets stand in no argument list', async () => {
  const { out } = await shell.run(`tr '\\0' ' ' < /proc/$$/cmdline; : "the-text-itself $TOKEN"`, {
    environment: { TOKEN: 'tok-1234567' },
  });
  expect(out).not.toContain('the-text-itself');
  expect(out).not.toContain('tok-1234567');
});

test('what is secret goes on to the next command and into no file; who goes on later is told what is missing', async () => {
  const redaction = new Redaction(['given-31415']);
  const more = { redaction, environment: { GIVEN: 'given-31415' } };
  await shell.run(
    `copy=$GIVEN; API_TOKEN=computed-27182; url=postgres://me:in-a-url-16180@db/x; MARK=blue
     uses() { echo given-31415; }; names() { echo fine; }; set -- a given-31415; PRIMARY_KEY=id; AUTHOR=ana`,
    more,
  );
  const show = 'echo "${#copy} ${#API_TOKEN} ${#url} $MARK"';
  expect((await shell.run(show, more)).out).toBe('11 14 33 blue\n');
  const files = await readdir(shell.stateFolder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    for (const secret of ['given-31415', 'computed-27182', 'in-a-url-16180'])
      expect(text).not.toContain(secret);
  }
  shell.forget();
  const { withheld } = await loadState(shell.stateFolder);
  expect(withheld?.toSorted()).toEqual(['API_TOKEN', 'copy', 'url']);
  const later = await shell.run(
    'echo "[$copy$API_TOKEN$url] $MARK $PRIMARY_KEY $AUTHOR $(names)"; API_TOKEN=again',
    more,
  );
  expect(later.out).toBe('[] blue id ana fine\n');
  expect((await loadState(shell.stateFolder)).withheld?.toSorted()).toEqual(['copy', 'url']);
  expect((await shell.run('echo ${#API_TOKEN}', more)).out).toBe('5\n');
});

test('a broken state file is told, not guessed at', async () => {
  await shell.run('x=1');
  await writeFile(join(shell.stateFolder, 'shell.json'), '{"folder": 3}');
  const result = await shell.run('echo hi');
  expect(result.exit.kind).toBe('not-started');
  expect(result.reason).toContain('shell.json');
});

test('quotes, here-documents and $0 are what they are in a plain bash', async () => {
  const text = `echo "$0" 'single "quoted"' "double 'quoted' \\$HOME" \\
  continued
cat <<'E'
 $not \`expanded\` "at" 'all' \\n
E
cat <<-E
	tabbed $((1+1))
	E
echo $'a\\tb' "$LINENO" # comment`;
  const { out } = await shell.run(text);
  expect(out).toBe(
    `bash single "quoted" double 'quoted' $HOME continued\n $not \`expanded\` "at" 'all' \\n\ntabbed 2\na\tb 9\n`,
  );
});

test('messages of bash name the line of the text', async () => {
  expect((await shell.run('true\n\nnosuch')).out).toBe('bash: line 3: nosuch: command not found\n');
});

test.each([
  ['an open quote', 'echo "abc'],
  ['an open if', 'if true; then echo a'],
  ['a pipe into nothing', 'echo a |'],
  ['an and without an end', 'echo a &&'],
])('unfinished text fails as it would in bash: %s', async (_, text) => {
  const result = await shell.run(text);
  expect(result.exit).toEqual({ kind: 'code', code: 2 });
  expect(result.out).toMatch(/syntax error|unexpected EOF/);
  expect(result.out).not.toContain('drillbook');
});

test('a here-document without its end gets only the text', async () => {
  expect((await shell.run('cat <<EOF\nabc')).out).toMatch(/abc\n$/);
  expect((await shell.run('cat <<EOF\nabc')).out).not.toContain('drillbook');
});

test('a backslash or a comment at the very end', async () => {
  expect((await shell.run('echo a # comment')).out).toBe('a\n');
  expect((await shell.run('echo a \\')).out).toMatch(/^a ?\\?\n$/);
});

test('`exec` replaces the shell; the state before it stays', async () => {
  await shell.run('a=1');
  const result = await shell.run('a=2; exec sh -c "echo replaced; exit 5"');
  expect(result).toMatchObject({ out: 'replaced\n', exit: { kind: 'code', code: 5 } });
  expect((await shell.run('echo $a')).out).toBe('1\n');
});

test('`$!` of the command before, as in `PID=$!` on the next line', async () => {
  const { background } = await shell.run('sleep 300 &');
  const { pid } = background[0]!;
  expect((await shell.run('PID=$!')).changed).toEqual(['PID']);
  expect((await shell.run(`echo $PID "\${!}" '$!' \\$!`)).out).toBe(`${pid} ${pid} $! $!\n`);
  expect((await shell.run('sleep 0 & [ $! = $PID ] || echo its own; wait')).out).toBe('its own\n');
  expect((await shell.run('kill $PID 2>&1 && echo killed')).out).toBe('killed\n');
});
