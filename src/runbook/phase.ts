/** The part of a restore that a step belongs to, in the order in which a restore goes through them. */
export const phases = [
  'pre-check',
  'safety-backup',
  'maintenance-on',
  'disconnect',
  'restore',
  'verify',
  'maintenance-off',
  'follow-up',
] as const;

export type Phase = (typeof phases)[number];
