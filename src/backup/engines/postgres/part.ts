import { endTrouble, start } from '../../child.ts';
import { type Contents, qualified } from '../../contents.ts';

/** The chosen tables with all partitions and children below them; `schema.table`. */
export function withChildren(contents: Contents, tables: readonly string[]): string[] {
  const chosen = new Set(tables);
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size;
    for (const one of contents.tables)
      if (one.parents.some((parent) => chosen.has(parent))) chosen.add(qualified(one));
  }
  return [...chosen].sort();
}

/** What of a database's contents belongs to some tables and does not lead to others. */
export function contentsOfTables(contents: Contents, tables: readonly string[]): Contents {
  const chosen = new Set(tables);
  const ofTable = (one: { schema: string; table: string }) => chosen.has(`${one.schema}.${one.table}`);
  return {
    tables: contents.tables.filter((one) => chosen.has(qualified(one))),
    sequences: [],
    // A foreign key wants the rows of another table, which need not be among them.
    constraints: contents.constraints.filter((one) => ofTable(one) && one.type !== 'foreign key'),
    indexes: contents.indexes.filter(ofTable),
    triggers: contents.triggers.filter(ofTable),
    extensions: [],
    objects: [],
    largeObjects: { count: 0 },
    grants: [],
    roles: [],
  };
}

/**
 * The table of contents of an archive, cut down to the rows, keys, indexes, triggers and policies of some tables, for
 * `pg_restore --use-list`; undefined or what is wrong in `trouble`.
 */
export async function listOf(
  path: string,
  archive: string,
  contents: Contents,
  tables: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly list: string } | { readonly trouble: string }> {
  const child = start(path, ['--list', archive], { signal });
  child.stdin.end();
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const trouble = endTrouble('pg_restore', await child.ended)?.message;
  if (trouble !== undefined) return { trouble };
  const chosen = new Set(tables);
  const named = new Set(
    contents.tables
      .filter((one) => chosen.has(qualified(one)))
      .flatMap((one) =>
        ['TABLE DATA', 'CONSTRAINT', 'TRIGGER', 'POLICY', 'RULE', 'ROW SECURITY'].map(
          (kind) => `${kind} ${one.schema} ${one.name} `,
        ),
      )
      .concat(
        contents.indexes
          .filter((one) => chosen.has(`${one.schema}.${one.table}`))
          .flatMap((one) => [`INDEX ${one.schema} ${one.name} `, `INDEX ATTACH ${one.schema} ${one.name} `]),
      ),
  );
  const lines = Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => {
      // `3345; 0 16385 TABLE DATA public sale postgres`
      const entry = /^\d+; \d+ \d+ (.*)$/.exec(line)?.[1];
      if (entry === undefined) return false;
      return entry.startsWith('SEQUENCE SET ') || [...named].some((one) => entry.startsWith(one));
    });
  return { list: `${lines.join('\n')}\n` };
}
