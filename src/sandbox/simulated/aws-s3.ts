import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { awsUsage, choice, serviceRefusal } from './aws.ts';
import { type Address, bucketFolder, objectFile, objectsOf, s3Address } from './bucket.ts';
import { type Call, Refused } from './call.ts';
import { type Known, options } from './options.ts';
import type { World } from './world.ts';

const storageClasses = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

const transfer: Known = {
  recursive: 'flag',
  dryrun: 'flag',
  quiet: 'flag',
  'only-show-errors': 'flag',
  'storage-class': 'text',
  sse: 'text',
  'sse-kms-key-id': 'text',
  acl: 'text',
  include: 'texts',
  exclude: 'texts',
  delete: 'flag',
  'expected-size': 'text',
  'checksum-algorithm': 'text',
  'content-type': 'text',
  metadata: 'text',
};

/** `aws s3 ls|cp|mv|rm|sync|mb|rb|presign` on folders. */
export async function s3(
  call: Call,
  world: World,
  verb: string | undefined,
  args: readonly string[],
): Promise<number> {
  switch (verb) {
    case 'ls':
      return list(call, world, args);
    case 'cp':
    case 'mv':
      return copy(call, world, verb, args);
    case 'sync':
      return synchronise(call, world, args);
    case 'rm':
      return remove(call, world, args);
    case 'mb':
    case 'rb':
      return bucket(call, world, verb, args);
    default:
      throw choice('subcommand', verb, ['ls', 'cp', 'mv', 'rm', 'sync', 'mb', 'rb']);
  }
}

async function list(call: Call, world: World, args: readonly string[]): Promise<number> {
  const given = options(
    args,
    { recursive: 'flag', 'human-readable': 'flag', summarize: 'flag', 'page-size': 'text' },
    awsUsage,
  );
  const [path] = given.rest;
  if (path === undefined) {
    for (const name of await readdir(world.buckets)) call.print(`${name}\n`);
    return 0;
  }
  const address = addressIn(path);
  const all = await objectsOf(world, address, 'ListObjectsV2');
  const folder = address.key.slice(0, address.key.lastIndexOf('/') + 1);
  const prefixes = new Set<string>();
  let size = 0;
  for (const one of all) {
    const rest = one.key.slice(folder.length);
    size += one.size;
    if (!given.flag('recursive') && rest.includes('/')) {
      prefixes.add(rest.slice(0, rest.indexOf('/') + 1));
      continue;
    }
    const when = one.modified.toISOString().slice(0, 19).replace('T', ' ');
    call.print(`${when} ${String(one.size).padStart(10)} ${given.flag('recursive') ? one.key : rest}\n`);
  }
  for (const prefix of prefixes) call.print(`${'PRE'.padStart(30)} ${prefix}\n`);
  if (given.flag('summarize')) call.print(`\nTotal Objects: ${all.length}\n   Total Size: ${size}\n`);
  return all.length === 0 ? 1 : 0;
}

async function copy(call: Call, world: World, verb: 'cp' | 'mv', args: readonly string[]): Promise<number> {
  const given = options(args, transfer, awsUsage);
  const [from, to, ...more] = given.rest;
  if (from === undefined || to === undefined) throw awsUsage('the following arguments are required: paths');
  if (more.length > 0) throw awsUsage(`Unknown options: ${more.join(' ')}`);
  const storage = given.text('storage-class');
  if (storage !== undefined && !storageClasses.includes(storage))
    throw awsUsage(`argument --storage-class: Found invalid choice '${storage}'`);
  const source = s3Address(from);
  const destination = s3Address(to);
  if (!source && !destination)
    throw awsUsage(
      'usage: aws s3 cp <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>\nError: Invalid argument type',
    );
  for (const [a, b] of given.flag('recursive')
    ? await pairsBelow(world, from, to)
    : [[from, await destinationOf(from, to)] as const]) {
    if (!given.flag('dryrun')) await transferOne(call, world, a, b);
    if (verb === 'mv' && !given.flag('dryrun')) await removePath(world, a);
    if (!given.flag('quiet') && b !== '-')
      call.print(`${given.flag('dryrun') ? '(dryrun) ' : ''}${word(verb, a, b)}: ${a} to ${b}\n`);
  }
  return 0;
}

async function synchronise(call: Call, world: World, args: readonly string[]): Promise<number> {
  const given = options(args, transfer, awsUsage);
  const [from, to] = given.rest;
  if (from === undefined || to === undefined) throw awsUsage('the following arguments are required: paths');
  const pairs = await pairsBelow(world, from, to);
  for (const [a, b] of pairs) {
    const [before, after] = await Promise.all([sizeOf(world, a), sizeOf(world, b)]);
    if (before === after) continue;
    if (!given.flag('dryrun')) await transferOne(call, world, a, b);
    call.print(`${given.flag('dryrun') ? '(dryrun) ' : ''}${word('cp', a, b)}: ${a} to ${b}\n`);
  }
  if (given.flag('delete')) {
    const wanted = new Set(pairs.map(([, b]) => b));
    for (const [path] of await pairsBelow(world, to, from)) {
      if (wanted.has(path)) continue;
      if (!given.flag('dryrun')) await removePath(world, path);
      call.print(`${given.flag('dryrun') ? '(dryrun) ' : ''}delete: ${path}\n`);
    }
  }
  return 0;
}

