import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: what the other side reads of it is the test's business
  readonly body: any;
}

/** What the server answers to a request; `cut` closes the connection without a word. */
export type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'cut' | 'silence';

/** An HTTP server on a free port of this machine; answers 200 until `answer` says otherwise. */
export async function listenHttp(): Promise<{
  readonly url: string;
  readonly received: Received[];
  answer: (request: Received) => Answer;
}> {
  const received: Received[] = [];
  const listener = { url: '', received, answer: (_: Received): Answer => ({ status: 200, body: 'ok' }) };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const got = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) };
      const answer = listener.answer(got);
      received.push(got);
      if (answer === 'silence') return;
      if (answer === 'cut') return void request.socket.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  listener.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return listener;
}

/** A mail server that speaks enough of SMTP (RFC 5321) to take letters. */
export async function listenSmtp(): Promise<{
  readonly url: string;
  readonly letters: { from: string; to: string[]; data: string }[];
  refuse: string | undefined;
}> {
  const listener = {
    url: '',
    letters: [] as { from: string; to: string[]; data: string }[],
    refuse: undefined as string | undefined,
  };
  const server = createNetServer((socket) => {
    let letter = { from: '', to: [] as string[], data: '' };
    let inData = false;
    let left = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    socket.on('error', () => {});
    say('220 here');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = `${left}${chunk}`.split('\r\n');
      left = lines.pop()!;
      for (const line of lines) {
        if (inData) {
          if (line === '.') {
            inData = false;
            listener.letters.push(letter);
            letter = { from: '', to: [], data: '' };
            say('250 taken');
          } else letter.data += `${line}\n`;
        } else if (/^(EHLO|HELO)/i.test(line)) say('250 here');
        else if (/^MAIL FROM/i.test(line)) {
          letter.from = line;
          say(listener.refuse ?? '250 ok');
        } else if (/^RCPT TO/i.test(line)) {
          letter.to.push(line);
          say('250 ok');
        } else if (/^DATA/i.test(line)) {
          inData = true;
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  listener.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return listener;
}
