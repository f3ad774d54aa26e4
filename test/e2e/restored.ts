import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { databases, type SandboxFacts, sql } from './desk.ts';

/** What the sandbox planted after its backup, and what the backup holds. */
export async function members(url: string): Promise<{ readonly all: number; readonly late: number }> {
  const [row] = await sql(
    url,
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE email LIKE '%@after-backup.example')::int AS late FROM members`,
  );
  return row as { all: number; late: number };
}

export async function membersOfBackup({ store }: SandboxFacts): Promise<number> {
  const manifest = (await readdir(store)).find((name) => name.endsWith('.manifest.json'))!;
  const { contents } = JSON.parse(await readFile(join(store, manifest), 'utf8'));
  return contents.tables.find((table: { name: string }) => table.name === 'members').rows;
}

export const ready = async ({ application }: SandboxFacts) =>
  (await fetch(`${application}/health/ready`)).status;

/** What must be true of the database after a restore, whoever ran it. */
export async function restored(at: SandboxFacts): Promise<void> {
  expect(await members(at.url)).toEqual({ all: await membersOfBackup(at), late: 0 });
  const [purged] = await sql(
    at.url,
    "SELECT count(*)::int AS n FROM audit_logs WHERE action = 'members.purged'",
  );
  expect(purged).toEqual({ n: 0 });

  // The audit log still refuses what it refused.
  await expect(sql(at.url, 'UPDATE audit_logs SET actor = actor')).rejects.toThrow(/append-only/);
  await expect(sql(at.url, 'DELETE FROM audit_logs')).rejects.toThrow(/append-only/);
  await expect(sql(at.url, 'TRUNCATE audit_logs')).rejects.toThrow(/append-only/);

  // The database that was live is the way back: kept, and closed.
  const all = await databases(at.url);
  const old = Object.keys(all).filter((name) => name.startsWith('members_old_'));
  expect(all).toEqual({ members: true, [old[0]!]: false });
  await expect(sql(at.url.replace('/members?', `/${old[0]}?`), 'SELECT 1')).rejects.toThrow(
    /not currently accepting connections/,
  );
  expect(await ready(at)).toBe(200);
}
