/** What the exit codes of every command mean. */
export const exitCodes: readonly (readonly [code: number, what: string])[] = [
  [0, 'done'],
  [1, 'failed: a command, a criterion or a finding'],
  [2, 'usage: what was given is not understood'],
  [3, 'needs a person: something that nobody else may decide'],
  [130, 'interrupted'],
];

/** What the environment says. */
export const environmentVariables: readonly (readonly [name: string, what: string])[] = [
  ['NO_COLOR', 'no colour; FORCE_COLOR wins over it'],
  ['CI', 'where it is set there is no person: nothing is asked'],
  ['PAGER', 'shows a recorded output (less)'],
  ['VISUAL, EDITOR', 'edits what init proposes (vi)'],
  ['DRILLBOOK_HOME', 'one folder for everything, instead of the XDG folders'],
  ['DRILLBOOK_OPERATOR', 'who is at the keyboard, for the journal'],
  ['XDG_STATE_HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME', 'where what is kept goes'],
  ['DATABASE_URL, BACKUP_DIR', 'database and store of the backup commands where no flag says another'],
  ['BACKUP_RECIPIENTS, BACKUP_IDENTITY', 'whom backups are encrypted to, and what opens them'],
];
