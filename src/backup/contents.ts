import { z } from 'zod';

const column = z.object({
  name: z.string(),
  type: z.string(),
  notNull: z.boolean(),
  /** Default or generation expression. */
  expression: z.string().optional(),
  /** `always` or `by default` for an identity column, `stored` or `virtual` for a generated one. */
  made: z.string().optional(),
  collation: z.string().optional(),
});

const table = z.object({
  schema: z.string(),
  name: z.string(),
  /** A partitioned table has no rows of its own: its partitions are tables in this list. */
  kind: z.enum(['table', 'partitioned', 'foreign']),
  columns: z.array(column),
  /** The tables it inherits from or is a partition of. */
  parents: z.array(z.string()),
  rowSecurity: z.enum(['off', 'on', 'forced']),
  /** Bytes with indexes and TOAST. */
  bytes: z.number(),
  /** Rows of this table alone; absent where rows are not counted (partitioned, foreign). */
  rows: z.number().optional(),
  /** Sum over the rows of a hash of the row, columns ordered by name, made as `checksums` says; decimal text. */
  checksum: z.string().optional(),
  /** The greatest value of the column that tells when rows came, where there is one. */
  newest: z.object({ column: z.string(), value: z.string().nullable() }).optional(),
});

const sequence = z.object({
  schema: z.string(),
  name: z.string(),
  value: z.string(),
  called: z.boolean(),
  increment: z.string(),
  /** Read again after the dump, where it had moved on: sequences do not follow the snapshot. */
  after: z.string().optional(),
});

const constraint = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  type: z.enum(['primary key', 'unique', 'foreign key', 'check', 'exclusion', 'trigger']),
  definition: z.string(),
  validated: z.boolean(),
  /** For a foreign key: rows whose referenced row is not there. */
  orphans: z.number().optional(),
});

const index = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
  valid: z.boolean(),
});

const trigger = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
  /** `origin`, `disabled`, `replica` or `always`. */
  enabled: z.string(),
});

/**
 * How the hash of a row is made. `text`: `hashtext(row::text)`, as pgcopydb does; wherever nothing is said. `record`:
 * `hash_record_extended`, half as dear, which PostgreSQL has since 14; what two different values of a type may share
 * there (1.0 and 1.00) is hashed as text.
 */
export const checksumWays = ['text', 'record'] as const;

export type ChecksumWay = (typeof checksumWays)[number];

/**
 * What is in a database, as seen from one snapshot. A manifest holds it, a comparison sets two of them against
 * each other. Lists are sorted by name; names are unquoted.
 */
export const contentsSchema = z.object({
  checksums: z.enum(checksumWays).optional(),
  /** Of the server whose words the definitions are; absent where it says the same in every version. */
  serverMajor: z.number().optional(),
  tables: z.array(table),
  sequences: z.array(sequence),
  constraints: z.array(constraint),
  indexes: z.array(index),
  triggers: z.array(trigger),
  extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
  /** Views, functions, types, policies, comments, …: each with the MD5 of its definition. */
  objects: z.array(z.object({ kind: z.string(), name: z.string(), digest: z.string() })),
  /** `checksum` is absent where the role may not read `pg_largeobject`. */
  largeObjects: z.object({ count: z.number(), checksum: z.string().optional() }),
  grants: z.array(z.object({ on: z.string(), owner: z.string(), grants: z.array(z.string()) })),
  /** Every role that owns something or is granted something; a server without them can't take the dump whole. */
  roles: z.array(z.string()),
});

export type Contents = z.infer<typeof contentsSchema>;
export type TableContents = Contents['tables'][number];
export type SequenceContents = Contents['sequences'][number];
export type ConstraintContents = Contents['constraints'][number];

/** Which part of a database was taken: exact names, `schema` and `schema.table`; empty lists mean all of it. */
export const selectionSchema = z.object({
  schemas: z.array(z.string()),
  tables: z.array(z.string()),
});

export type Selection = z.infer<typeof selectionSchema>;

/** True where a selection leaves something out. */
export function isPartial(selection: Selection | undefined): selection is Selection {
  return selection !== undefined && selection.schemas.length + selection.tables.length > 0;
}

/** `schema.name`, for the screen and as a key. */
export function qualified(thing: { readonly schema: string; readonly name: string }): string {
  return `${thing.schema}.${thing.name}`;
}

/** How the checksums of its tables were made. */
export function checksumWayOf(contents: Contents): ChecksumWay {
  return contents.checksums ?? 'text';
}

/** Rows of all tables together. */
export function totalRows(contents: Contents): number {
  return contents.tables.reduce((sum, one) => sum + (one.rows ?? 0), 0);
}

/** Foreign keys with orphans: a dump of these restores with errors where the constraint is validated. */
export function orphaned(contents: Contents): readonly ConstraintContents[] {
  return contents.constraints.filter((one) => (one.orphans ?? 0) > 0);
}
