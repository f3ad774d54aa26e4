import { type BackupKind, backupKinds } from './kind.ts';

/** A target as part of a file name or an object key: what those can't carry safely becomes a dash. */
export function safeTarget(target: string): string {
  return (
    target
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 80) || 'database'
  );
}

/** `{target}-{kind}-{YYYYMMDD-HHMMSS}` in UTC; `turn` from 2 on tells apart backups of the same second. */
export function backupName(target: string, kind: BackupKind, at: Date, turn = 1): string {
  return `${safeTarget(target)}-${kind}-${stamp(at)}${turn > 1 ? `-${turn}` : ''}`;
}

/** `YYYYMMDD-HHMMSS` in UTC. */
export function stamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

/** What a backup's name says; undefined for a name that does not follow the pattern. */
export function parseName(
  name: string,
): { readonly target: string; readonly kind: BackupKind; readonly at: Date } | undefined {
  const match = new RegExp(
    `^(.+)-(${backupKinds.join('|')})-(\\d{4})(\\d\\d)(\\d\\d)-(\\d\\d)(\\d\\d)(\\d\\d)(?:-\\d+)?$`,
  ).exec(name);
  if (match === null) return undefined;
  const [, target, kind, year, month, day, hour, minute, second] = match;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : { target: target!, kind: kind as BackupKind, at };
}
