import { rds } from './aws-rds.ts';
import { s3 } from './aws-s3.ts';
import { s3api } from './aws-s3api.ts';
import { type Call, Refused, type Simulated } from './call.ts';

// After the AWS CLI, version 2: its usage errors end with 252, a refusal of the service with 254.

export const awsUsage = (problem: string) => new Refused(`\naws: [ERROR]: ${problem}`, 252);
export const serviceRefusal = (code: string, operation: string, message: string) =>
  new Refused(`\nAn error occurred (${code}) when calling the ${operation} operation: ${message}`, 254);

/** Options that stand on any command. */
const everywhere = [
  '--region',
  '--profile',
  '--output',
  '--endpoint-url',
  '--query',
  '--color',
  '--cli-read-timeout',
];
const everywhereAlone = ['--no-cli-pager', '--no-paginate', '--debug', '--no-progress', '--no-sign-request'];

/** The `aws` of the sandbox: buckets are folders, the database instances stand for the sample database. */
export const aws: Simulated = async (call, world) => {
  const args = withoutGlobal(call.args);
  const [service, verb, ...rest] = args;
  switch (service) {
    case 's3':
      return s3(call, world, verb, rest);
    case 's3api':
      return s3api(call, world, verb, rest);
    case 'rds':
      return rds(call, world, verb, rest);
    case 'sts':
      if (verb !== 'get-caller-identity') throw choice('operation', verb, ['get-caller-identity']);
      return json(call, {
        UserId: 'SANDBOX',
        Account: '000000000000',
        Arn: 'arn:aws:iam::000000000000:user/sandbox',
      });
    case 'configure':
      return configure(call, verb);
    case undefined:
      throw awsUsage('the following arguments are required: command');
    default:
      throw choice('command', service, ['s3', 's3api', 'rds', 'sts', 'configure']);
  }
};

export function json(call: Call, value: unknown): number {
  call.print(`${JSON.stringify(value, null, 4)}\n`);
  return 0;
}

export const choice = (what: string, found: string | undefined, valid: readonly string[]) =>
  awsUsage(`argument ${what}: Found invalid choice '${found ?? ''}'. The sandbox has: ${valid.join(', ')}`);

function withoutGlobal(args: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (everywhereAlone.includes(word)) continue;
    if (everywhere.includes(word)) at++;
    else if (!everywhere.some((name) => word.startsWith(`${name}=`))) kept.push(word);
  }
  return kept;
}

async function configure(call: Call, verb: string | undefined): Promise<number> {
  if (verb === 'list') {
    call.print('access_key  ****SAND  simulated\nregion      us-east-1     simulated\n');
    return 0;
  }
  if (verb !== undefined) return 0;
  // Four questions, as the real one asks them; whatever is answered is kept nowhere.
  const questions = [
    'AWS Access Key ID',
    'AWS Secret Access Key',
    'Default region name',
    'Default output format',
  ];
  call.warn(`${questions[0]} [None]: `);
  let asked = 1;
  for await (const chunk of call.stdin) {
    for (const _ of String(chunk).matchAll(/\n/g)) {
      if (asked === questions.length) return 0;
      call.warn(`${questions[asked++]} [None]: `);
    }
  }
  return 0;
}
