import { type Contents, qualified, type SequenceContents, type TableContents } from './contents.ts';
import { sameDefinition } from './definition.ts';

/** One thing in which two databases differ. Notes are told but do not make them unequal. */
export interface Difference {
  readonly severity: 'failure' | 'note';
  readonly kind:
    | 'table'
    | 'column'
    | 'rows'
    | 'checksum'
    | 'sequence'
    | 'constraint'
    | 'orphans'
    | 'index'
    | 'trigger'
    | 'extension'
    | 'object'
    | 'large objects'
    | 'grant';
  readonly thing: string;
  /** A whole sentence. */
  readonly words: string;
}

export interface Sides {
  /** What the two are called in sentences: "the manifest", "shop". */
  readonly left: string;
  readonly right: string;
  /** Share by which row counts may differ, 0 to 1; data then count as moving, and checksums and sequences only as notes. */
  readonly tolerance?: number;
  /** Where roles differ between servers. */
  readonly ignoreGrants?: boolean;
}

/** Everything in which the right database is not as the left one, which is the reference. Pure. */
export function differences(left: Contents, right: Contents, sides: Sides): Difference[] {
  return [
    ...pairs(left.tables, right.tables, qualified, 'table', sides, (a, b) => tableDifferences(a, b, sides)),
    ...pairs(left.sequences, right.sequences, qualified, 'sequence', sides, (a, b) =>
      sequenceDifferences(a, b, sides),
    ),
    ...pairs(left.constraints, right.constraints, ofTable, 'constraint', sides, (a, b) => {
      const found: Difference[] = [];
      if (!sameDefinition(a.definition, b.definition))
        found.push(
          failure(
            'constraint',
            ofTable(a),
            `The constraint ${ofTable(a)} is ${b.definition} in ${sides.right} and ${a.definition} in ${sides.left}.`,
          ),
        );
      if (a.validated && !b.validated)
        found.push(
          failure(
            'constraint',
            ofTable(a),
            `The constraint ${ofTable(a)} is not validated in ${sides.right}.`,
          ),
        );
      return found;
    }),
    ...orphanDifferences(left, right, sides),
    ...pairs(left.indexes, right.indexes, ofTable, 'index', sides, (a, b) => [
      ...(sameDefinition(a.definition, b.definition)
        ? []
        : [
            failure(
              'index',
              ofTable(a),
              `The index ${ofTable(a)} is ${b.definition} in ${sides.right} and ${a.definition} in ${sides.left}.`,
            ),
          ]),
      ...(a.valid && !b.valid
        ? [failure('index', ofTable(a), `The index ${ofTable(a)} is not valid in ${sides.right}.`)]
        : []),
    ]),
    ...triggerDifferences(left, right, sides),
    ...pairs(
      left.extensions,
      right.extensions,
      (one) => one.name,
      'extension',
      sides,
      (a, b) =>
        a.version === b.version
          ? []
          : [
              note(
                'extension',
                a.name,
                `The extension ${a.name} is ${a.version} in ${sides.left} and ${b.version} in ${sides.right}.`,
              ),
            ],
    ),
    ...objectDifferences(left, right, sides),
    ...largeObjectDifferences(left, right, sides),
    ...(sides.ignoreGrants ? [] : grantDifferences(left, right, sides)),
  ];
}

