import { z } from 'zod';
import { once } from './create.ts';
import type { Store } from './store.ts';

/** Keeps a backup from retention, as `{name}.pin.json` beside it. */
export const pinSchema = z.object({
  schema: z.literal(1),
  backup: z.string(),
  reason: z.string(),
  /** UTC, ISO 8601. */
  at: z.iso.datetime(),
  /** The pin ends then; absent where it stays until it is taken away. */
  until: z.iso.datetime().optional(),
});

export type Pin = z.infer<typeof pinSchema>;

/** The file of a backup's pin. */
export function pinFile(name: string): string {
  return `${name}.pin.json`;
}

/** True while a pin holds. */
export function holds(pin: Pin | undefined, now: Date): pin is Pin {
  return pin !== undefined && (pin.until === undefined || new Date(pin.until) > now);
}

/** Pins a backup; an earlier pin of it is replaced. */
export async function pinBackup(store: Store, name: string, reason: string, until?: Date): Promise<Pin> {
  const pin: Pin = {
    schema: 1,
    backup: name,
    reason,
    at: new Date().toISOString(),
    ...(until === undefined ? {} : { until: until.toISOString() }),
  };
  await store.remove(pinFile(name));
  await store.write(pinFile(name), once(`${JSON.stringify(pin)}\n`));
  return pin;
}

/** Takes a pin away; quiet where there is none. */
export async function unpinBackup(store: Store, name: string): Promise<void> {
  await store.remove(pinFile(name));
}
