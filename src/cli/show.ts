import { Redaction } from '../execution/redaction.ts';
import { outline } from '../runbook/outline.ts';
import { questions } from '../runbook/questions.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { exit } from './exit.ts';
import { findProcedure, readRunbook, splitAddress } from './runbook-file.ts';

/** `drillbook show FILE[#procedure]`: how a runbook is read. */
export async function show(args: readonly string[]): Promise<number> {
  const command = commandLine('show', 'How a runbook is read: procedures, steps, commands, with their lines.')
    .argument('<file>', 'a Markdown file; behind a # a procedure of it')
    .option('--json', 'the compiled runbook whole (schema 1)')
    .option('--questions', 'what a run would ask for')
    .action(async (address: string, { json, questions: ask }: { json?: boolean; questions?: boolean }) => {
      const { path, procedure } = await splitAddress(address);
      const file = await readRunbook(path);
      const chosen = procedure === undefined ? undefined : findProcedure(file, procedure);
      if (ask) {
        const asked = (chosen ? [chosen] : file.runbook.procedures).map((one) => ({
          procedure: one.id,
          questions: questions(one, {}),
        }));
        process.stdout.write(
          json
            ? `${JSON.stringify({ schema: 1, procedures: asked }, null, 2)}\n`
            : asked.map(askedText).join(''),
        );
        return;
      }
      if (json)
        process.stdout.write(`${JSON.stringify({ schema: 1, ...(chosen ?? file.runbook) }, null, 2)}\n`);
      else
        process.stdout.write(
          `${new Redaction().text(
            outline(file.runbook, chosen?.id)
              .map((line) => sanitise(line))
              .join('\n'),
          )}\n`,
        );
    });
  await parse(command, args);
  return exit.done;
}

/** Where an earlier section sets it, which a run of this one alone does not. */
function earlierText(question: ReturnType<typeof questions>[number]): string {
  const earlier = question.kind === 'variable' ? question.earlier : undefined;
  if (!earlier) return '';
  return `, set at line ${earlier.range.line} by an earlier section: ${sanitise(earlier.text.replaceAll(/\s+/g, ' '))}`;
}

function askedText({
  procedure,
  questions: asked,
}: {
  procedure: string;
  questions: ReturnType<typeof questions>;
}): string {
  const lines = asked.map(
    (question) =>
      `  ${sanitise(question.name).padEnd(28)} ${question.value.padEnd(10)} ${sanitise(question.kind === 'variable' ? `$${question.name}` : question.text)}  (${question.uses.length} uses)${earlierText(question)}`,
  );
  return `${procedure}\n${lines.join('\n')}${lines.length > 0 ? '\n' : ''}`;
}
