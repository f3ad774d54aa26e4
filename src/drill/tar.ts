/** A file of an archive. */
export interface TarFile {
  /** With `/` between folders; at most 100 bytes of ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

const block = 512;

/**
 * Files as one archive in the ustar format (POSIX.1-1988, "ustar Interchange Format"), which every `tar` unpacks. For
 * files that fit into memory. Throws a `RangeError` for a name or a size that the format has no room for.
 */
export function tarOf(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap(({ name, bytes, modifiedAt }) => [
    header(name, bytes.length, modifiedAt),
    bytes,
    Buffer.alloc((block - (bytes.length % block)) % block),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(name: string, size: number, modifiedAt: Date): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new RangeError(`${name} is no name for a tar archive`);
  if (size >= 8 ** 11) throw new RangeError(`${name} is too large for a tar archive`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii');
  bytes.write(name, 0, 'ascii');
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.floor(modifiedAt.getTime() / 1000), 136, 12);
  // The sum counts its own field as blanks.
  bytes.write(' '.repeat(8), 148, 'ascii');
  bytes.write('0', 156, 'ascii');
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return bytes;
}
