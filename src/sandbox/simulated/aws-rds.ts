import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connected } from '../connection.ts';
import { awsUsage, choice, json, serviceRefusal } from './aws.ts';
import type { Call } from './call.ts';
import { becomes } from './child.ts';
import { type Known, options } from './options.ts';
import { type Instance, names, type World } from './world.ts';

const identifier: Known = { 'db-instance-identifier': 'text' };
const verbs: Readonly<Record<string, Known>> = {
  'describe-db-instances': identifier,
  'modify-db-instance': {
    ...identifier,
    'backup-retention-period': 'text',
    'preferred-backup-window': 'text',
    'deletion-protection': 'flag',
    'no-deletion-protection': 'flag',
    'apply-immediately': 'flag',
  },
  'restore-db-instance-to-point-in-time': {
    'source-db-instance-identifier': 'text',
    'target-db-instance-identifier': 'text',
    'restore-time': 'text',
    'use-latest-restorable-time': 'flag',
    'db-instance-class': 'text',
    'db-subnet-group-name': 'text',
    'vpc-security-group-ids': 'texts',
    'no-publicly-accessible': 'flag',
    'no-multi-az': 'flag',
  },
  'create-db-snapshot': { ...identifier, 'db-snapshot-identifier': 'text' },
  'delete-db-instance': {
    ...identifier,
    'skip-final-snapshot': 'flag',
    'final-db-snapshot-identifier': 'text',
  },
  wait: identifier,
};

/**
 * `aws rds …`: an instance is a database of the sandbox. One that is restored to a time gets what the newest backup
 * of the sandbox's store from before that time holds: the sample server archives no log for it.
 */
