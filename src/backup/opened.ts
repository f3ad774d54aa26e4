import { decrypted } from './age.ts';
import type { Backup } from './catalog.ts';
import { BackupError } from './error.ts';
import type { Store } from './store.ts';

/**
 * The dump inside a backup's stored bytes: decrypted where it is encrypted, with the keys of its store. Throws a
 * `BackupError` of kind `denied` where the store has none, and as `decrypted` does.
 */
export function opened(
  store: Store,
  backup: Backup,
  stored: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (!backup.encrypted) return stored;
  const recipients = backup.manifest?.encryption?.recipients;
  if (store.keys === undefined)
    throw new BackupError(
      'denied',
      `${backup.name} is encrypted${recipients === undefined ? '' : ` to ${recipients.join(', ')}`}. Give an identity that opens it: --identity file:PATH or env:NAME, or set BACKUP_IDENTITY.`,
    );
  return decrypted(stored, store.keys.identities, backup.location);
}
