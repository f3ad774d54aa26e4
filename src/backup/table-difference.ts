import { qualified, type SequenceContents, type TableContents } from './contents.ts';
import { sameDefinition } from './definition.ts';
import type { Difference, Sides } from './difference.ts';
import { failure, note, otherwise, pairs } from './pairing.ts';

/** In what a table is not as its reference: structure, rows, checksum. */
export function tableDifferences(a: TableContents, b: TableContents, sides: Sides): Difference[] {
  const name = qualified(a);
  const found: Difference[] = [];
  if (a.kind !== b.kind)
    found.push(
      failure(
        'table',
        name,
        `${name} is a ${a.kind} table in ${sides.left} and a ${b.kind} one in ${sides.right}.`,
      ),
    );
  if (a.rowSecurity !== b.rowSecurity)
    found.push(
      failure(
        'table',
        name,
        `Row security of ${name} is ${a.rowSecurity} in ${sides.left} and ${b.rowSecurity} in ${sides.right}.`,
      ),
    );
  if ([...a.parents].sort().join() !== [...b.parents].sort().join())
    found.push(
      failure(
        'table',
        name,
        `${name} belongs to ${a.parents.join(', ') || 'no table'} in ${sides.left} and to ${b.parents.join(', ') || 'no table'} in ${sides.right}.`,
      ),
    );
  found.push(
    ...pairs(
      a.columns,
      b.columns,
      (one) => one.name,
      'column',
      sides,
      (x, y) => {
        const words = `The column ${name}.${x.name} is defined otherwise in ${sides.right} than in ${sides.left}.`;
        if (x.type !== y.type || x.notNull !== y.notNull || x.collation !== y.collation)
          return [failure('column', `${name}.${x.name}`, words)];
        // Since 17 an identity column is one in the partitions as well.
        return x.made === y.made && sameDefinition(x.expression, y.expression)
          ? []
          : [otherwise('column', `${name}.${x.name}`, words, sides)];
      },
      `${name}.`,
    ),
  );
  const before = a.rows ?? 0;
  const now = b.rows ?? 0;
  if (before !== now) {
    const share = Math.abs(now - before) / Math.max(before, 1);
    const words = `${name} has ${before} rows in ${sides.left} and ${now} in ${sides.right} (${now > before ? '+' : '-'}${(share * 100).toFixed(1)}%).`;
    found.push(share <= (sides.tolerance ?? 0) ? note('rows', name, words) : failure('rows', name, words));
  } else if (a.checksum !== b.checksum) {
    const words = `${name} has ${now} rows in both but not the same ones: the checksums differ.`;
    found.push(
      sides.tolerance === undefined ? failure('checksum', name, words) : note('checksum', name, words),
    );
  }
  return found;
}

/** In what a sequence is not as its reference; behind it is worse than ahead of it. */
export function sequenceDifferences(a: SequenceContents, b: SequenceContents, sides: Sides): Difference[] {
  const name = qualified(a);
  const from = BigInt(a.value);
  const to = BigInt(a.after ?? a.value);
  const value = BigInt(b.value);
  const up = !a.increment.startsWith('-');
  const behind = up ? value < from : value > from;
  const ahead = up ? value > to : value < to;
  const words = `The sequence ${name} stands at ${a.value}${a.after === undefined ? '' : ` to ${a.after}`} in ${sides.left} and at ${b.value} in ${sides.right}`;
  // Behind a reference that has moved on since, as the rows are; further back it would hand out used numbers.
  if (behind && Number(up ? from - value : value - from) <= Math.abs(Number(from)) * (sides.tolerance ?? 0))
    return [note('sequence', name, `${words}.`)];
  if (behind) return [failure('sequence', name, `${words}: it would hand out used numbers again.`)];
  if (ahead)
    return [
      sides.tolerance === undefined
        ? failure('sequence', name, `${words}.`)
        : note('sequence', name, `${words}.`),
    ];
  if (value === from && a.called && !b.called)
    return [
      failure('sequence', name, `The sequence ${name} would hand out ${b.value} again in ${sides.right}.`),
    ];
  return [];
}
