/** Errors whose message is written for the operator, by the name of their class. */
const spoken = new Set(['SettingsError', 'JournalFault', 'SandboxProblem', 'BackupError', 'BackupFault']);

const reasons: Record<string, string> = {
  ENOENT: 'it is not there',
  EACCES: 'no right to it',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full: free some space and try again',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go in a circle',
};

/** The sentence for an error that a person can act on; undefined for a fault in the program. */
export function sentenceOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (spoken.has(error.name)) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = code && reasons[code];
  return reason ? `${path ?? 'a file'}: ${reason}` : undefined;
}
