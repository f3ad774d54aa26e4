import type { Engine } from './engine.ts';
import { postgresEngine } from './postgres/engine.ts';
import { databaseOf as postgresDatabase } from './postgres/login.ts';
import { sqliteEngine } from './sqlite/engine.ts';
import { isSqlite, sqliteName } from './sqlite/file.ts';

/** The engine that a database URL asks for: `sqlite:PATH`, else PostgreSQL. */
export function engineOf(url: string): Engine {
  return isSqlite(url) ? sqliteEngine : postgresEngine;
}

/** What phrases and backups call the database of a URL; undefined where it names none. */
export function databaseOf(url: string): string | undefined {
  return isSqlite(url) ? sqliteName(url) : postgresDatabase(url);
}
