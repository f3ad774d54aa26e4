/** A command that breaks what runs commands, and what must stand at its end. */
export interface Nasty {
  readonly name: string;
  /** Commands of one run before it, in the same shell. */
  readonly before?: readonly string[];
  readonly text: string;
  /** The recorded bytes, latin1; a terminal's carriage returns before newlines are taken away before it is compared. */
  readonly out?: string | RegExp;
  /** How many bytes were recorded. */
  readonly bytes?: number;
  readonly verdict?: 'succeeded' | 'failed' | 'hidden-failure';
  readonly code?: number;
  readonly signal?: string;
  readonly reason?: RegExp;
  /** In one of the two only: without it in pipes and at a pseudo-terminal. */
  readonly only?: 'pipes' | 'terminal';
}

/** Values of every byte that a variable can hold. */
const everyByte = `$(printf '%b' "$(for i in $(seq 1 255); do [ $i = 10 ] || printf '\\\\x%02x' $i; done)")`;

export const nasty: readonly Nasty[] = [
  // What passes from one command to the next.
  {
    name: 'a variable of several lines',
    before: ["x=$'a\\nb\\n\\nc'"],
    text: 'printf %s "$x"',
    out: 'a\nb\n\nc',
  },
  {
    name: 'a variable that ends in newlines',
    before: ["x=$'a\\n\\n'"],
    text: 'printf "<%s>" "$x"',
    out: '<a\n\n>',
  },
  {
    name: 'a variable of every byte but NUL',
    before: [`x=${everyByte}`],
    text: 'echo ${#x}; LC_ALL=C; printf %s "$x" | cksum',
    out: /^\d+\n\d+ 254\n$/,
  },
  {
    name: 'a variable of a megabyte',
    before: ['x=$(head -c 1000000 /dev/zero | tr "\\0" y)'],
    text: 'echo ${#x}',
    out: '1000000\n',
  },
  {
    name: 'a variable that looks like code',
    before: [`x='$(touch never); "; rm -rf never #'`],
    text: 'printf %s "$x"; ls',
    out: /^\$\(touch never\); "; rm -rf never #(?!.*never)/s,
  },
  { name: 'an exported variable', before: ['export E=1'], text: 'bash -c "echo $E"', out: '1\n' },
  {
    name: 'an array with holes',
    before: ['a=(x "y z"); a[9]=q'],
    text: 'echo "${#a[@]} ${!a[*]} <${a[1]}>"',
    out: '3 0 1 9 <y z>\n',
  },
  {
    name: 'an associative array with odd keys',
    before: [`declare -A m=(["a b"]=1 ["']"]=2)`],
    text: `echo "\${m[a b]}\${m["']"]}"`,
    out: '12\n',
  },
  {
    name: 'a function with a here-document',
    before: ['f() { cat <<E\nin $1\nE\n}'],
    text: 'f it',
    out: 'in it\n',
  },
  {
    name: 'a function that calls exit',
    before: ['f() { x=1; exit 3; }', 'f'],
    text: 'echo "$? $x"',
    out: '3 1\n',
  },
  { name: 'an alias', before: ["alias hi='echo hello'"], text: 'hi', out: 'hello\n' },
  { name: 'shopt', before: ['shopt -s nullglob'], text: 'echo none*; echo end', out: '\nend\n' },
  { name: 'set -o pipefail', before: ['set -o pipefail'], text: 'false | true', code: 1, verdict: 'failed' },
  {
    name: 'set -u',
    before: ['set -u'],
    text: 'echo before; echo $missing; echo after',
    out: /^before\n.*missing/s,
    verdict: 'failed',
  },
  {
    name: 'set -e ends the command, not the run',
    before: ['set -e; x=1', 'false; x=2'],
    text: 'echo $x',
    out: '1\n',
  },
  { name: 'umask', before: ['umask 077'], text: 'umask', out: '0077\n' },
  {
    name: 'the folder',
    before: ['mkdir -p "a b/ü"; cd "a b/ü"'],
    text: 'basename "$PWD"',
    out: Buffer.from('ü\n').toString('latin1'),
  },
  { name: 'state after a failure', before: ['x=1; false'], text: 'echo $x', out: '1\n' },
  { name: 'state after exit N', before: ['x=1; exit 7'], text: 'echo "$? $x"', out: '7 1\n' },
  {
    name: 'state after SIGTERM to the shell',
    before: ['x=1; kill -TERM $$; sleep 5'],
    text: 'echo ${x:-lost}',
    out: /^(1|lost)\n$/,
  },
  {
    name: 'kill -9 of the shell leaves the state before',
    before: ['x=1', 'x=2; kill -9 $$'],
    text: 'echo $x',
    out: '1\n',
  },
  { name: 'exec replaces the shell', before: ['x=1', 'x=2; exec true'], text: 'echo $x', out: '1\n' },
  { name: 'the own EXIT trap', text: `trap 'echo bye $?' EXIT; x=9; exit 4`, out: 'bye 4\n', code: 4 },
  {
    name: 'state with an EXIT trap',
    before: [`trap 'echo bye' EXIT; x=9; exit 4`],
    text: 'echo $x',
    out: '9\n',
  },
  { name: 'POSIX sh', text: "sh -c 'x=a; echo ${x#a}ok'", out: 'ok\n' },
  {
    name: 'posix mode',
    before: ['set -o posix'],
    text: 'shopt -o posix >/dev/null && echo on; set +o posix',
    out: 'on\n',
  },
  { name: 'a strange IFS', before: ['IFS=:'], text: 'x=a:b; printf "%s," $x', out: 'a,b,' },
  { name: 'a read-only variable twice', before: ['readonly R=1'], text: 'readonly R=2; echo $R', out: '2\n' },
  {
    name: 'a name for another variable',
    before: ['declare -n r=x; x=5'],
    text: 'r=6; echo $x $r',
    out: '6 6\n',
  },
  { name: 'an integer', before: ['declare -i n=5'], text: 'n+=1; echo $n', out: '6\n' },
  { name: 'an exit in a subshell', text: '(exit 3); echo $?', out: '3\n', code: 0 },
  {
    name: 'a coprocess, which ends with its command',
    before: ['coproc cat; echo hi >&${COPROC[1]}; read -r l <&${COPROC[0]}; kill $COPROC_PID; wait'],
    text: 'echo "$l ${COPROC[0]-none} ${COPROC_PID-none}"',
    out: 'hi none none\n',
  },
  {
    name: 'a descriptor of an earlier command',
    before: ['exec 3>log; echo one >&3'],
    text: 'cat log; echo two >&3',
    out: /^one\nbash: line 1: 3: Bad file descriptor\n$/,
    verdict: 'failed',
    reason: /does not pass on/,
  },
  { name: 'no PATH', before: ['unset PATH'], text: 'echo still', out: 'still\n' },
  {
    name: 'an exported variable of 120 kB',
    before: ['export BIG=$(head -c 120000 /dev/zero | tr "\\0" x)'],
    text: "bash -c 'echo ${#BIG}'",
    out: '120000\n',
  },
  {
    name: 'exported variables that no program can be given',
    before: ['export BIG=$(head -c 2000000 /dev/zero | tr "\\0" x)'],
    text: 'echo ${#BIG}; /bin/echo hi',
    out: /^2000000\nbash: line 1: \/bin\/echo: Argument list too long\n$/,
    code: 126,
    verdict: 'failed',
    reason: /longer than the system takes/,
  },
  {
    name: 'a signal to the own group',
    before: ['x=1', 'x=2; kill -TERM 0; sleep 5'],
    text: 'echo ${x:-lost}',
    out: /^[12]\n$/,
  },
  {
    name: 'NUL in a substitution',
    before: ['x=$(printf "a\\0b") 2>/dev/null'],
    text: 'echo $x',
    out: 'ab\n',
  },
  {
    name: 'a DEBUG trap sees only the text',
    text: "trap 'echo at $LINENO' DEBUG\ntrue\n:",
    out: /^(at \d+\n){2,3}$/,
  },
  { name: 'carriage returns in the text', text: 'echo a\r\necho b\r', out: 'a\r\nb\r\n' },
  {
    name: 'a background process of the command before is known by its number',
    before: ['sleep 300 &'],
    text: 'kill $! && echo gone',
    out: 'gone\n',
    only: 'pipes',
  },
  // What is printed.
  { name: 'no newline at the end', text: 'printf end', out: 'end' },
  { name: 'nothing at all', text: ':', out: '' },
  { name: 'a carriage return', text: "printf '10%%\\r100%%\\n'", out: '10%\r100%\n' },
  { name: 'colours', text: "printf '\\033[1;31mred\\033[0m\\n'", out: '\x1b[1;31mred\x1b[0m\n' },
  {
    name: 'a progress bar that moves the cursor',
    text: "printf 'a\\nb\\n\\033[2Ac\\033[2B\\n'",
    out: 'a\nb\n\x1b[2Ac\x1b[2B\n',
  },
  { name: 'wide characters', text: "printf '日本語\\n'", out: Buffer.from('日本語\n').toString('latin1') },
  { name: 'invalid UTF-8', text: "printf 'a\\xff\\xc3(b\\n'", out: 'a\xff\xc3(b\n' },
  { name: 'NUL', text: "printf 'a\\0b\\n'", out: 'a\0b\n' },
  {
    name: 'a line of 10 MB',
    text: 'head -c 10000000 /dev/zero | tr "\\0" x',
    out: /^x+$/,
    bytes: 10_000_000,
  },
  {
    name: 'a title, the clipboard and a device string',
    text: "printf '\\033]0;evil\\007\\033]52;c;ZXZpbA==\\007\\033Pq\\033\\\\ok\\n'",
    out: '\x1b]0;evil\x07\x1b]52;c;ZXZpbA==\x07\x1bPq\x1b\\ok\n',
  },
  {
    name: 'the alternate screen left on',
    text: "printf '\\033[?1049h\\033[?25lx\\n'",
    out: '\x1b[?1049h\x1b[?25lx\n',
  },
  {
    name: 'a hundred thousand short lines',
    text: 'seq 100000 | md5sum; seq 100000',
    out: /\n99999\n100000\n$/,
  },
  { name: 'both outputs at once', text: 'echo a; echo b >&2', out: /^(a\nb\n|b\na\n)$/ },
  { name: 'closed outputs', text: 'exec 3>&1 1>&- 2>&-; echo lost || echo told >&3', out: 'told\n' },
  // What it is asked and not given.
  { name: 'reading what nobody types', text: 'read x; echo "status $?"', out: /status 1\n$/, only: 'pipes' },
  { name: 'a password on /dev/tty', text: 'read -s p < /dev/tty', verdict: 'failed', only: 'pipes' },
  {
    name: 'a terminal of the right kind',
    text: 'test -t 0 && test -t 1 && test -t 2 && echo "$TERM"',
    out: /^xterm/,
    only: 'terminal',
  },
  {
    name: 'no terminal',
    text: 'test -t 0 || test -t 1 || test -t 2 || echo none',
    out: 'none\n',
    only: 'pipes',
  },
  {
    name: 'stty in a terminal changes only its own',
    text: 'stty -echo -icanon; stty -a | grep -o -- " -icanon"',
    out: ' -icanon\n',
    only: 'terminal',
  },
  // How it ends.
  { name: 'a failure', text: 'exit 42', code: 42, verdict: 'failed' },
  { name: 'exit code 255', text: 'exit 255', code: 255, verdict: 'failed' },
  {
    name: 'an unknown program',
    text: 'no-such-program-at-all',
    code: 127,
    verdict: 'failed',
    reason: /not found/,
  },
  {
    name: 'a file that may not be executed',
    text: 'touch plain; ./plain',
    code: 126,
    verdict: 'failed',
    reason: /may not be executed/,
  },
  {
    name: 'a hidden failure',
    text: 'false | cat',
    code: 0,
    verdict: 'hidden-failure',
    reason: /part 1 of 2/,
  },
  { name: 'a hidden failure in the middle', text: 'echo a | (exit 5) | cat', verdict: 'hidden-failure' },
  { name: 'a producer that head stops', text: 'yes | head -n 1', out: 'y\n', verdict: 'succeeded' },
  {
    name: 'a grep without a match',
    text: 'echo a | grep b',
    code: 1,
    verdict: 'succeeded',
    reason: /nothing matched/,
  },
  { name: 'a quiet grep without a match', text: 'echo a | grep -q b', code: 1, verdict: 'failed' },
  {
    name: 'a diff that differs',
    text: 'diff <(echo a) <(echo b) > /dev/null',
    code: 1,
    verdict: 'failed',
    reason: /differ/,
  },
  { name: 'a part that was killed', text: "bash -c 'kill -SEGV $$'", verdict: 'failed', code: 139 },
  {
    name: 'out of memory, as it looks',
    text: "bash -c 'kill -9 $$'",
    code: 137,
    verdict: 'failed',
    reason: /SIGKILL/,
  },
  { name: 'the shell killed by a signal', text: 'kill -KILL $$', verdict: 'failed', signal: 'SIGKILL' },
  { name: 'a syntax error', text: 'if true; then', verdict: 'failed', out: /syntax error/ },
  { name: 'a here-document without its end', text: 'cat <<E\nopen', out: /open/ },
  { name: 'a backslash at the end', text: 'echo a\\', out: 'a\\\n' },
  { name: 'a comment at the end', text: 'echo a # not this', out: 'a\n' },
  {
    name: 'wait for a process of an earlier command',
    before: ['sleep 0.01 &'],
    text: 'wait $!',
    code: 127,
    verdict: 'failed',
    reason: /earlier command/,
    only: 'pipes',
  },
  { name: 'wait for a process of the same command', text: '(exit 6) & wait $!', code: 6, verdict: 'failed' },
];
