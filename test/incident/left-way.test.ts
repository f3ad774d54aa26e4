import { beforeAll, expect, test } from 'vitest';
import { entryOf } from '../../src/incident/entry.ts';
import { markdownOf } from '../../src/incident/markdown.ts';
import { choicesOf } from '../../src/run/plan.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const runbook = `# Bring it back

## Restore

### Option A: Docker

\`\`\`bash
date
\`\`\`

### Option B: Railway

\`\`\`bash
uptime
\`\`\`
`;

test('an entry keeps what was done on a way that was left, and says the way in plain words', () => {
  const run = new PaperRun(procedureOf(runbook), { mode: 'drill', target: targetIn('sandbox') });
  const choice = choicesOf(run.state.started.procedure.items)[0]!;
  const [docker, railway] = choice.options;
  for (const option of [docker!, railway!]) {
    run.send({ type: 'choose', choice: choice.id, option: option.id });
    run.send({ type: 'next' });
    const step = run.state.step!;
    const items = choice.options.flatMap((each) => ('items' in each ? each.items : []));
    const found = items.find((item) => item.id === step);
    const command = found?.kind === 'step' && found.parts.find((part) => part.kind === 'command');
    if (!command) throw new Error('no command');
    run.send({ type: 'run', command: command.id, confirmation: { by: 'enter' } });
    run.finish({});
  }
  run.record({ type: 'run-resumed', host: 'vm', version: '0', tornBytes: 0 });
  const entry = entryOf(run.events, new Date());
  const commands = entry.steps.flatMap((step) => step.parts.filter((part) => part.kind === 'command'));
  expect(commands.map((command) => 'text' in command && command.text)).toEqual(['date', 'uptime']);
  expect(commands.every((command) => command.status === 'succeeded')).toBe(true);
  const markdown = markdownOf(entry);
  expect(markdown).toContain(`**Way:** ${railway!.title}`);
  expect(markdown).not.toMatch(/\*\*Way:\*\* Which/);
  expect(entry.timeline.map(({ text }) => text).join('\n')).toContain(`instead of ${docker!.title}`);
  const suggestion = entry.questions.find(({ id }) => id === 'findings')?.suggestion ?? '';
  expect(suggestion).toContain('The run was resumed on vm');
});
