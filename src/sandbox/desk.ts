import pg from 'pg';

/**
 * One connection of the sample application, held open and opened again by itself after it was lost: terminated, the
 * database renamed, the server restarted.
 */
export interface Desk {
  readonly connected: () => boolean;
  /** Runs the task on the connection; undefined where there is none at the moment or it was lost. */
  readonly use: <T>(task: (client: pg.Client) => Promise<T>) => Promise<T | undefined>;
  /** Gives the connection back; it is opened again when it is needed. */
  readonly rest: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Pause before a lost connection is opened again, ms. */
const pause = 250;

/** Opens a desk. While `resting` a lost connection stays lost: an application in maintenance has nothing to ask. */
export function openDesk(
  settings: pg.ClientConfig,
  resting: () => boolean,
  onError: (error: Error) => void,
): Desk {
  let client: pg.Client | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const lose = (lost: pg.Client) => {
    if (client === lost) client = undefined;
    lost.end().catch(() => {});
    if (!closed && timer === undefined) timer = setTimeout(again, pause);
  };

  const again = () => {
    if (resting()) timer = setTimeout(again, pause);
    else connect();
  };

  const connect = () => {
    timer = undefined;
    if (closed) return;
    const next = new pg.Client(settings);
    let lost = false;
    const once = (error?: Error) => {
      if (lost) return;
      lost = true;
      if (error) onError(error);
      lose(next);
    };
    next.on('error', once);
    next.on('end', () => once());
    next.connect().then(
      () => {
        if (closed || lost) once();
        else client = next;
      },
      (error) => once(error),
    );
  };
  connect();

  return {
    connected: () => client !== undefined,
    use: async (task) => {
      const used = client;
      if (used === undefined) return undefined;
      try {
        return await task(used);
      } catch (error) {
        onError(error as Error);
        return undefined;
      }
    },
    rest: async () => {
      await client?.end().catch(() => {});
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
