import type { EffectClass, Reading } from '../effects/effect.ts';
import { type Stretch, stretchesOf } from './code-look.ts';
import { breakLine, type Line, type Look, line, type Span, span, wrap } from './line.ts';
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
export function commandLines(
  shown: string,
  reading: Reading,
  width: number,
  language: 'shell' | 'sql' = 'shell',
): readonly Line[] {
  const rows: Line[] = [];
  const stretches = withSecretsWhole(stretchesOf(shown, language), shown);
  let offset = 0;
  for (const source of shown.split('\n')) {
    const spans = marked(source, offset, reading, stretches);
    const pieces = breakLine(spans, width - 2, true);
    for (const [index, piece] of pieces.entries())
      rows.push([index === 0 ? span('  ') : span('↪ ', { dim: true }), ...piece]);
    offset += source.length + 1;
  }
  return rows;
}

/** A reference to a secret is one stretch, whatever the grammar made of it: it is replaced as a whole. */
function withSecretsWhole(stretches: readonly Stretch[], shown: string): readonly Stretch[] {
  const secrets = [...shown.matchAll(secretReference)].map(
    ({ index, 0: text }): Stretch => ({ start: index, end: index + text.length, look: { tone: 'accent' } }),
  );
  if (secrets.length === 0 || stretches.length === 0) return stretches;
  const cut = secrets.reduce<readonly Stretch[]>(
    (left, secret) =>
      left.flatMap((one) => {
        if (one.end <= secret.start || one.start >= secret.end) return [one];
        const before = one.start < secret.start ? [{ ...one, end: secret.start }] : [];
        return one.end > secret.end ? [...before, { ...one, start: secret.end }] : before;
      }),
    stretches,
  );
  return [...cut, ...secrets].sort((a, b) => a.start - b.start);
}

/** One source line with its destroying stretches told apart, the others by their syntax; `offset` is where it begins. */
function marked(source: string, offset: number, reading: Reading, stretches: readonly Stretch[]): Line {
  const within = ({ start, end }: { readonly start: number; readonly end: number }) => ({
    from: Math.max(0, start - offset),
    to: Math.min(source.length, end - offset),
  });
  const hits = reading.effects
    .filter((effect) => effect.class === 'destroys')
    .map(within)
    .filter((hit) => hit.from < hit.to)
    .sort((a, b) => a.from - b.from);
  const looks = stretches
    .map((stretch) => ({ ...within(stretch), look: stretch.look }))
    .filter(({ from, to }) => from < to);
  const spans: Span[] = [];
  let at = 0;
  const push = (to: number, look: Look): void => {
    if (to <= at) return;
    const text = source.slice(at, to).replace(/\t/g, '    ').replace(secretReference, '••••••');
    spans.push(span(text, look));
    at = to;
  };
  /** Up to `to` by the syntax; a command that no grammar has read is bold, so that it stands out as one. */
  const quietly = (to: number): void => {
    if (stretches.length === 0) {
      push(to, { bold: true });
      return;
    }
    for (const { from, to: end, look } of looks) {
      if (end <= at || from >= to) continue;
      push(Math.min(from, to), {});
      push(Math.min(end, to), look);
    }
    push(to, {});
  };
  for (const hit of hits) {
    quietly(hit.from);
    push(hit.to, { bold: true, tone: 'danger', underline: true });
  }
  quietly(source.length);
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
  const named = where === '' || said.some((reason) => reason.includes(where)) || !goesToTarget(reading);
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

/** Whether what is destroyed stands where the target's settings lead: the command names no server of its own, and no file. */
function goesToTarget({ effects, connections }: Reading): boolean {
  const own = connections.every(
    ({ host, port, service, within, url }) =>
      !host && !port && !service && !within && (!url || /^\$(\w+|\{\w+\})$/.test(url)),
  );
  return own && effects.some((effect) => effect.class === 'destroys' && effect.connected);
}

/** Whether a text refers to a secret that the run keeps. */
export function hasSecret(text: string): boolean {
  return text.search(secretReference) >= 0;
}

/** A command's text with dots for the secrets that it refers to. */
export function withoutSecrets(text: string): string {
  return text.replace(secretReference, '••••••');
}
