import { SinkError } from './sink.ts';

/** More of an answer than anybody needs to see. */
const mostAnswer = 200;

/**
 * POSTs JSON and resolves where the answer is a 2xx. Throws a `SinkError` otherwise, with the beginning of what the
 * other side said; the URL is not in it, for it may be the secret. Redirects are not followed: what is posted belongs
 * to the address that was configured.
 */
export async function postJson(
  url: string,
  body: unknown,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    throw new SinkError(signal.aborted ? 'no answer came in time' : reasonOf(error));
  }
  const said = await answer.text().catch(() => '');
  if (answer.ok) return;
  const wait = Number(answer.headers.get('retry-after'));
  const words = said.replaceAll(/\s+/g, ' ').trim().slice(0, mostAnswer);
  throw new SinkError(
    `the answer was ${answer.status}${words ? `: ${words}` : ''}`,
    Number.isFinite(wait) && wait > 0 ? wait : undefined,
  );
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'nobody answers there (connection refused)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name is not known (no network, or a wrong address)';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection was cut';
    default:
      return code ?? 'it cannot be reached';
  }
}
