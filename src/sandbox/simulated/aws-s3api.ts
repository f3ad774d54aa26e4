import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { awsUsage, choice, json, serviceRefusal } from './aws.ts';
import { bucketFolder, objectFile, objectsOf } from './bucket.ts';
import { type Call, Refused } from './call.ts';
import { type Known, type Options, options } from './options.ts';
import type { World } from './world.ts';

const verbs: Readonly<Record<string, { readonly known: Known; readonly wanted: readonly string[] }>> = {
  'list-buckets': { known: {}, wanted: [] },
  'head-bucket': { known: {}, wanted: ['bucket'] },
  'list-objects-v2': { known: { prefix: 'text', 'max-items': 'text' }, wanted: ['bucket'] },
  'head-object': { known: {}, wanted: ['bucket', 'key'] },
  'get-object': { known: {}, wanted: ['bucket', 'key'] },
  'put-object': {
    known: { body: 'text', 'if-none-match': 'text', 'storage-class': 'text', 'checksum-algorithm': 'text' },
    wanted: ['bucket', 'key'],
  },
  'delete-object': { known: {}, wanted: ['bucket', 'key'] },
  'put-bucket-lifecycle-configuration': {
    known: { 'lifecycle-configuration': 'text' },
    wanted: ['bucket', 'lifecycle-configuration'],
  },
  'get-bucket-lifecycle-configuration': { known: {}, wanted: ['bucket'] },
  'put-bucket-versioning': {
    known: { 'versioning-configuration': 'text' },
    wanted: ['bucket', 'versioning-configuration'],
  },
  'get-bucket-versioning': { known: {}, wanted: ['bucket'] },
};

/** `aws s3api …` for single objects and the settings of a bucket. */
export async function s3api(
  call: Call,
  world: World,
  verb: string | undefined,
  args: readonly string[],
): Promise<number> {
  const found = verbs[verb ?? ''];
  if (!found) throw choice('operation', verb, Object.keys(verbs));
  const given = options(args, { bucket: 'text', key: 'text', ...found.known }, awsUsage);
  const missing = found.wanted.filter((name) => given.text(name) === undefined);
  if (missing.length > 0)
    throw awsUsage(`the following arguments are required: ${missing.map((name) => `--${name}`).join(', ')}`);
  const operation = (verb ?? '').replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
  const bucket = given.text('bucket') ?? '';
  const key = given.text('key') ?? '';
  if (verb === 'list-buckets')
    return json(call, { Buckets: (await readdir(world.buckets)).map((Name) => ({ Name })) });
  await bucketFolder(world, bucket, operation);
  const settings = (name: string) => join(world.home, `bucket-${bucket}-${name}.json`);
  switch (verb) {
    case 'head-bucket':
      return 0;
    case 'list-objects-v2': {
      const all = await objectsOf(world, { bucket, key: given.text('prefix') ?? '' }, operation);
      return json(call, {
        Contents: all.map((one) => ({
          Key: one.key,
          LastModified: one.modified.toISOString(),
          Size: one.size,
        })),
      });
    }
    case 'head-object':
    case 'get-object': {
      const file = await objectFile(world, { bucket, key }, operation);
      const object = await stat(file).catch(() => {
        throw serviceRefusal('404', operation, 'Not Found');
      });
      if (verb === 'get-object') {
        const to = given.rest[0];
        if (to === undefined) throw awsUsage('the following arguments are required: outfile');
        await copyFile(file, to);
      }
      return json(call, { LastModified: object.mtime.toISOString(), ContentLength: object.size });
    }
    case 'put-object':
      return put(call, world, { bucket, key }, given);
    case 'delete-object':
      await rm(await objectFile(world, { bucket, key }, operation), { force: true });
      return 0;
    case 'put-bucket-lifecycle-configuration': {
      const text = await parameter(given.text('lifecycle-configuration')!, call.cwd);
      checkLifecycle(parsed(text, 'lifecycle-configuration'));
      await writeFile(settings('lifecycle'), text);
      return 0;
    }
    case 'put-bucket-versioning':
      await writeFile(settings('versioning'), given.text('versioning-configuration')!);
      return 0;
    case 'get-bucket-lifecycle-configuration': {
      const text = await readFile(settings('lifecycle'), 'utf8').catch(() => {
        throw serviceRefusal(
          'NoSuchLifecycleConfiguration',
          operation,
          'The lifecycle configuration does not exist',
        );
      });
      call.print(`${text}\n`);
      return 0;
    }
    default: {
      const text = await readFile(settings('versioning'), 'utf8').catch(() => '');
      return text === '' ? 0 : json(call, { Status: /Enabled/.test(text) ? 'Enabled' : 'Suspended' });
    }
  }
}

async function put(
  call: Call,
  world: World,
  address: { readonly bucket: string; readonly key: string },
  given: Options,
): Promise<number> {
  const file = await objectFile(world, address, 'PutObject');
  if (given.text('if-none-match') === '*' && (await stat(file).catch(() => undefined)))
    throw serviceRefusal(
      'PreconditionFailed',
      'PutObject',
      'At least one of the pre-conditions you specified did not hold',
    );
  await mkdir(dirname(file), { recursive: true });
  const body = given.text('body');
  if (body === undefined) await writeFile(file, '');
  else
    await copyFile(body, file).catch(() => {
      throw new Refused(
        `\nError parsing parameter '--body': Blob values must be a path to a file: ${body}`,
        252,
      );
    });
  return json(call, { ETag: '"simulated"' });
}

async function parameter(value: string, cwd: string): Promise<string> {
  if (!value.startsWith('file://')) return value;
  return readFile(join(cwd, value.slice('file://'.length)), 'utf8').catch(() =>
    readFile(value.slice('file://'.length), 'utf8').catch((error: Error) => {
      throw awsUsage(
        `Error parsing parameter '--lifecycle-configuration': Unable to load paramfile ${value}: ${error.message}`,
      );
    }),
  );
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw awsUsage(`Error parsing parameter '--${name}': Invalid JSON received.`);
  }
}

/** The members of a rule, after the reference of PutBucketLifecycleConfiguration. */
const ruleMembers = [
  'ID',
  'Prefix',
  'Filter',
  'Status',
  'Expiration',
  'Transitions',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
];

function checkLifecycle(value: unknown): void {
  const rules = (value as { Rules?: unknown })?.Rules;
  if (!Array.isArray(rules))
    throw awsUsage(
      'Parameter validation failed:\nMissing required parameter in LifecycleConfiguration: "Rules"',
    );
  rules.forEach((rule: Record<string, unknown>, index) => {
    for (const member of Object.keys(rule ?? {}))
      if (!ruleMembers.includes(member))
        throw awsUsage(
          `Parameter validation failed:\nUnknown parameter in LifecycleConfiguration.Rules[${index}]: "${member}", must be one of: ${ruleMembers.join(', ')}`,
        );
    if (rule?.Status === undefined)
      throw awsUsage(
        `Parameter validation failed:\nMissing required parameter in LifecycleConfiguration.Rules[${index}]: "Status"`,
      );
  });
}