async function remove(call: Call, world: World, args: readonly string[]): Promise<number> {
  const given = options(args, transfer, awsUsage);
  const path = given.rest[0];
  if (path === undefined) throw awsUsage('the following arguments are required: paths');
  const address = addressIn(path);
  const doomed = given.flag('recursive')
    ? (await objectsOf(world, address, 'ListObjectsV2')).map((one) => `s3://${address.bucket}/${one.key}`)
    : [path];
  for (const one of doomed) {
    if (!given.flag('dryrun')) await removePath(world, one);
    call.print(`${given.flag('dryrun') ? '(dryrun) ' : ''}delete: ${one}\n`);
  }
  return 0;
}

async function bucket(call: Call, world: World, verb: 'mb' | 'rb', args: readonly string[]): Promise<number> {
  const given = options(args, { force: 'flag' }, awsUsage);
  const name = addressIn(given.rest[0] ?? '').bucket;
  const folder = join(world.buckets, name);
  if (verb === 'mb') {
    if (!/^[a-z0-9][a-z0-9.-]{2,62}$/.test(name))
      throw serviceRefusal('InvalidBucketName', 'CreateBucket', 'The specified bucket is not valid.');
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw serviceRefusal('BucketAlreadyOwnedByYou', 'CreateBucket', name);
      throw error;
    });
    call.print(`make_bucket: ${name}\n`);
    return 0;
  }
  await bucketFolder(world, name, 'DeleteBucket');
  if (given.flag('force')) await rm(folder, { recursive: true });
  else
    await rmdir(folder).catch(() => {
      throw serviceRefusal('BucketNotEmpty', 'DeleteBucket', 'The bucket you tried to delete is not empty');
    });
  call.print(`remove_bucket: ${name}\n`);
  return 0;
}

/** Where one object or file goes: a folder or a prefix keeps its name. */
async function destinationOf(from: string, to: string): Promise<string> {
  if (to === '-') return to;
  const remote = s3Address(to);
  const name = basename(from);
  if (remote)
    return remote.key === '' || remote.key.endsWith('/') ? `s3://${remote.bucket}/${remote.key}${name}` : to;
  const found = await stat(to).catch(() => undefined);
  return found?.isDirectory() || to.endsWith('/') ? join(to, name) : to;
}

async function pairsBelow(
  world: World,
  from: string,
  to: string,
): Promise<readonly (readonly [string, string])[]> {
  const source = s3Address(from);
  const names = source
    ? (await objectsOf(world, source, 'ListObjectsV2')).map((one) =>
        one.key.slice(source.key.length).replace(/^\//, ''),
      )
    : (
        await readdir(from, { recursive: true, withFileTypes: true }).catch(() => {
          throw new Refused(`\nThe user-provided path ${from} does not exist.`, 255);
        })
      )
        .filter((entry) => entry.isFile())
        .map((entry) => relative(from, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const below = (path: string, name: string) =>
    s3Address(path) ? `${path.replace(/\/?$/, '/')}${name}` : join(path, name);
  return names.map((name) => [below(from, name), below(to, name)] as const);
}

async function transferOne(call: Call, world: World, from: string, to: string): Promise<void> {
  const target = s3Address(to);
  const file = target ? await objectFile(world, target, 'PutObject') : to;
  if (from === '-') {
    const chunks: Uint8Array[] = [];
    for await (const chunk of call.stdin) chunks.push(chunk as Uint8Array);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.upload`, Buffer.concat(chunks));
    return rename(`${file}.upload`, file);
  }
  const path = await readable(world, from);
  if (to === '-') {
    for await (const chunk of createReadStream(path)) await call.printBytes(chunk as Uint8Array);
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await copyFile(path, `${file}.upload`);
  await rename(`${file}.upload`, file);
}

/** The file behind a path, which must be there. */
async function readable(world: World, path: string): Promise<string> {
  const source = s3Address(path);
  const file = source ? await objectFile(world, source, 'HeadObject') : path;
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return file;
  throw source
    ? new Refused(
        'fatal error: An error occurred (404) when calling the HeadObject operation: Key does not exist',
        1,
      )
    : new Refused(`\nThe user-provided path ${path} does not exist.`, 255);
}

async function sizeOf(world: World, path: string): Promise<number | undefined> {
  const address = s3Address(path);
  const file = address ? await objectFile(world, address, 'HeadObject') : path;
  return stat(file).then(
    (found) => found.size,
    () => undefined,
  );
}

async function removePath(world: World, path: string): Promise<void> {
  const address = s3Address(path);
  await rm(address ? await objectFile(world, address, 'DeleteObject') : path, { force: true });
}

function word(verb: 'cp' | 'mv', from: string, to: string): string {
  if (verb === 'mv') return 'move';
  return s3Address(from) ? (s3Address(to) ? 'copy' : 'download') : 'upload';
}

function addressIn(path: string): Address {
  const address = s3Address(path) ?? s3Address(`s3://${path}`);
  if (!address) throw awsUsage('Invalid argument type: expected an S3Uri');
  return address;
}
