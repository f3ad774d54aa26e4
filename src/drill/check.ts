import { spawn } from 'node:child_process';
import type { DrillSettings } from '../settings/drill-settings.ts';
import type { Judged } from './criterion.ts';

export type ApplicationCheck = DrillSettings['checks'][number];

/** More than this of what a check prints is not kept; characters, from its end. */
const kept = 2_000;

/**
 * Runs a check of the application against the restored database, in a process group of its own that is ended whole when
 * its time is over. `environment` is all that it gets.
 */
export async function runCheck(
  check: ApplicationCheck,
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly cwd: string;
    readonly signal: AbortSignal;
  },
): Promise<Judged & { readonly said: string }> {
  const began = performance.now();
  const child = spawn('bash', ['-c', check.command], {
    env: options.environment,
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const take = (text: string) => {
    said = (said + text).slice(-kept);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  let ended: 'late' | 'stopped' | undefined;
  const end = (why: 'late' | 'stopped') => {
    ended ??= why;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  const clock = setTimeout(() => end('late'), check.timeout * 1000);
  const onAbort = () => end('stopped');
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  const { code, failure } = await new Promise<{ code: number | null; failure?: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: null, failure: error.message }));
    child.on('close', (code) => resolve({ code }));
  });
  clearTimeout(clock);
  options.signal.removeEventListener('abort', onAbort);
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const what = wordsOf(code, failure, ended, check.timeout);
  return {
    verdict: code === 0 && ended === undefined ? 'met' : 'missed',
    measured: `${check.name}: ${what} after ${took}`,
    said: said.trim(),
  };
}

function wordsOf(
  code: number | null,
  failure: string | undefined,
  ended: 'late' | 'stopped' | undefined,
  timeout: number,
): string {
  if (failure !== undefined) return `could not be started (${failure})`;
  if (ended === 'late') return `was ended, it may take ${timeout} s,`;
  if (ended === 'stopped') return 'was stopped';
  return code === null ? 'was ended by a signal' : code === 0 ? 'passed' : `exit code ${code}`;
}
