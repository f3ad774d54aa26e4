/** Why a backup was made. */
export const backupKinds = [
  'scheduled',
  'on-demand',
  'emergency',
  'pre-deployment',
  'pre-restore',
  'incident',
] as const;

export type BackupKind = (typeof backupKinds)[number];
