import { describe, expect, test } from 'vitest';
import { compareContents } from '../../src/backup/compare.ts';
import type { Contents } from '../../src/backup/contents.ts';

/** What one server says of a database: a table of Ann's with an identity column, and a view on it. */
function said(serverMajor: number | undefined, other: Partial<Contents> = {}): Contents {
  return {
    ...(serverMajor === undefined ? {} : { serverMajor }),
    tables: [
      {
        schema: 'public',
        name: 'one',
        kind: 'table',
        columns: [{ name: 'id', type: 'bigint', notNull: true, made: 'always' }],
        parents: [],
        rowSecurity: 'off',
        bytes: 8192,
        rows: 1,
        checksum: '1',
      },
    ],
    sequences: [],
    constraints: [],
    indexes: [],
    triggers: [],
    extensions: [],
    objects: [{ kind: 'view', name: 'public.names', digest: 'a' }],
    largeObjects: { count: 0 },
    grants: [{ on: 'table public.one', owner: 'ann', grants: ['ann=arwdDxt/ann', 'reader=r/ann'] }],
    roles: ['ann'],
    ...other,
  };
}

const sides = { left: 'the old server', right: 'the new one' };

describe('servers of two versions', () => {
  const maintained = [{ on: 'table public.one', owner: 'ann', grants: ['ann=arwdDxtm/ann', 'reader=r/ann'] }];

  test('a definition in other words is a note, which names both versions', () => {
    const other = said(17, { objects: [{ kind: 'view', name: 'public.names', digest: 'b' }] });
    const found = compareContents(said(15), other, sides);
    expect(found.equal).toBe(true);
    expect(found.differences).toMatchObject([
      { severity: 'note', words: expect.stringContaining('PostgreSQL 15 and 17') },
    ]);
  });

  test('the right that 17 added is no difference, and any other is one', () => {
    expect(compareContents(said(15), said(17, { grants: maintained }), sides).differences).toEqual([]);
    const less = [{ on: 'table public.one', owner: 'ann', grants: ['ann=arwdDxtm/ann'] }];
    expect(compareContents(said(15), said(17, { grants: less }), sides).equal).toBe(false);
  });

  test('an identity that partitions have since 17 is a note, another type is not', () => {
    const [table] = said(15).tables;
    const column = table!.columns[0]!;
    const { made: _, ...plain } = column;
    const before = said(16, { tables: [{ ...table!, columns: [plain] }] });
    expect(compareContents(before, said(17), sides)).toMatchObject({
      equal: true,
      differences: [{ severity: 'note' }],
    });
    const narrow = said(17, { tables: [{ ...table!, columns: [{ ...column, type: 'integer' }] }] });
    expect(compareContents(before, narrow, sides).equal).toBe(false);
  });

  test('what is missing is a failure all the same', () => {
    expect(compareContents(said(15), said(17, { objects: [] }), sides).equal).toBe(false);
  });
});

test.each([
  [15, 15],
  [undefined, 17],
])('of one version, or of one that nobody knows (%s and %s), every difference counts', (left, right) => {
  const other = said(right, { objects: [{ kind: 'view', name: 'public.names', digest: 'b' }] });
  expect(compareContents(said(left), other, sides).equal).toBe(false);
});
