import type { BackupFormat } from '../backup/format.ts';

/** The way through the monthly restore drill that ships which a stored dump wants: title of the option, and its tag. */
export interface FormatWay {
  readonly option: string;
  readonly tag: string;
}

const custom: FormatWay = { option: 'Option A: Custom format, .dump (sandbox, custom)', tag: 'custom' };
const text: FormatWay = { option: 'Option C: SQL text, .sql or .sql.gz (plain)', tag: 'plain' };

/** How a dump of that format is drilled; undefined where it is no dump of PostgreSQL. pg_restore tells its own formats apart. */
export function wayOfFormat(format: BackupFormat): FormatWay | undefined {
  switch (format) {
    case 'custom':
    case 'tar':
      return custom;
    case 'directory':
      return { option: 'Option B: Directory format in a tar, .dir.tar (directory)', tag: 'directory' };
    case 'plain':
    case 'plain-gzip':
      return text;
    case 'plain-zstd':
      return { option: 'Option D: SQL text packed with zstd, .sql.zst (zstd)', tag: 'zstd' };
    case 'sqlite':
      return undefined;
  }
}
