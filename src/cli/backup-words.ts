import { type Backup, targetOf } from '../backup/catalog.ts';
import { qualified, totalRows } from '../backup/contents.ts';
import { isVerified } from '../backup/verification.ts';
import { bytesText, tableText } from './backup-output.ts';

/** What a report says of any backup. */
export function reported(one: Backup) {
  return {
    name: one.name,
    ...(one.manifest === undefined
      ? {}
      : { kind: one.manifest.kind, sha256: one.manifest.sha256, database: one.manifest.server.database }),
    location: one.location,
    bytes: one.bytes,
    takenAt: one.takenAt.toISOString(),
  };
}

/** In one word or two, how far a backup can be trusted. */
export function state(one: Backup): string {
  if (one.damage !== undefined) return 'DAMAGED';
  if (one.verifications.at(-1)?.passed === false) return 'FAILED VERIFICATION';
  const last = one.verifications.at(-1);
  const verified = isVerified(one.verifications) ? `verified ${time(new Date(last!.at))}` : 'not verified';
  if (one.manifest === undefined) return `${verified}, no manifest`;
  return one.manifest.selection === undefined ? verified : `${verified}, partial`;
}

/** A backup as `list --json` gives it: the manifest in short. */
export function summary(one: Backup) {
  const { manifest, verifications, ...rest } = one;
  return {
    ...rest,
    ...reported(one),
    target: targetOf(one),
    verified: one.damage === undefined && isVerified(verifications),
    verifications,
    manifest: manifest !== undefined,
    ...(manifest === undefined
      ? {}
      : {
          tables: manifest.contents.tables.length,
          rows: totalRows(manifest.contents),
          partial: manifest.selection !== undefined,
        }),
  };
}

/** A backup as `show` prints it. */
export function description(one: Backup): string {
  const { manifest } = one;
  const lines = [
    `${one.name}: ${state(one)}`,
    `  ${one.location}`,
    `  ${bytesText(one.bytes)}, ${one.format}${one.encrypted ? ', encrypted' : ''}, taken ${one.takenAt.toISOString()}`,
  ];
  if (one.damage !== undefined) lines.push(`  ${one.damage}`);
  for (const result of one.verifications)
    lines.push(`  ${result.passed ? 'verified' : 'FAILED'} (${result.level}) ${result.at}`);
  if (manifest === undefined)
    return [
      ...lines,
      ...(one.damage === undefined ? ['  It has no manifest: somebody else made it.'] : []),
    ].join('\n');
  const { contents } = manifest;
  lines.push(
    `  ${manifest.kind} of ${manifest.server.database} on ${manifest.server.address}, PostgreSQL ${manifest.server.version}, system ${manifest.server.system ?? 'not readable'}`,
    `  ${contents.tables.length} tables, ${totalRows(contents)} rows, ${contents.indexes.length} indexes, ${contents.triggers.length} triggers, ${contents.extensions.length} extensions`,
    `  SHA-256 ${manifest.sha256}`,
    ...(manifest.encryption === undefined
      ? []
      : [`  encrypted with ${manifest.encryption.method} to ${manifest.encryption.recipients.join(', ')}`]),
    ...(manifest.copied === undefined ? [] : [`  copied from ${manifest.copied.from} ${manifest.copied.at}`]),
    ...manifest.warnings.map((warning) => `  Warning: ${warning}`),
  );
  const rows = contents.tables.filter((table) => table.rows !== undefined);
  const table = [
    ['table', 'rows', 'newest'],
    ...rows.map((each) => [qualified(each), String(each.rows), each.newest?.value ?? '']),
  ];
  return [...lines, '', tableText(table, [1])].join('\n');
}

/** `2026-01-31 12:00`, UTC. */
export function time(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
