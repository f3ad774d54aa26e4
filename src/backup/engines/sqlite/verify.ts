import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backup } from '../../catalog.ts';
import { BackupError } from '../../error.ts';
import type { Check, Level } from '../../verification.ts';
import { judgeFile } from './restore.ts';

/**
 * Reads an SQLite backup to its end into a scratch file and has SQLite check all of it; at the level `restore` its
 * contents are compared with the manifest as well. Always consumes every byte of `source`.
 */
export async function verifySqlite(
  backup: Backup,
  source: AsyncIterable<Uint8Array>,
  level: Level,
  options: { readonly signal?: AbortSignal; readonly scratch?: () => Promise<string> } = {},
): Promise<Check[]> {
  const folder = (await options.scratch?.()) ?? (await mkdtemp(join(tmpdir(), 'drillbook-')));
  try {
    const path = join(folder, 'copy.sqlite');
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(source, { signal: options.signal });
    } finally {
      await handle.close();
    }
    try {
      const whole = level === 'restore' ? backup : { ...backup, manifest: undefined };
      const { faults, comparison } = await judgeFile(whole, path, options.signal);
      const failures = comparison?.differences.filter((one) => one.severity === 'failure') ?? [];
      return [
        faults.length === 0
          ? { check: 'archive', verdict: 'passed', words: "SQLite's integrity check finds nothing." }
          : {
              check: 'archive',
              verdict: 'failed',
              words: `SQLite's integrity check finds ${faults.slice(0, 5).join('; ')}.`,
            },
        ...(level !== 'restore'
          ? []
          : [
              comparison === undefined
                ? {
                    check: 'contents' as const,
                    verdict: 'unknown' as const,
                    words: 'Without a manifest nobody can say whether all of it is there.',
                  }
                : failures.length === 0
                  ? {
                      check: 'contents' as const,
                      verdict: 'passed' as const,
                      words: `${comparison.tables.length} tables are as the manifest says.`,
                    }
                  : {
                      check: 'contents' as const,
                      verdict: 'failed' as const,
                      words: `${failures.length} differences: ${failures
                        .slice(0, 5)
                        .map((one) => one.words)
                        .join(' ')}`,
                    },
            ]),
      ];
    } catch (error) {
      if (!(error instanceof BackupError && error.kind === 'damaged')) throw error;
      return [{ check: 'archive', verdict: 'failed', words: 'The file is damaged or no SQLite database.' }];
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
