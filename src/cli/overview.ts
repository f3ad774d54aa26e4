import { commands } from './commands.ts';
import { environmentVariables, exitCodes } from './help-words.ts';

/** The help of the program: every command with its summary. Made without any of them. */
export function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const list = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `Usage: drillbook [command]

Turns a Markdown runbook into a guided run: step by step, each command with live
output, nothing destroyed by accident, an incident entry at the end.

Without a command it opens at home: unfinished runs, the sandbox drill, runbooks.

Commands:
${list.join('\n')}

Options:
  -h, --help     show this help; 'drillbook <command> --help' shows that of a command
  -V, --version  show the version; with --verbose what a bug report needs

Examples:
  drillbook                                     the home screen
  drillbook runbooks/postgres-restore.md        a runbook, guided
  drillbook run restore.md --mode drill --target sandbox --plain

Environment:
${environmentVariables.map(([name, what]) => (name.length > 26 ? `  ${name}\n${' '.repeat(30)}${what}` : `  ${name.padEnd(26)}  ${what}`)).join('\n')}

Exit codes:
${exitCodes.map(([code, what]) => `  ${String(code).padEnd(3)}  ${what}`).join('\n')}
`;
}