function tableDifferences(a: TableContents, b: TableContents, sides: Sides): Difference[] {
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
      (x, y) =>
        x.type === y.type &&
        x.notNull === y.notNull &&
        x.made === y.made &&
        x.collation === y.collation &&
        sameDefinition(x.expression, y.expression)
          ? []
          : [
              failure(
                'column',
                `${name}.${x.name}`,
                `The column ${name}.${x.name} is defined otherwise in ${sides.right} than in ${sides.left}.`,
              ),
            ],
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

function sequenceDifferences(a: SequenceContents, b: SequenceContents, sides: Sides): Difference[] {
  const name = qualified(a);
  const from = BigInt(a.value);
  const to = BigInt(a.after ?? a.value);
  const value = BigInt(b.value);
  const up = !a.increment.startsWith('-');
  const behind = up ? value < from : value > from;
  const ahead = up ? value > to : value < to;
  const words = `The sequence ${name} stands at ${a.value}${a.after === undefined ? '' : ` to ${a.after}`} in ${sides.left} and at ${b.value} in ${sides.right}`;
  // Behind, it hands out numbers that were used already, whatever the tolerance.
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

function orphanDifferences(left: Contents, right: Contents, sides: Sides): Difference[] {
  const before = new Map(left.constraints.map((one) => [ofTable(one), one.orphans ?? 0]));
  return right.constraints.flatMap((one) => {
    if ((one.orphans ?? 0) === 0) return [];
    const words = `${one.orphans} rows of ${one.schema}.${one.table} in ${sides.right} point to rows that are not there (${one.name}).`;
    return [
      before.get(ofTable(one)) === one.orphans
        ? note('orphans', ofTable(one), words)
        : failure('orphans', ofTable(one), words),
    ];
  });
}

function triggerDifferences(left: Contents, right: Contents, sides: Sides): Difference[] {
  const present = new Map(right.triggers.map((one) => [ofTable(one), one]));
  const missing = left.triggers
    .filter((one) => !present.has(ofTable(one)))
    .map((one) => {
      const guards = /\b(?:BEFORE|INSTEAD OF)\b.*\b(?:UPDATE|DELETE|TRUNCATE)\b/.test(one.definition);
      return failure(
        'trigger',
        ofTable(one),
        `The trigger ${ofTable(one)} is missing in ${sides.right}${guards ? ': it may be what keeps these rows from being changed' : ''}.`,
      );
    });
  const kept = left.triggers.filter((one) => present.has(ofTable(one)));
  const rest = pairs(kept, right.triggers, ofTable, 'trigger', sides, (a, b) => [
    ...(sameDefinition(a.definition, b.definition)
      ? []
      : [
          failure('trigger', ofTable(a), `The trigger ${ofTable(a)} is defined otherwise in ${sides.right}.`),
        ]),
    ...(a.enabled === b.enabled
      ? []
      : [
          failure(
            'trigger',
            ofTable(a),
            `The trigger ${ofTable(a)} is ${a.enabled} in ${sides.left} and ${b.enabled} in ${sides.right}.`,
          ),
        ]),
  ]);
  return [...missing, ...rest];
}

function objectDifferences(left: Contents, right: Contents, sides: Sides): Difference[] {
  const found = pairs(
    left.objects,
    right.objects,
    (one) => `${one.kind} ${one.name}`,
    'object',
    sides,
    (a, b) =>
      a.digest === b.digest
        ? []
        : [
            failure(
              'object',
              `${a.kind} ${a.name}`,
              `The ${a.kind} ${a.name} is defined otherwise in ${sides.right} than in ${sides.left}.`,
            ),
          ],
  );
  // A lost comment is worth telling and breaks nothing.
  return found.map((one) => (one.thing.startsWith('comment ') ? { ...one, severity: 'note' } : one));
}

function largeObjectDifferences(left: Contents, right: Contents, sides: Sides): Difference[] {
  const a = left.largeObjects;
  const b = right.largeObjects;
  const name = 'large objects';
  if (a.count !== b.count)
    return [
      failure(
        name,
        name,
        `There are ${a.count} large objects in ${sides.left} and ${b.count} in ${sides.right}.`,
      ),
    ];
  if (a.checksum !== undefined && b.checksum !== undefined && a.checksum !== b.checksum)
    return [
      failure(name, name, `The large objects have other bytes in ${sides.right} than in ${sides.left}.`),
    ];
  return [];
}

function grantDifferences(left: Contents, right: Contents, sides: Sides): Difference[] {
  const now = new Map(right.grants.map((one) => [one.on, one]));
  return left.grants.flatMap((a) => {
    const b = now.get(a.on);
    // A thing that is missing altogether was told already.
    if (b === undefined)
      return a.on.startsWith('default ')
        ? [failure('grant', a.on, `The default grants ${a.on} are missing in ${sides.right}.`)]
        : [];
    if (a.owner !== b.owner)
      return [
        failure(
          'grant',
          a.on,
          `The ${a.on} belongs to ${a.owner} in ${sides.left} and to ${b.owner} in ${sides.right}.`,
        ),
      ];
    return a.grants.join() === b.grants.join()
      ? []
      : [
          failure(
            'grant',
            a.on,
            `The grants on ${a.on} are ${b.grants.join(' ') || 'none'} in ${sides.right} and ${a.grants.join(' ') || 'none'} in ${sides.left}.`,
          ),
        ];
  });
}

/** Missing, added and changed things of two lists, by key. */
function pairs<T>(
  left: readonly T[],
  right: readonly T[],
  key: (one: T) => string,
  kind: Difference['kind'],
  sides: Sides,
  compare: (a: T, b: T) => readonly Difference[],
  prefix = '',
): Difference[] {
  const now = new Map(right.map((one) => [key(one), one]));
  const before = new Set(left.map(key));
  const called = (name: string) => (kind === 'object' ? name : `${kind} ${prefix}${name}`);
  return [
    ...left.flatMap((a) => {
      const b = now.get(key(a));
      return b === undefined
        ? [failure(kind, prefix + key(a), `The ${called(key(a))} is missing in ${sides.right}.`)]
        : compare(a, b);
    }),
    ...right
      .filter((b) => !before.has(key(b)))
      .map((b) =>
        failure(
          kind,
          prefix + key(b),
          `The ${called(key(b))} is in ${sides.right} but not in ${sides.left}.`,
        ),
      ),
  ];
}

function ofTable(one: { readonly schema: string; readonly table: string; readonly name: string }): string {
  return `${one.schema}.${one.table}.${one.name}`;
}

function failure(kind: Difference['kind'], thing: string, words: string): Difference {
  return { severity: 'failure', kind, thing, words };
}

function note(kind: Difference['kind'], thing: string, words: string): Difference {
  return { severity: 'note', kind, thing, words };
}
