import { resolve } from 'node:path';
import type { SinkSettings } from '../../settings/sink-settings.ts';
import { toDiscord, toSlack } from './chat.ts';
import { toFolder } from './folder.ts';
import { toSendgrid, toSmtp } from './mail.ts';
import type { Message, World } from './sink.ts';
import { toStore } from './store.ts';
import { toWebhook } from './webhook.ts';

/** Brings a message to its place. Throws an Error whose message says why not, without a secret in it. */
export async function deliver(sink: SinkSettings, message: Message, world: World): Promise<void> {
  switch (sink.kind) {
    case 'folder':
      return toFolder(resolve(world.base, sink.folder), sink.commit, message, new Date());
    case 's3': {
      const address = await world.secret(sink.store);
      const store = await world.openObjects(
        /^\w+:\/\//.test(address) ? address : resolve(world.base, address),
      );
      try {
        return await toStore(store, message, world);
      } finally {
        store.close();
      }
    }
    case 'slack':
      return toSlack(await world.secret(sink.url), message, world);
    case 'discord':
      return toDiscord(await world.secret(sink.url), message, world);
    case 'smtp': {
      const password = sink.password === undefined ? undefined : await world.secret(sink.password);
      return toSmtp(await world.secret(sink.server), password, sink, message, world);
    }
    case 'sendgrid':
      return toSendgrid(sink.service, await world.secret(sink.key), sink, message, world);
    case 'webhook': {
      const authorization =
        sink.authorization === undefined ? undefined : await world.secret(sink.authorization);
      return toWebhook(await world.secret(sink.url), authorization, message, world);
    }
  }
}
