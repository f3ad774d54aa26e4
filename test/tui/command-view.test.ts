import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { readEffects } from '../../src/effects/read.ts';
import { commandLines } from '../../src/tui/command-lines.ts';
import { commandInView } from '../../src/tui/command-view.ts';
import { detailLines, detailOf } from '../../src/tui/detail.ts';
import { plain } from '../../src/tui/line.ts';
import { Readings } from '../../src/tui/readings.ts';
import { PaperRun, procedureOf } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

/** A psql session of `length` lines, of which those at `drops` destroy. */
function session(length: number, drops: readonly number[]) {
  const sql = Array.from({ length }, (_, at) =>
    drops.includes(at) ? `DROP TABLE t${at};` : `SELECT ${at};`,
  );
  const text = `psql <<'SQL'\n${sql.join('\n')}\nSQL`;
  return commandLines(text, readEffects(text, 'shell'), 58);
}

test('what destroys in the middle of a long command is in view, and each elision says what it leaves out', () => {
  const shown = commandInView(session(30, [17]), 5).map(plain);
  expect(shown).toHaveLength(5);
  expect(shown).toContain('  DROP TABLE t17;');
  expect(shown[0]).toMatch(/^ {2}… \d+ more rows$/);
  expect(shown.at(-1)).toMatch(/^ {2}… \d+ more rows$/);
});

test('where not all that destroys has room, the elision says how much of it is left out', () => {
  const shown = commandInView(session(30, [3, 9, 15, 21, 27]), 5).map(plain);
  expect(shown.length).toBeLessThanOrEqual(5);
  expect(shown.join('\n')).toMatch(/DROP TABLE t3;/);
  expect(shown.join('\n')).toMatch(/\d+ of them destroys?/);
});

test('it never takes more rows than it has, and hides nothing that destroys without saying so', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      (length, drops, room) => {
        const rows = session(length, drops);
        const shown = commandInView(rows, room).map(plain);
        expect(shown.length).toBeLessThanOrEqual(room);
        const all = new Set(drops.filter((at) => at < length)).size;
        const seen = shown.filter((row) => row.includes('DROP TABLE')).length;
        const told = shown.reduce((sum, row) => sum + Number(/(\d+) of them destroy/.exec(row)?.[1] ?? 0), 0);
        // In one or two rows there is no place for an elision of its own.
        if (room >= 3) expect(seen + told).toBe(all);
        else expect(seen).toBe(Math.min(room, all));
      },
    ),
  );
});

test('on a small screen the step keeps in view what destroys in the middle of its command', () => {
  const text = `psql <<'SQL'\n${Array.from({ length: 50 }, (_, at) => (at === 30 ? 'DROP TABLE members;' : `SELECT ${at};`)).join('\n')}\nSQL`;
  const run = new PaperRun(procedureOf(`# A\n\n## 1. Look\n\n\`\`\`bash\n${text}\n\`\`\`\n`));
  run.send({ type: 'next' });
  for (const height of [6, 8, 10, 14, 20]) {
    const shown = detailLines(detailOf(run.state, new Readings(), 58), height).map(plain);
    expect(shown.length).toBeLessThanOrEqual(height);
    expect(shown.join('\n')).toContain('DROP TABLE members;');
    expect(shown.join('\n')).toMatch(/… \d+ more rows; e shows all/);
    expect(shown.join('\n')).toContain('! destroys');
  }
});
