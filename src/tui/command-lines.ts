import type { EffectClass, Reading } from '../effects/effect.ts';
import { breakLine, type Line, line, type Span, span, wrap } from './line.ts';
import type { Tone } from './theme.ts';

/** The sign, the word and the colour of an effect; the sign and the word say all. */
export const effectMarks: Readonly<Record<EffectClass, { readonly sign: string; readonly tone?: Tone }>> = {
  reads: { sign: '·' },
  changes: { sign: '~', tone: 'accent' },
  unknown: { sign: '?', tone: 'caution' },
  destroys: { sign: '!', tone: 'danger' },
};

const secretReference = /"?\$\{DRILLBOOK_SECRET_\w+\}"?/g;

/**
 * A command as a person reads it: values in place of placeholders, secrets as dots, what destroys underlined. A row
 * that was broken for want of room begins with a mark, so that it is not taken for a line of its own.
 */
export function commandLines(shown: string, reading: Reading, width: number): readonly Line[] {
  const rows: Line[] = [];
  let offset = 0;
  for (const source of shown.split('\n')) {
    const spans = marked(source, offset, reading);
    const pieces = breakLine(spans, width - 2, true);
    for (const [index, piece] of pieces.entries())
      rows.push([index === 0 ? span('  ') : span('↪ ', { dim: true }), ...piece]);
    offset += source.length + 1;
  }
  return rows;
}

/** One source line with its destroying stretches told apart; `offset` is where it begins in the command. */
function marked(source: string, offset: number, reading: Reading): Line {
  const hits = reading.effects
    .filter((effect) => effect.class === 'destroys')
    .map((effect) => ({
      from: Math.max(0, effect.start - offset),
      to: Math.min(source.length, effect.end - offset),
    }))
    .filter((hit) => hit.from < hit.to)
    .sort((a, b) => a.from - b.from);
  const spans: Span[] = [];
  let at = 0;
  const push = (to: number, look: Partial<Span>): void => {
    if (to <= at) return;
    const text = source.slice(at, to).replace(/\t/g, '    ').replace(secretReference, '••••••');
    spans.push(span(text, { bold: true, ...look }));
    at = to;
  };
  for (const hit of hits) {
    push(hit.from, {});
    push(hit.to, { tone: 'danger', underline: true });
  }
  push(source.length, {});
  return spans;
}

/**
 * What a command would do, in one or more rows. `where` is the address of the server that it goes to, said where no
 * reason says it: "! destroys  DROP DATABASE members on 127.0.0.1:5433".
 */
export function effectLines(reading: Reading, where: string, width: number): readonly Line[] {
  const { sign, tone } = effectMarks[reading.class];
  const reasons = [
    ...new Set(
      reading.effects.filter((effect) => effect.class === reading.class).map((effect) => effect.reason),
    ),
  ];
  const said = reasons.length > 3 ? [...reasons.slice(0, 3), `and ${reasons.length - 3} more`] : reasons;
  // Some reasons say themselves where they hit.
  const named = where === '' || said.some((reason) => reason.includes(where));
  const target = reading.class === 'destroys' && !named ? ` on ${where}` : '';
  const error = reading.syntaxError ? [`cannot be read: ${reading.syntaxError.message}`] : [];
  const text = [...said, ...error].join('; ');
  return wrap(
    line(
      span(`${sign} ${reading.class}`, { ...(tone ? { tone } : {}), bold: true }),
      span(text || target ? `  ${text}${target}` : ''),
    ),
    width,
    2,
  );
}

/** A command's text with dots for the secrets that it refers to. */
export function withoutSecrets(text: string): string {
  return text.replace(secretReference, '••••••');
}
