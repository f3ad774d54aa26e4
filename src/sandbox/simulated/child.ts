import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a real program in place of the simulated one, with its streams and its terminal. Resolves to the exit code;
 * 127 where the program is missing, as a shell says it.
 */
export async function becomes(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd = process.cwd(),
): Promise<number> {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    return await new Promise<number>((resolve) => {
      const child = spawn(program, args, { stdio: 'inherit', env, cwd });
      child.on('error', (error: NodeJS.ErrnoException) => {
        process.stderr.write(
          `${program}: ${error.code === 'ENOENT' ? 'command not found' : error.message}\n`,
        );
        resolve(127);
      });
      child.on('exit', (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}
