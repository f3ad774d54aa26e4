import { resolve } from 'node:path';
import { z } from 'zod';
import { isRemote, parseAddress } from '../backup/stores/address.ts';
import { holdsPassword } from './reference.ts';

/** A folder, or the address of a store elsewhere; never with credentials in it. */
export const storeAddress = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      parseAddress(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

/** Whom backups are encrypted to (public keys), and what opens them (a reference to the secret one). */
export const encryptionSettings = z.strictObject({
  /** Only the machines that make backups need it. `age1…`, or `file:PATH` and `env:NAME` with one a line. */
  recipients: z
    .array(
      z
        .string()
        .regex(/^(age1|file:|env:)/, 'a recipient is age1…, file:PATH or env:NAME')
        .refine((text) => !holdsPassword(text)),
    )
    .min(1)
    .optional(),
  /** Only the machines that restore need it. */
  identity: z
    .string()
    .regex(/^(file:|env:)/, 'an identity is secret: write file:PATH or env:NAME')
    .optional(),
});

/** A target's store and keys as variables of its commands; relative paths count from the settings' folder. */
export function storeVariables(
  settings: {
    readonly store?: string | undefined;
    readonly encryption?: z.output<typeof encryptionSettings> | undefined;
  },
  folder: string,
): Record<string, string> {
  const { store, encryption } = settings;
  const located = (reference: string) =>
    reference.startsWith('file:') ? `file:${resolve(folder, reference.slice(5))}` : reference;
  return {
    ...(store === undefined ? {} : { BACKUP_DIR: isRemote(store) ? store : resolve(folder, store) }),
    ...(encryption?.recipients === undefined
      ? {}
      : { BACKUP_RECIPIENTS: encryption.recipients.map(located).join(',') }),
    ...(encryption?.identity === undefined ? {} : { BACKUP_IDENTITY: located(encryption.identity) }),
  };
}
