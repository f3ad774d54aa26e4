/** A journal, a lock or an entry that could not be read or written. The message names the file and what to do. */
export class JournalFault extends Error {
  readonly file: string;
  /** The system's error code (`ENOSPC`, `EROFS`), where there was one. */
  readonly code: string | undefined;

  constructor(message: string, file: string, code?: string) {
    super(message);
    this.name = 'JournalFault';
    this.file = file;
    this.code = code;
  }
}

/** The code of a system error, if it is one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * A system error as a sentence for a person: what could not be done to which file, why, and what to do next.
 * `doing` completes "could not be …": `written`, `created`, `read`.
 */
export function diskFault(error: unknown, file: string, doing: string): JournalFault {
  if (error instanceof JournalFault) return error;
  const code = errorCode(error);
  const why = explanation(code) ?? (error instanceof Error ? error.message : String(error));
  return new JournalFault(`${file} could not be ${doing}: ${why}.`, file, code);
}

function explanation(code: string | undefined): string | undefined {
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full. Free some space on it (df -h shows which disk), then try again; what was recorded before is safe';
    case 'EDQUOT':
      return "this user's disk quota is used up. Free some space, then try again; what was recorded before is safe";
    case 'EFBIG':
      return 'the file would grow beyond the limit set for this shell. Raise it (ulimit -f unlimited) and resume';
    case 'EROFS':
      return 'it is on a read-only file system. Remount it for writing, or choose another folder (XDG_STATE_HOME)';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not do that. Check the owner and the mode of the file and of its folder (ls -la)';
    case 'EIO':
      return "the disk reported an error. Copy the run's folder to another disk before anything else, then resume from the copy";
    case 'ENOENT':
      return 'it does not exist. Check the path, and whether somebody removed the folder';
    case 'ENOTDIR':
      return 'a part of the path is a file, not a folder';
    case 'EISDIR':
      return 'it is a folder, not a file';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open. Close other programs or raise the limit (ulimit -n), then try again';
    default:
      return undefined;
  }
}
