/** Meanings that programs' own manuals give to their exit codes. */
const meanings: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  grep: { 1: 'nothing matched', 2: 'a file could not be read or the pattern is wrong' },
  diff: { 1: 'the inputs differ', 2: 'an input could not be read' },
  cmp: { 1: 'the inputs differ', 2: 'an input could not be read' },
  psql: {
    1: 'a fatal error of psql itself',
    2: 'the connection to the server went bad',
    3: 'an error in a script while ON_ERROR_STOP was set',
  },
  pg_isready: {
    1: 'the server rejects connections, as it does while it starts',
    2: 'the server did not answer',
    3: 'no attempt was made: the parameters are wrong',
  },
  curl: {
    3: 'the URL is malformed',
    6: 'the host name could not be resolved',
    7: 'the host did not accept a connection',
    22: 'the server answered with an HTTP error of 400 or above',
    28: 'the time ran out',
    35: 'the TLS handshake failed',
    56: 'the connection broke while receiving',
    60: 'the TLS certificate is not trusted',
  },
  aws: {
    1: 'at least one transfer or call failed',
    2: 'the command line could not be parsed, or files were skipped',
    252: 'the command line is not valid',
    253: 'the configuration or credentials are not valid',
    254: 'the service answered with an error',
    255: 'the command failed',
  },
  ssh: { 255: 'the connection failed' },
  scp: { 255: 'the connection failed' },
  timeout: { 124: 'the time ran out' },
  systemctl: { 3: 'the unit is not active', 4: 'there is no such unit' },
  gzip: { 1: 'an error', 2: 'a warning' },
  tar: { 1: 'some files differ or changed while they were read', 2: 'a fatal error' },
  rsync: { 23: 'only part was transferred', 24: 'source files vanished', 30: 'the time ran out' },
  pgrep: { 1: 'no process matched' },
  pkill: { 1: 'no process matched' },
  wait: {
    127: 'that process was started by an earlier command, in another shell; its end is told on the list of processes in the background',
  },
  docker: { 125: 'the docker daemon reported an error' },
};

const aliases: Readonly<Record<string, string>> = {
  egrep: 'grep',
  fgrep: 'grep',
  zgrep: 'grep',
  rg: 'grep',
  zcat: 'gzip',
  gunzip: 'gzip',
};

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** Words of bash itself that say more than any code, and what they mean here. */
const said: readonly (readonly [RegExp, string])[] = [
  [
    /^bash: line \d+: \d+: Bad file descriptor$/m,
    'a descriptor that an earlier command opened, as by exec 3>file, does not pass on: e edits the command so that it opens it itself',
  ],
  [
    /: Argument list too long$/m,
    'its arguments and the exported variables together are longer than the system takes',
  ],
];

/** What a failed command's shell complained of, where that is known to need an explanation. */
export function explainComplaint(tail: string): string | undefined {
  return said.find(([words]) => words.test(tail))?.[1];
}

/** The name under which a program's exit codes are known (`egrep` → `grep`). */
export function family(program: string): string {
  return aliases[program] ?? program;
}

/** What an exit code of a program means, in words; undefined where it says no more than that it failed. */
export function explainExit(program: string | undefined, code: number): string | undefined {
  const known = program === undefined ? undefined : meanings[family(program)]?.[code];
  if (known !== undefined) return `${program} ${code}: ${known}`;
  if (code === 126) return '126: found, but it may not be executed';
  if (code === 127) return '127: a command was not found';
  if (code === 137) return '137: killed by SIGKILL, as the system does when memory runs out';
  const signal = code > 128 ? signals[code - 128] : undefined;
  return signal ? `${code}: ended by ${signal}` : undefined;
}
