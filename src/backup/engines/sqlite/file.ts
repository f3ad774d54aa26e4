import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackupError } from '../../error.ts';

/** True for a URL that names an SQLite file: `sqlite:shop.db`, `sqlite:///srv/shop.db`. */
export function isSqlite(url: string): boolean {
  return /^sqlite3?:/i.test(url.trim());
}

/**
 * The absolute path behind `sqlite:PATH` (relative to the working directory), `sqlite:///PATH` as frameworks write it,
 * with an optional query that is not ours. Throws a `BackupError` where the URL names no file.
 */
export function sqliteFile(url: string): string {
  const rest = url
    .trim()
    .replace(/^sqlite3?:/i, '')
    .replace(/[?#].*$/s, '');
  const path = rest.startsWith('//') ? fromAuthority(rest) : rest;
  if (path === '' || path === ':memory:' || path.endsWith('/') || path.includes('\0'))
    throw new BackupError(
      'url',
      'The SQLite URL names no file. Write sqlite:PATH, e.g. sqlite:/srv/shop/shop.db.',
    );
  return resolve(decode(path));
}

/** What phrases and backups call the database: the name of its file. */
export function sqliteName(url: string): string {
  return basename(sqliteFile(url));
}

function fromAuthority(rest: string): string {
  const [, host = '', path = ''] = /^\/\/([^/]*)(\/.*)?$/s.exec(rest) ?? [];
  if (host !== '' && host !== 'localhost')
    throw new BackupError(
      'url',
      `The SQLite URL names a host (${host}). A file is meant: three slashes for an absolute path, e.g. sqlite:///srv/shop.db.`,
    );
  return path;
}

function decode(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return path.startsWith('/') ? fileURLToPath(`file://${path}`) : decodeURIComponent(path);
  } catch {
    throw new BackupError(
      'url',
      'The SQLite URL has a percent sign that is not followed by two hexadecimal digits. Write %25 for a percent sign.',
    );
  }
}
