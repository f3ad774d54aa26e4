import { open } from 'node:fs/promises';
import { OutputScreen } from '../execution/output-screen.ts';

/** As much as a screen needs, in bytes; the viewer reads the file itself. */
const most = 256 * 1024;

/** The last rows of a recorded output as a terminal of that width shows them; none where nothing was recorded. */
export async function recordedOutput(
  file: string,
  rows: number,
  columns: number,
): Promise<readonly string[]> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - most);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const screen = new OutputScreen();
    screen.add(buffer.subarray(0, bytesRead));
    const tail = screen.tail(rows, columns);
    screen.dispose();
    return tail;
  } finally {
    await handle.close();
  }
}
