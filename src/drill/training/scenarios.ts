import type { Scenario } from './scenario.ts';
import { connectionsExhausted } from './scenarios/connections.ts';
import { corruptBackup } from './scenarios/corrupt-backup.ts';
import { deletedRows } from './scenarios/deleted-rows.ts';
import { droppedTable } from './scenarios/dropped-table.ts';
import { failedMigration } from './scenarios/failed-migration.ts';
import { fullStore } from './scenarios/full-store.ts';
import { orphanedKey } from './scenarios/orphaned-key.ts';
import { replicaMistaken } from './scenarios/replica.ts';
import { walArchive } from './scenarios/wal-archive.ts';
import { wrongUrl } from './scenarios/wrong-url.ts';

/** Every scenario, the ones to begin with first. */
export const scenarios: readonly Scenario[] = [
  deletedRows,
  connectionsExhausted,
  fullStore,
  droppedTable,
  failedMigration,
  wrongUrl,
  orphanedKey,
  corruptBackup,
  replicaMistaken,
  walArchive,
];

/** The scenario of an id, or undefined. */
export function scenarioOf(id: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.id === id);
}
