/** How a long command that has ended calls: by a notification of the desktop with the bell, by the bell, not at all. */
export const notificationWays = ['desktop', 'bell', 'off'] as const;

/** Whether and when the end of a command calls the operator back. */
export interface Notifications {
  readonly way: (typeof notificationWays)[number];
  /** Commands that take longer than this do, in seconds. */
  readonly after: number;
}

export const usualNotifications: Notifications = { way: 'desktop', after: 30 };
