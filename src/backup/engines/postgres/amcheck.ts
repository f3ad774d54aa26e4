import type { Difference } from '../../difference.ts';
import { failure, note } from '../../pairing.ts';
import { withConnection } from './connect.ts';
import type { Login } from './login.ts';

/** What a look into the indexes of a database found. */
export interface IndexCheck {
  /** Indexes and tables that were read. */
  readonly checked: number;
  readonly differences: readonly Difference[];
}

/**
 * Has PostgreSQL's amcheck read every B-tree index, and hold it against its table row by row (what
 * `pg_amcheck --heapallindexed` does), and from 14 on every table as well. Only reads, and blocks no writer. Where the
 * extension is not in the database that is a note, and nothing is installed.
 */
export async function checkIndexes(login: Login, signal?: AbortSignal): Promise<IndexCheck> {
  return withConnection(login, {}, async (client) => {
    const { rows: found } = await client.query(
      `select n.nspname as schema, pg_catalog.current_setting('server_version_num')::int / 10000 as major
         from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'amcheck'`,
    );
    if (found[0] === undefined)
      return {
        checked: 0,
        differences: [
          note(
            'index',
            login.database,
            `The indexes of ${login.database} were not read through: it has no extension amcheck (create extension amcheck).`,
          ),
        ],
      };
    const { rows } = await client.query(
      `select c.oid::int8::text as oid, n.nspname || '.' || c.relname as name, c.relkind = 'i' as index
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         left join pg_catalog.pg_index i on i.indexrelid = c.oid
         left join pg_catalog.pg_am a on a.oid = c.relam
        where c.relpersistence <> 't' and n.nspname !~ '^pg_temp'
          and (c.relkind = 'i' and a.amname = 'btree' and i.indisvalid and i.indisready
               or c.relkind in ('r', 'm') and a.amname = 'heap' and $1 >= 14)
        order by 2`,
      [found[0].major],
    );
    const schema = `"${String(found[0].schema).replaceAll('"', '""')}"`;
    const differences: Difference[] = [];
    for (const row of rows) {
      signal?.throwIfAborted();
      const words = row.index
        ? await said(() => client.query(`select ${schema}.bt_index_check($1::oid, true)`, [row.oid]))
        : (await client.query(`select msg from ${schema}.verify_heapam($1::oid) limit 3`, [row.oid])).rows
            .map((one) => one.msg)
            .join('; ');
      if (words !== '')
        differences.push(
          failure(
            'index',
            row.name,
            `The ${row.index ? 'index' : 'table'} ${row.name} is damaged: ${words}.`,
          ),
        );
    }
    return { checked: rows.length, differences };
  });
}

/** What a check complains of; its only way to say so is an error. */
async function said(check: () => Promise<unknown>): Promise<string> {
  try {
    await check();
    return '';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // XX002 index_corrupted, XX001 data_corrupted; anything else kept the check from being made.
    if (code === 'XX002' || code === 'XX001') return message;
    throw error;
  }
}
