import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadGrammars } from '../../src/cli/grammars.ts';
import { entryOf } from '../../src/incident/entry.ts';
import { patchOf } from '../../src/incident/patch.ts';
import { indexOf } from '../../src/incident/procedure-index.ts';
import { diffOf, diffOfLines } from '../../src/lint/diff.ts';
import { fold } from '../../src/run/fold.ts';
import { compile } from '../../src/runbook/compile.ts';
import { Story } from './restore-run.ts';

const source = `# Restore

## Restore

### Step 1: Dump (1–2 minutes)

\`\`\`bash
pg_dump -f old.dump
\`\`\`

### Step 2: Look (5 minutes)

1. First:

   \`\`\`bash
   # the replica
   psql -c 'select 1'
   \`\`\`

Then go on.
`;

beforeAll(loadGrammars);

function told(): Story {
  const procedure = compile(source).procedures[0]!;
  return new Story(undefined, { procedure });
}

function idsOf(story: Story): { steps: string[]; commands: string[] } {
  const started = story.events[0]!;
  if (started.type !== 'run-started') throw new Error('no start');
  const steps = started.procedure.items.flatMap((item) => (item.kind === 'step' ? [item] : []));
  const commands = steps.flatMap((step) =>
    step.parts.flatMap((part) => (part.kind === 'command' ? [part.id] : [])),
  );
  return { steps: steps.map(({ id }) => id), commands };
}

describe('what a run proposes for its runbook', () => {
  it('nothing for a command that was looked at in the editor and kept as it is', () => {
    const story = told();
    const { steps, commands } = idsOf(story);
    const kept = indexOf(fold(story.events).started.procedure).text(commands[0]!)!;
    story
      .say({ type: 'step-entered', step: steps[0]! })
      .say({ type: 'command-edited', command: commands[0]!, text: kept })
      .run(commands[0]!, kept, 4);
    expect(entryOf(story.events, new Date()).deviations).toEqual([]);
    expect(patchOf(story.events, source)).toMatchObject({ text: source, changes: [], remarks: [] });
    story.say({ type: 'command-edited', command: commands[0]!, text: `${kept} -v` });
    expect(entryOf(story.events, new Date()).deviations).toMatchObject([{ kind: 'edited' }]);
  });

  it('an edited command that succeeded, a word beside a skipped one, an estimate that was far too short', () => {
    const story = told();
    const { steps, commands } = idsOf(story);
    story
      .say({ type: 'step-entered', step: steps[0]! })
      .say({ type: 'command-edited', command: commands[0]!, text: 'pg_dump -Fc \\\n  -f new.dump' })
      .run(commands[0]!, 'pg_dump -Fc \\\n  -f new.dump', 400)
      .say({ type: 'step-entered', step: steps[1]! })
      .say({ type: 'part-skipped', part: commands[1]!, reason: 'there is no replica [any more]' })
      .wait(30)
      .say({ type: 'run-finished', outcome: 'failed' });
    const { text, changes, remarks } = patchOf(story.events, source);
    expect(remarks).toEqual([]);
    expect(changes).toHaveLength(3);
    expect(diffOfLines('restore.md', source, text)).toMatchInlineSnapshot(`
      "--- restore.md
      +++ restore.md
      @@ -3,8 +3,9 @@
       ## Restore
       
      -### Step 1: Dump (1–2 minutes)
      +### Step 1: Dump (1–7 minutes)
       
       \`\`\`bash
      -pg_dump -f old.dump
      +pg_dump -Fc \\
      +  -f new.dump
       \`\`\`
       
      @@ -17,4 +18,6 @@
          psql -c 'select 1'
          \`\`\`
      +
      +   > To be looked at: “the replica” was skipped in run k3f9 of 2026-11-20: there is no replica \\[any more\\]
       
       Then go on.
      "
    `);
  });

  it('nothing of an edit that failed, of a step that took a little longer, or of a secret', () => {
    const story = told();
    const { steps, commands } = idsOf(story);
    story
      .say({ type: 'step-entered', step: steps[0]! })
      .say({ type: 'command-edited', command: commands[0]!, text: 'pg_dump wrong' })
      .begin(commands[0]!, 'pg_dump wrong')
      .end(commands[0]!, 150, '', 'failed', 1)
      .say({ type: 'run-finished', outcome: 'failed' });
    expect(patchOf(story.events, source).text).toBe(source);
  });

  it('says so where the place cannot be found again', () => {
    const story = told();
    const { steps, commands } = idsOf(story);
    story
      .say({ type: 'step-entered', step: steps[0]! })
      .say({ type: 'command-edited', command: commands[0]!, text: 'pg_dump -f x.dump' })
      .run(commands[0]!, 'pg_dump -f x.dump', 3)
      .say({ type: 'run-finished', outcome: 'passed' });
    const other = source.replace('pg_dump -f old.dump', 'pg_dump -f another');
    const { text, remarks } = patchOf(story.events, other);
    expect(text).toBe(other);
    expect(remarks[0]).toMatch(/^line 8: the command was edited .*Change it by hand/);
  });
});

describe('a diff of lines', () => {
  it('is one that patch applies, whatever the texts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'drillbook-diff-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '- x', '+ y', '@@'), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const [before, after] = [`${old.join('\n')}\n`, `${now.join('\n')}\n`];
        if (before === after) return;
        writeFileSync(join(folder, 'f'), before);
        execFileSync('patch', ['-s', '--no-backup-if-mismatch', join(folder, 'f')], {
          input: diffOfLines('f', before, after),
        });
        expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same as that of a mend where no line comes or goes', () => {
    expect(diffOfLines('x', 'a\nb\nc\n', 'a\nB\nc\n')).toBe(diffOf('x', 'a\nb\nc\n', 'a\nB\nc\n'));
  });
});
