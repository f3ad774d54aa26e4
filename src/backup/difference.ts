import { type Contents, qualified } from './contents.ts';
import { sameDefinition } from './definition.ts';
import { failure, note, otherwise, pairs } from './pairing.ts';
import { sequenceDifferences, tableDifferences } from './table-difference.ts';

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
  /** Set by `differences` for servers of two versions, which it names. */
  readonly versions?: string;
}

/** Everything in which the right database is not as the left one, which is the reference. Pure. */
export function differences(left: Contents, right: Contents, given: Sides): Difference[] {
  const majors = [left.serverMajor, right.serverMajor];
  const sides: Sides =
    majors.includes(undefined) || majors[0] === majors[1]
      ? given
      : { ...given, versions: `PostgreSQL ${majors.join(' and ')}` };
  return [
    ...pairs(left.tables, right.tables, qualified, 'table', sides, (a, b) => tableDifferences(a, b, sides)),
    ...pairs(left.sequences, right.sequences, qualified, 'sequence', sides, (a, b) =>
      sequenceDifferences(a, b, sides),
    ),
    ...pairs(left.constraints, right.constraints, ofTable, 'constraint', sides, (a, b) => {
      const found: Difference[] = [];
      if (!sameDefinition(a.definition, b.definition))
        found.push(
          otherwise(
            'constraint',
            ofTable(a),
            `The constraint ${ofTable(a)} is ${b.definition} in ${sides.right} and ${a.definition} in ${sides.left}.`,
            sides,
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
            otherwise(
              'index',
              ofTable(a),
              `The index ${ofTable(a)} is ${b.definition} in ${sides.right} and ${a.definition} in ${sides.left}.`,
              sides,
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
          otherwise(
            'trigger',
            ofTable(a),
            `The trigger ${ofTable(a)} is defined otherwise in ${sides.right}.`,
            sides,
          ),
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
            otherwise(
              'object',
              `${a.kind} ${a.name}`,
              `The ${a.kind} ${a.name} is defined otherwise in ${sides.right} than in ${sides.left}.`,
              sides,
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
    const grants = (of: typeof a) =>
      of.grants.map((each) => (sides.versions === undefined ? each : withoutMaintain(each)));
    return grants(a).join() === grants(b).join()
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

/** PostgreSQL 17 added MAINTAIN (m) to what an owner and GRANT ALL give. */
function withoutMaintain(grant: string): string {
  return grant.replace(/=([a-zA-Z*]*)(?=\/[^/]*$)/, (_, rights: string) => `=${rights.replace(/m\*?/, '')}`);
}

function ofTable(one: { readonly schema: string; readonly table: string; readonly name: string }): string {
  return `${one.schema}.${one.table}.${one.name}`;
}
