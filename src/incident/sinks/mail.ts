import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashLine } from '../../journal/line.ts';
import { postJson } from './post.ts';
import { type Message, SinkError, spokenText, type World } from './sink.ts';

interface Letter {
  readonly from: string;
  readonly to: readonly string[];
}

/** Milliseconds that a mail server may take for a greeting, a connection or an answer. */
const patience = 10_000;

/** An e-mail over SMTP; at the end of a run with the entry as an attachment. TLS as the server offers it. */
export async function toSmtp(
  server: string,
  password: string | undefined,
  { from, to }: Letter,
  message: Message,
  world: World,
): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const entry = await entryOf(message);
  const url = new URL(server);
  const user = decodeURIComponent(url.username);
  const secure = url.protocol === 'smtps:';
  const pass = password ?? decodeURIComponent(url.password);
  const transport = createTransport({
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // A password never travels in clear, unless it stays on this machine.
    requireTLS: !secure && user !== '' && !/^(localhost|127\.|\[?::1)/.test(url.hostname),
    ...(user === '' ? {} : { auth: { user, pass } }),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const stop = () => transport.close();
  world.signal.addEventListener('abort', stop, { once: true });
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: message.subject,
      text: spokenText(message, world),
      // The same for every try: mail programs show one of them.
      messageId: `<${hashLine(message.id).slice(0, 32)}@drillbook>`,
      ...(entry === undefined
        ? {}
        : { attachments: [{ filename: `${message.run}.md`, content: entry, contentType: 'text/markdown' }] }),
    });
  } catch (error) {
    throw new SinkError(error instanceof Error ? error.message : String(error));
  } finally {
    world.signal.removeEventListener('abort', stop);
    transport.close();
  }
}

/** An e-mail by SendGrid (`POST /v3/mail/send`, answered by 202). */
export async function toSendgrid(
  service: string,
  key: string,
  { from, to }: Letter,
  message: Message,
  world: World,
): Promise<void> {
  const entry = await entryOf(message);
  await postJson(
    new URL('/v3/mail/send', service).href,
    {
      personalizations: [{ to: to.map(address) }],
      from: address(from),
      subject: message.subject,
      content: [{ type: 'text/plain', value: spokenText(message, world) }],
      ...(entry === undefined
        ? {}
        : {
            attachments: [
              {
                content: entry.toString('base64'),
                filename: `${message.run}.md`,
                type: 'text/markdown',
                disposition: 'attachment',
              },
            ],
          }),
    },
    world.signal,
    { authorization: `Bearer ${key}` },
  );
}

/** `Name <a@b>` or `a@b`. */
function address(text: string): { readonly email: string; readonly name?: string } {
  const named = /^\s*"?([^"<]*?)"?\s*<([^>]+)>\s*$/.exec(text);
  if (!named) return { email: text.trim() };
  return named[1] ? { email: named[2]!.trim(), name: named[1] } : { email: named[2]!.trim() };
}

async function entryOf({ moment, folder }: Message): Promise<Buffer | undefined> {
  if (moment !== 'end') return undefined;
  return readFile(join(folder, 'entry.md')).catch(() => undefined);
}
