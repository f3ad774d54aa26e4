import type { Target } from '../run/target.ts';
import { superuser } from './connection.ts';
import { type Place, port } from './place.ts';
import { database } from './sample/seed.ts';
import { providerVariables } from './simulated/world.ts';

/** The sandbox's name as a target, in runs and in its store. */
export const targetName = 'sandbox';

/**
 * A connection URL of the sandbox, for libpq (`psql`, `pg_dump`, `pg_restore`) and node-postgres alike. No password
 * exists: who may enter the socket's folder may connect. The port is named because `PGPORT` would count else.
 */
export function urlOf(place: Pick<Place, 'socket'>, name: string): string {
  return `postgresql:///${encodeURIComponent(name)}?host=${encodeURIComponent(place.socket).replaceAll('%2F', '/')}&port=${port}&user=${superuser}`;
}

/** What the commands of a run find in their environment. */
export function variablesOf(place: Place, applicationUrl: string): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: urlOf(place, database),
    ADMIN_URL: urlOf(place, 'postgres'),
    DATABASE_NAME: database,
    BACKUP_DIR: place.store,
    APP_URL: applicationUrl,
    HEALTH_URL: `${applicationUrl}/health/ready`,
    PGHOST: place.socket,
    PGPORT: String(port),
    PGUSER: superuser,
    ...providerVariables(place.home),
  };
}

/** The sandbox as a run knows it. */
export function targetOf(place: Place, applicationUrl: string): Target {
  return {
    name: targetName,
    environment: 'sandbox',
    engine: 'postgres',
    database,
    address: place.socket,
    tags: ['sandbox'],
    health: `${applicationUrl}/health/ready`,
    objectives: { rto: 30 * 60, rpo: 24 * 3600 },
  };
}
