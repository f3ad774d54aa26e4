import { z } from 'zod';
import { secondsOf } from './duration.ts';

/** How a long command that has ended calls: by a notification of the desktop with the bell, by the bell, not at all. */
export const notificationWays = ['desktop', 'bell', 'off'] as const;

/** Whether and when the end of a command calls the operator back. */
export interface Notifications {
  readonly way: (typeof notificationWays)[number];
  /** Commands that take longer than this do, in seconds. */
  readonly after: number;
}

export const usualNotifications: Notifications = { way: 'desktop', after: 30 };

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
