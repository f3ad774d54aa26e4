import type { Transform, Writable } from 'node:stream';
import zlib from 'node:zlib';
import { BackupError } from './error.ts';

export type Compression = 'gzip' | 'zstd';

/** Compresses a plain dump. Throws a `BackupError` where this Node knows no zstd. */
export function compressor(compression: Compression): Transform {
  if (compression === 'gzip') return zlib.createGzip();
  // Unlike gzip, zstd adds a checksum only where it is asked to.
  return zstd('createZstdCompress')({ params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } });
}

/** The way back; throws as `compressor` does. */
export function decompressor(compression: Compression): Transform {
  return compression === 'gzip' ? zlib.createGunzip() : zstd('createZstdDecompress')();
}

/** Resolves when a stream takes more, or is closed and never will. */
export async function drained(stream: Writable): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.once('drain', go);
    stream.once('close', go);
  });
}

/** Node knows zstd since 22.15 and 23.8; until then the name is not there. */
function zstd<Name extends 'createZstdCompress' | 'createZstdDecompress'>(name: Name): (typeof zlib)[Name] {
  const make: (typeof zlib)[Name] | undefined = zlib[name];
  if (make === undefined)
    throw new BackupError(
      'tool',
      `zstd wants Node 22.15 or newer; this is ${process.version}. Use plain-gzip, or a newer Node.`,
    );
  return make;
}
