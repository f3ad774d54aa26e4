import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { barsOf } from '../../src/incident/bars.ts';
import { entryOf } from '../../src/incident/entry.ts';
import { spoken, spokenBytes, utc } from '../../src/incident/format.ts';
import { markdownOf } from '../../src/incident/markdown.ts';
import { cellCode, clean, fenced, inline, quotation, table } from '../../src/incident/markdown-text.ts';
import { timeIn } from '../../src/incident/time.ts';
import { handedOver, procedure, Story, success } from './restore-run.ts';

const now = new Date('2026-11-20T05:00:00.000Z');

function parsed(markdown: string): Nodes {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function all(node: Nodes): readonly Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(all) : [])];
}

function kinds(markdown: string): readonly string[] {
  return all(parsed(markdown)).map((node) => node.type);
}

/** Text as commands, people and attackers write it. */
const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '`',
        '```',
        '~~~',
        '|',
        '\n',
        '\r',
        ' ',
        '\t',
        '<b>',
        '<!--',
        '](',
        '![',
        '# ',
        '- ',
        '1. ',
        '===',
        '---',
        '***',
        '_a_',
        '\\',
        '&lt;',
        '> ',
        '\x1b[2J',
        '\x1b]0;t\x07',
        '\u202e',
        'https://e.vil',
        'a@b.de',
        '[x]',
        'word',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

