/**
 * How a dump is stored. `custom` and `plain` are what pg_dump writes, `directory` is its folder in a tar (a tar
 * unpacks with any `tar`, and a store then holds one object a backup), `tar` is pg_dump's own tar format.
 */
export const backupFormats = ['custom', 'directory', 'plain', 'plain-gzip', 'tar'] as const;

export type BackupFormat = (typeof backupFormats)[number];

const endings: readonly (readonly [string, BackupFormat])[] = [
  ['.dir.tar', 'directory'],
  ['.sql.gz', 'plain-gzip'],
  ['.dump', 'custom'],
  ['.sql', 'plain'],
  ['.tar', 'tar'],
];

/** The file ending of a format, with its dot. */
export function endingOf(format: BackupFormat): string {
  return endings.find(([, known]) => known === format)![0];
}

/** Splits a stored file's name; undefined where its ending is not that of a dump. */
export function splitFile(
  file: string,
): { readonly name: string; readonly format: BackupFormat } | undefined {
  for (const [ending, format] of endings)
    if (file.endsWith(ending) && file.length > ending.length)
      return { name: file.slice(0, -ending.length), format };
  return undefined;
}
