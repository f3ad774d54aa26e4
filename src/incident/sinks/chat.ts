import { postJson } from './post.ts';
import { type Message, spokenText, type World } from './sink.ts';

/** Longest text of one message (Discord, "Execute Webhook": `content`, up to 2000 characters). */
const discordMost = 2000;

/** Slack, incoming webhook: `{"text"}`, where `&`, `<` and `>` are escaped so that nothing in it becomes a mention. */
export async function toSlack(url: string, message: Message, world: World): Promise<void> {
  const text = spokenText(message, world)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  await postJson(url, { text }, world.signal);
}

/** Discord, webhook: `content`, and nobody is mentioned whatever stands in it. */
export async function toDiscord(url: string, message: Message, world: World): Promise<void> {
  const text = spokenText(message, world);
  // Discord counts characters as JavaScript does not: emoji once. Cutting by code units stays below.
  const content = text.length > discordMost ? `${text.slice(0, discordMost - 1).toWellFormed()}…` : text;
  await postJson(url, { content, allowed_mentions: { parse: [] } }, world.signal);
}