describe('text in Markdown', () => {
  it('stays text, whatever it holds', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const found = new Set(kinds(`before ${inline(text)} after`));
        for (const kind of found) expect(['root', 'paragraph', 'text', 'link']).toContain(kind);
        const alone = kinds(inline(text));
        for (const kind of alone) expect(['root', 'paragraph', 'text', 'link']).toContain(kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stays in its quotation, with nothing in it but paragraphs and items', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        fc.pre(clean(text).trim() !== '');
        const root = parsed(`${quotation(text)}\n\nafter`);
        expect('children' in root && root.children.map((node) => node.type)).toEqual([
          'blockquote',
          'paragraph',
        ]);
        for (const node of all(root))
          expect(['root', 'blockquote', 'paragraph', 'text', 'link', 'list', 'listItem']).toContain(
            node.type,
          );
      }),
      { numRuns: 1_000 },
    );
  });

  it('cannot leave its fence', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const root = parsed(`${fenced(text, 'text')}\n\nafter`);
        const children = 'children' in root ? root.children : [];
        expect(children.map((node) => node.type)).toEqual(['code', 'paragraph']);
        expect(children[0]).toMatchObject({
          value: clean(text).replace(/\n+$/, '').replaceAll('\0', '\ufffd'),
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('cannot leave its cell', () => {
    expect(cellCode('\\\x1b]0;t\x07|')).not.toContain('`');
    fc.assert(
      fc.property(nasty, nasty, (one, two) => {
        const root = parsed(table(['a', 'b'], [[inline(one), cellCode(two)]]));
        const rows = all(root).filter((node) => node.type === 'tableRow');
        expect(rows.map((row) => row.children.length)).toEqual([2, 2]);
        expect('children' in root && root.children.length).toBe(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds no terminal sequence, and a rewritten line only as it ended', () => {
    expect(clean('\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07')).toBe('red link');
    expect(clean('10%\r50%\r100%\ndone\r\n')).toBe('100%\ndone\n');
    fc.assert(
      fc.property(nasty, (text) => {
        expect(clean(text)).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('leaves plain names as they are', () => {
    for (const text of ['members_20261120_safety', '0.1.0', '#db-oncall', 'a - b', 'v1.2', 'R&D', '5 + 3'])
      expect(inline(text)).toBe(text);
  });
});

describe('the Markdown of an entry', () => {
  it('has the same outline, whatever the output, the notes and the names hold', () => {
    const outline = (text: string) => {
      const story = success()
        .say({ type: 'note-added', text })
        .say({ type: 'question-answered', question: 'impact', answer: text })
        .say({ type: 'backup-reported', backup: { action: 'created', name: text, location: text } })
        .say({ type: 'input-given', name: 'X', value: text, secret: false, source: 'operator' })
        .enter('restore')
        .begin('restore', text, 2)
        .end('restore', 1, text, 'failed', 1, 2);
      const root = parsed(markdownOf(entryOf(story.events, now)));
      return 'children' in root
        ? root.children
            .filter((node) => node.type === 'heading' || node.type === 'table')
            .map((node) =>
              node.type === 'table'
                ? `table of ${node.children.length}`
                : JSON.stringify(all(node).map((n) => ('value' in n ? n.value : ''))),
            )
        : [];
    };
    const expected = outline('plain');
    fc.assert(
      fc.property(nasty, (text) => {
        expect(outline(`x${text}x`)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('shows the end of a long output and says where the whole of it is', () => {
    const tail = Array.from({ length: 40 }, (_, n) => `row ${n}`).join('\n');
    const text = markdownOf(
      entryOf(new Story().enter('pre-check').run('look', 'pg_isready', 1, tail).events, now),
    );
    expect(text).toContain('…\nrow 28\n');
    expect(text).not.toContain('row 27\n');
    expect(text).toContain('output `look-1.log` (269 B)');
  });

  it('says when maintenance mode is still on', () => {
    expect(markdownOf(entryOf(handedOver().events, now))).toContain('**still on**');
  });
});

describe('the bars of a run', () => {
  it('fit the width that is given', () => {
    const entry = entryOf(success().events, now);
    for (const width of [48, 60, 78, 120]) {
      const bars = barsOf(entry, width);
      expect(bars).toHaveLength(8);
      expect(Math.max(...bars.map((bar) => bar.length))).toBeLessThanOrEqual(width);
    }
  });

  it('are none where nothing was entered', () => {
    expect(barsOf(entryOf(new Story().events, now))).toEqual([]);
  });

  it('stay in line with wide titles', () => {
    const [first, ...rest] = procedure.items;
    const wide = { ...procedure, items: [{ ...first!, title: '確認する'.repeat(8) }, ...rest] };
    const story = new Story(undefined, { procedure: wide })
      .enter('pre-check')
      .wait(5)
      .enter('restore')
      .wait(5);
    const bars = barsOf(entryOf(story.events, new Date('2026-11-20T03:12:17Z')));
    expect(bars[0]).toMatch(/^確認する確認する確認する… +\|█/);
  });
});

describe('figures in words', () => {
  it('says durations', () => {
    const said = [0, 0.04, 2.14, 9.96, 59.6, 60, 112, 3_599, 3_600, 7_500, 90_000, 864_000].map(spoken);
    expect(said).toEqual([
      '0 s',
      '0 s',
      '2.1 s',
      '10 s',
      '1 min',
      '1 min',
      '1 min 52 s',
      '59 min 59 s',
      '1 h',
      '2 h 5 min',
      '1 d 1 h',
      '10 d',
    ]);
  });

  it('says sizes and times', () => {
    expect([0, 999, 1_000, 184_300_211, 18_400_000, 2e15].map(spokenBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '184 MB',
      '18.4 MB',
      '2.0 PB',
    ]);
    expect(utc('2026-11-20T03:12:07.045Z')).toBe('2026-11-20 03:12:07 UTC');
    expect(utc('never')).toBe('never');
  });

  it('finds the time that an answer begins with', () => {
    const at = '2026-11-20T03:12:07.000Z';
    expect(timeIn('03:05, by the health check', at)).toBe('2026-11-20T03:05:00.000Z');
    expect(timeIn('23:50 the day before', at)).toBe('2026-11-19T23:50:00.000Z');
    expect(timeIn('2026-11-20 04:05+01:00', at)).toBe('2026-11-20T03:05:00.000Z');
    expect(timeIn('2026-11-20T03:05:10Z by Per', at)).toBe('2026-11-20T03:05:10.000Z');
    expect(timeIn('3:05 UTC', at)).toBe('2026-11-20T03:05:00.000Z');
    for (const none of [
      undefined,
      '',
      'around three',
      '2026-11-20 03:13',
      '99:99',
      '03:05:99',
      '2026-13-40 01:00',
    ])
      expect(timeIn(none, at)).toBeUndefined();
  });
});
