import { join } from 'node:path';
import { readJson } from '../heads.ts';
import { postJson } from './post.ts';
import type { Message, World } from './sink.ts';

/**
 * Posts `{schema: 1, event, id, run, …}`; at the end with the whole entry as `entry`. `Idempotency-Key` is the same
 * for every try of one message.
 */
export async function toWebhook(
  url: string,
  authorization: string | undefined,
  message: Message,
  world: World,
): Promise<void> {
  const { id, moment, run, mode, title, target, status, subject, text, head, at, folder } = message;
  const entry = moment === 'end' ? await readJson(join(folder, 'entry.json')) : undefined;
  await postJson(
    url,
    {
      schema: 1,
      event: moment,
      id,
      at,
      run,
      mode,
      title,
      ...(target === undefined ? {} : { target }),
      status,
      subject,
      text,
      head,
      ...(entry === undefined ? {} : { entry }),
    },
    world.signal,
    { 'idempotency-key': id, ...(authorization === undefined ? {} : { authorization }) },
  );
}
