import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { maskPlaceholders } from '../effects/mask.ts';
import { openDocument } from '../lint/document.ts';
import type { Finding, Severity } from '../lint/finding.ts';
import type { RunbookFile } from './runbook-file.ts';

/**
 * Codes that say nothing about a piece of a runbook: no #!, variables from elsewhere, files that are not here, a variable
 * that a later step uses, cd without a way out at a prompt.
 */
const beside = new Set([2148, 2154, 2034, 1090, 1091, 2164, 2155]);

/** The form json1, in which a tab is one column. */
const answer = z.object({
  comments: z.array(
    z.object({
      file: z.string(),
      line: z.number(),
      column: z.number(),
      endLine: z.number(),
      endColumn: z.number(),
      level: z.string(),
      code: z.number(),
      message: z.string(),
    }),
  ),
});

const severities: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' };

/**
 * What shellcheck says of the commands of a runbook, with places in the document. Undefined where it is not installed or
 * does not answer as expected: it is a guest here.
 */
export async function shellcheckFindings(
  file: RunbookFile,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[] | undefined> {
  const { scripts } = openDocument(file.runbook, file.source, {});
  const shell = scripts.filter((script) => script.language === 'shell' && script.text.trim() !== '');
  if (shell.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-lint-'));
  try {
    const names = shell.map((_, index) => join(folder, `${index}.sh`));
    for (const [index, script] of shell.entries()) {
      const words = maskPlaceholders(script.text).replace(/[\u2039\u203a\u2007]/g, 'x');
      await writeFile(names[index]!, `${words}\n`, { mode: 0o600 });
    }
    const result = await execa('shellcheck', ['-s', 'bash', '-f', 'json1', ...names], {
      reject: false,
      timeout: 60_000,
      env: environment,
      extendEnv: false,
    });
    if (result.exitCode !== 0 && result.exitCode !== 1) return undefined;
    const parsed = answer.safeParse(jsonOf(String(result.stdout)));
    if (!parsed.success) return undefined;
    return parsed.data.comments.flatMap((comment): readonly Finding[] => {
      const script = shell[Number(basename(comment.file, '.sh'))];
      if (!script || beside.has(comment.code)) return [];
      const lines = script.text.split('\n');
      // It counts characters, not UTF-16 code units.
      const offset = (line: number, column: number) =>
        lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) +
        [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
      // A piece of a script need not parse on its own.
      const severity = comment.code < 2000 ? 'info' : (severities[comment.level] ?? 'info');
      return [
        {
          rule: `shellcheck-SC${comment.code}`,
          severity,
          range: script.place(
            offset(comment.line, comment.column),
            offset(comment.endLine, comment.endColumn),
          ),
          message: comment.message,
          why: 'shellcheck finds what a shell does otherwise than it looks.',
          instead: `See https://www.shellcheck.net/wiki/SC${comment.code}`,
        },
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
