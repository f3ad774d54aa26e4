import { describe, expect, test } from 'vitest';
import type { BackupError } from '../../../src/backup/error.ts';
import { isRemote, parseAddress } from '../../../src/backup/stores/address.ts';
import { openObjects } from '../../../src/backup/stores/open.ts';

describe('an address', () => {
  test.each([
    ['/var/backups', { kind: 'directory', folder: '/var/backups' }],
    ['backups', { kind: 'directory', folder: 'backups' }],
    ['file:///var/my%20backups', { kind: 'directory', folder: '/var/my backups' }],
    [
      's3://acme-backups/team/shop/?region=eu-central-1&storage-class=STANDARD_IA',
      {
        kind: 's3',
        bucket: 'acme-backups',
        prefix: 'team/shop/',
        region: 'eu-central-1',
        pathStyle: false,
        storageClass: 'STANDARD_IA',
        checksums: 'WHEN_SUPPORTED',
      },
    ],
    [
      's3://b?endpoint=https://0123.r2.cloudflarestorage.com&credentials=R2',
      { prefix: '', region: 'auto', pathStyle: true, checksums: 'WHEN_REQUIRED', credentials: 'R2' },
    ],
    [
      's3://b?endpoint=https://minio.internal:9000&path-style=false&checksums=when-supported&part-size=64',
      { region: 'us-east-1', pathStyle: false, checksums: 'WHEN_SUPPORTED', partBytes: 64 * 1024 * 1024 },
    ],
    [
      'cloudinary://acme/backups',
      { kind: 'cloudinary', cloud: 'acme', prefix: 'backups/', credentials: 'CLOUDINARY' },
    ],
  ])('%s', (text, expected) => {
    expect(parseAddress(text)).toMatchObject(expected);
  });

  test.each([
    ['s3://', /followed by the name of a bucket/],
    ['s3://key:secret@bucket', /holds no credentials/],
    ['cloudinary://123:secret@cloud', /holds no credentials/],
    ['gs://bucket', /gs:\/\/ is no kind of store/],
    ['s3://b?endpoint=minio.internal', /endpoint is an https/],
    ['s3://b?path-style=yes', /path-style is true or false/],
    ['s3://b?part-size=4', /part-size is a number from 5/],
    ['s3://b?secret=x', /secret is no setting/],
    ['s3://b?credentials=a b', /beginning of variable names/],
  ])('%s is refused', (text, words) => {
    expect(() => parseAddress(text)).toThrow(words);
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ kind: 'url' } satisfies Partial<BackupError>),
    );
    expect(() => parseAddress(text)).not.toThrow(/key:secret|123:secret/);
  });

  test('a Windows path or a plain name is a folder', () => {
    expect([isRemote('C:\\backups'), isRemote('./s3'), isRemote('s3://b')]).toEqual([false, false, true]);
  });

  test('a folder is no object store', async () => {
    await expect(openObjects('/tmp', {})).rejects.toThrow(/is a folder/);
  });
});
