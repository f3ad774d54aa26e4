import { setImmediate } from 'node:timers/promises';

/** A terminal that somebody sits at. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/**
 * Prints a line and waits for Enter, so that what a program left on the screen can be read. Every other key is swallowed,
 * and so is what was typed ahead: none may reach the screen that comes back. Resolves at once where there is no terminal,
 * and when the input ends.
 */
export async function waitForEnter({ input, output }: Terminal, sentence: string): Promise<void> {
  if (!input.isTTY) return;
  const wasRaw = input.isRaw === true;
  output.write(`\r\n${sentence}`);
  input.setRawMode(true);
  await new Promise<void>((resolve) => {
    const finish = () => {
      input.off('data', read);
      input.off('end', finish);
      resolve();
    };
    // Raw mode: Enter is a carriage return, and Ctrl+C and Ctrl+D are keys that mean "enough" too.
    const read = (keys: Buffer | string) => {
      if (/[\r\n\x03\x04]/.test(keys.toString())) finish();
    };
    input.on('data', read);
    input.once('end', finish);
    // Whoever had the terminal before may have let the process end without it.
    input.ref();
    input.resume();
  });
  input.pause();
  await setImmediate();
  while (input.read() !== null);
  input.setRawMode(wasRaw);
  output.write('\r\n');
}
