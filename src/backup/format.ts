/**
 * How a dump is stored. `custom` and `plain` are what pg_dump writes, `directory` is its folder in a tar (a tar
 * unpacks with any `tar`, and a store then holds one object a backup), `tar` is pg_dump's own tar format, `sqlite` is a
 * whole SQLite file.
 */
export const backupFormats = [
  'custom',
  'directory',
  'plain',
  'plain-gzip',
  'plain-zstd',
  'tar',
  'sqlite',
] as const;

export type BackupFormat = (typeof backupFormats)[number];

const endings: readonly (readonly [string, BackupFormat])[] = [
  ['.dir.tar', 'directory'],
  ['.sql.gz', 'plain-gzip'],
  ['.sql.zst', 'plain-zstd'],
  ['.dump', 'custom'],
  ['.sql', 'plain'],
  ['.tar', 'tar'],
  ['.sqlite', 'sqlite'],
  // How others name their copies.
  ['.sqlite3', 'sqlite'],
  ['.db', 'sqlite'],
];

/** Comes after the ending of the format. */
export const encryptedEnding = '.age';

/** The file ending of a format, with its dot. */
export function endingOf(format: BackupFormat): string {
  return endings.find(([, known]) => known === format)![0];
}

/** Splits a stored file's name; undefined where its ending is not that of a dump. */
export function splitFile(
  file: string,
): { readonly name: string; readonly format: BackupFormat; readonly encrypted: boolean } | undefined {
  const encrypted = file.endsWith(encryptedEnding);
  const inner = encrypted ? file.slice(0, -encryptedEnding.length) : file;
  for (const [ending, format] of endings)
    if (inner.endsWith(ending) && inner.length > ending.length)
      return { name: inner.slice(0, -ending.length), format, encrypted };
  return undefined;
}
