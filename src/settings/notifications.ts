import { z } from 'zod';
import { secondsOf } from './duration.ts';
import { type Notifications, notificationWays, usualNotifications } from './notification.ts';

const after = z
  .string()
  .refine((text) => secondsOf(text) !== undefined, { message: 'is not a duration such as 30s or 2m' })
  .transform((text) => secondsOf(text)!);
const stored = z.object({
  way: z.enum(notificationWays).default(usualNotifications.way),
  after: after.default(usualNotifications.after),
});

/** As the preferences have them. Throws a ZodError that names the fault. */
export function notificationsOf(given: unknown): Notifications {
  return stored.parse(given ?? {});
}