export async function rds(
  call: Call,
  world: World,
  verb: string | undefined,
  args: readonly string[],
): Promise<number> {
  const known = verbs[verb ?? ''];
  if (!known) throw choice('operation', verb, Object.keys(verbs));
  const given = options(args, known, awsUsage);
  const need = (name: string): string => {
    const value = given.text(name);
    if (value === undefined) throw awsUsage(`the following arguments are required: --${name}`);
    return value;
  };
  const record = await world.read();
  const instance = (id: string, operation: string): Instance => {
    const found = record.instances[id];
    if (!found) throw serviceRefusal('DBInstanceNotFound', operation, `DBInstance ${id} not found.`);
    return found;
  };
  switch (verb) {
    case 'describe-db-instances': {
      const id = given.text('db-instance-identifier');
      if (id !== undefined) instance(id, 'DescribeDBInstances');
      const all = Object.entries(record.instances).filter(([name]) => id === undefined || name === id);
      return json(call, { DBInstances: all.map(([name, one]) => describe(world, name, one)) });
    }
    case 'wait': {
      if (given.rest[0] !== 'db-instance-available')
        throw choice('waiter', given.rest[0], ['db-instance-available']);
      instance(need('db-instance-identifier'), 'DescribeDBInstances');
      return 0;
    }
    case 'modify-db-instance': {
      const id = need('db-instance-identifier');
      const before = instance(id, 'ModifyDBInstance');
      const days = given.text('backup-retention-period');
      if (days !== undefined && !/^([0-9]|[12][0-9]|3[0-5])$/.test(days))
        throw serviceRefusal(
          'InvalidParameterValue',
          'ModifyDBInstance',
          `Invalid backup retention period: ${days}. Must be between 0 and 35.`,
        );
      const after = { ...before, ...(days === undefined ? {} : { retention: Number(days) }) };
      await world.write({ ...record, instances: { ...record.instances, [id]: after } });
      return json(call, { DBInstance: describe(world, id, after) });
    }
    case 'create-db-snapshot':
      instance(need('db-instance-identifier'), 'CreateDBSnapshot');
      return json(call, {
        DBSnapshot: { DBSnapshotIdentifier: need('db-snapshot-identifier'), Status: 'available' },
      });
    case 'delete-db-instance': {
      const id = need('db-instance-identifier');
      const doomed = instance(id, 'DeleteDBInstance');
      if (id === names.instance)
        throw serviceRefusal(
          'InvalidParameterCombination',
          'DeleteDBInstance',
          `deletion protection is on for ${id}`,
        );
      if (!given.flag('skip-final-snapshot') && given.text('final-db-snapshot-identifier') === undefined)
        throw serviceRefusal(
          'InvalidParameterCombination',
          'DeleteDBInstance',
          'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
        );
      await connected(world, 'postgres', (client) =>
        client.query(`DROP DATABASE IF EXISTS "${doomed.database}" WITH (FORCE)`),
      );
      const { [id]: _, ...instances } = record.instances;
      await world.write({ ...record, instances });
      return json(call, { DBInstance: { DBInstanceIdentifier: id, DBInstanceStatus: 'deleting' } });
    }
    default: {
      const operation = 'RestoreDBInstanceToPointInTime';
      const source = need('source-db-instance-identifier');
      const target = need('target-db-instance-identifier');
      const from = instance(source, operation);
      const time = given.text('restore-time');
      const latest = given.flag('use-latest-restorable-time');
      if ((time === undefined) === !latest)
        throw serviceRefusal(
          'InvalidParameterCombination',
          operation,
          'Exactly one of restore-time and use-latest-restorable-time is wanted',
        );
      if (from.retention === 0)
        throw serviceRefusal('InvalidDBInstanceState', operation, `backups are not enabled for ${source}`);
      if (!/^[a-z][a-z0-9-]{0,62}$/i.test(target))
        throw serviceRefusal('InvalidParameterValue', operation, `${target} is not a valid identifier`);
      if (record.instances[target])
        throw serviceRefusal('DBInstanceAlreadyExists', operation, 'DB instance already exists');
      const when = time === undefined ? Date.now() : Date.parse(time);
      if (Number.isNaN(when)) throw awsUsage(`Invalid timestamp "${time}"`);
      if (when > Date.now())
        throw serviceRefusal(
          'InvalidParameterValue',
          operation,
          'The specified time is later than the latest restorable time',
        );
      const database = target.replaceAll('-', '_');
      const code = await restored(call, world, database, when);
      if (code !== 0) return code;
      const made: Instance = { database, retention: from.retention, created: new Date().toISOString() };
      await world.write({ ...record, instances: { ...record.instances, [target]: made } });
      return json(call, { DBInstance: { ...describe(world, target, made), DBInstanceStatus: 'creating' } });
    }
  }
}

function describe(world: World, id: string, { database, retention, created }: Instance) {
  return {
    DBInstanceIdentifier: id,
    DBInstanceStatus: 'available',
    Engine: 'postgres',
    DBName: database,
    Endpoint: { Address: world.socket, Port: 5432 },
    BackupRetentionPeriod: retention,
    InstanceCreateTime: created,
    LatestRestorableTime: new Date().toISOString(),
  };
}

async function restored(call: Call, world: World, database: string, until: number): Promise<number> {
  const store = join(world.home, 'store');
  const dumps = await Promise.all(
    (await readdir(store).catch(() => []))
      .filter((name) => name.endsWith('.dump'))
      .map(async (name) => ({ path: join(store, name), at: (await stat(join(store, name))).mtimeMs })),
  );
  const newest = dumps.filter((one) => one.at <= until).sort((a, b) => b.at - a.at)[0];
  if (!newest)
    throw serviceRefusal(
      'InvalidParameterValue',
      'RestoreDBInstanceToPointInTime',
      'The specified time is earlier than the earliest restorable time',
    );
  await connected(world, 'postgres', (client) =>
    client.query(`CREATE DATABASE "${database}" TEMPLATE template0`),
  );
  const url = world.databaseUrl.replace(/\/\/\/[^?]*/, `///${database}`);
  return becomes(
    'pg_restore',
    ['--exit-on-error', '--dbname', url, newest.path],
    { ...call.env, PATH: world.realPath(call.env) },
    call.cwd,
  );
}
