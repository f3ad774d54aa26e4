import { close, constants, open } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execa } from 'execa';

/** The descriptors of a pipe: the writing end for a child, the reading end for us. */
export interface Pipe {
  readonly reading: number;
  readonly writing: number;
  /** Closes the writing end here: as soon as the child has it, or the reader never ends. */
  close(): Promise<void>;
}

/**
 * Makes real pipes for a child's outputs. Node's own are socket pairs, on which `> /dev/stderr` and
 * `tee /dev/stdout` fail with ENXIO, so two FIFOs are opened at both ends and unlinked at once.
 * Throws where the folder's file system has no FIFOs.
 */
export async function makePipes(folder: string, names: readonly string[]): Promise<Pipe[]> {
  const paths = names.map((name) => join(folder, name));
  await execa('mkfifo', ['-m', '600', ...paths], { env: { LC_ALL: 'C' } });
  return await Promise.all(
    paths.map(async (path) => {
      // Plain descriptors: the socket owns the one, and a FileHandle would close it a second time when collected.
      const reading = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const writing = await promisify(open)(path, constants.O_WRONLY);
      await rm(path);
      return { reading, writing, close: () => promisify(close)(writing) };
    }),
  );
}

/** Reads a pipe in large pieces into one buffer that is used again: `take` must copy what it keeps. */
export function readPipe(reading: number, take: (bytes: Uint8Array) => void): Socket {
  const options = {
    fd: reading,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafeSlow(64 * 1024),
      callback: (length: number, buffer: Uint8Array) => {
        take(buffer.subarray(0, length));
        return true;
      },
    },
  };
  const socket = new Socket(options);
  socket.resume();
  return socket;
}
