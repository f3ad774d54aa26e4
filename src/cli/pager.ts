import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { sanitise } from '../terminal/sanitise.ts';

/** A line that is longer is sanitised in pieces; a sequence that is cut in two loses its effect all the same. */
const longestLine = 64 * 1024;

/**
 * Shows a recorded output in `$PAGER` (less without one) and resolves when it is left. The terminal must be free. What
 * the pager gets is sanitised: some of them hand every byte on. It reads as far as the reader does, and
 * ends when `signal` is aborted. Throws where there is no such pager.
 */
export async function showInPager(
  file: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const program = environment.PAGER?.trim() || 'less';
  const child = spawn('/bin/sh', ['-c', program], {
    env: environment,
    stdio: ['pipe', 'inherit', 'inherit'],
    ...(signal ? { signal } : {}),
  });
  child.on('error', () => undefined);
  const ended = once(child, 'close') as Promise<[number | null]>;
  // Who leaves in the middle closes the pipe; that is no error.
  const poured = pipeline(createReadStream(file), sanitising(), child.stdin!).catch(() => undefined);
  const [code] = await ended;
  await poured;
  if (code === 127)
    throw new Error(`the pager ${program} was not found. Set PAGER to one that is installed.`);
}

/** Line by line, so that no sequence can reach from one chunk into the next. */
function sanitising(): Transform {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = rest + decoder.write(chunk);
      const lines = text.lastIndexOf('\n') + 1;
      const end = lines === 0 && text.length > longestLine ? text.length : lines;
      rest = text.slice(end);
      done(null, sanitise(text.slice(0, end)));
    },
    flush(done) {
      done(null, sanitise(rest + decoder.end()));
    },
  });
}
