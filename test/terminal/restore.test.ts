import { execFileSync } from 'node:child_process';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';
import { until } from '../execution/support/until.ts';

const program = new URL('./support/guarded-program.ts', import.meta.url).pathname;

test.each([
  ['an exit', 'exit', undefined, 7],
  ['an error that nobody caught', 'throw', undefined, 1],
  ['a rejection that nobody caught', 'reject', undefined, 1],
  ['SIGINT', 'wait', 'SIGINT', 130],
  ['SIGTERM', 'wait', 'SIGTERM', 130],
  ['SIGHUP', 'wait', 'SIGHUP', 130],
] as const)('the terminal is given back after %s', async (_, way, signal, code) => {
  // A shell around it compares the modes of the terminal, as the person's own shell would find them.
  const script = `before=$(stty -g); "$0" "$1" "$2"; echo "CODE $?"; [ "$before" = "$(stty -g)" ] && echo SAME || echo CHANGED`;
  const pty = spawn('bash', ['-c', script, process.execPath, program, way], {
    name: 'xterm-256color',
    cols: 80,
    rows: 24,
  });
  let seen = '';
  let ended = false;
  pty.onData((text) => {
    seen += text;
  });
  pty.onExit(() => {
    ended = true;
  });
  await until(() => seen.includes('READY') || ended);
  if (signal) {
    const child = execFileSync('pgrep', ['-P', String(pty.pid)], { encoding: 'utf8' }).trim();
    process.kill(Number(child), signal);
  }
  await until(() => ended);
  const after = seen.slice(seen.indexOf('READY'));
  expect(after).toContain('\x1b[?25h');
  expect(after).toContain('\x1b[?2004l');
  expect(after).toContain(`CODE ${code}`);
  expect(after).toContain('SAME');
  if (signal) expect(after).toContain('LEFT');
});
