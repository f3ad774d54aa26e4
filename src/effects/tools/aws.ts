import type { Call } from '../call.ts';
import type { EffectClass } from '../effect.ts';
import { readSql } from '../sql.ts';
import { runsInput } from './shells.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** The command line of AWS. Most services name their operations by what they do: describe-, delete-, create-. */
export const aws: readonly Tool[] = [
  {
    names: 'aws awslocal',
    valued:
      '--profile --region --output --query --endpoint-url --ca-bundle --cli-read-timeout --cli-connect-timeout --color --filters --bucket --key --prefix --db-instance-identifier --db-snapshot-identifier --db-cluster-identifier --target-db-instance-identifier --source-db-instance-identifier --exclude --include --acl --storage-class --instance-ids --cluster --service --desired-count --task --container --command --body --copy-source --restore-time --secret-id --name --stack-name --table-name --sql --database --resource-arn --secret-arn --target --document-name --parameters --log-group-name --since --max-items --page-size --snapshot-id --volume-id --hosted-zone-id --change-batch --user-name --role-name --policy-arn --auto-scaling-group-name --expires-in --sse --metadata --content-type --cli-input-json --group-name --statement --backup-retention-period',
    switches: '--no-cli-pager --debug --no-verify-ssl --no-paginate --no-sign-request',
    read: inner,
    rules: [
      reads('', { has: '--dryrun --dry-run' }),
      reads('s3 ls|s3 presign|help|* help|configure list|configure get|configure list-profiles'),
      changes('configure|sso login|sso logout|login', { interactive: true }),
      destroys('s3 rm', { why: 'deletes {0}', hits: ['bucket', '{0}'] }),
      destroys('s3 rb', { why: 'deletes the bucket {0}', hits: ['bucket', '{0}'] }),
      destroys('s3 sync', { has: '--delete', why: 'makes {1} like {0}, deleting', hits: ['bucket', '{1}'] }),
      changes('s3 cp|s3 mv|s3 sync|s3 mb|s3 website', { why: '{call}', hits: ['bucket', '{last}'] }),
      changes('s3api get-object', { why: 'writes {0}', hits: ['path', '{0}'] }),
      destroys('s3api delete-*|s3api put-bucket-lifecycle*|s3api abort-multipart-upload', {
        why: '{call}',
        hits: ['bucket', '{--bucket}'],
      }),
      destroys('s3api put-bucket-versioning', {
        why: 'changes the versioning of {--bucket}',
        hits: ['bucket', '{--bucket}'],
      }),
      destroys('rds delete-*', {
        why: '{call}',
        hits: ['database', '{--db-instance-identifier --db-cluster-identifier --db-snapshot-identifier}'],
      }),
      destroys('rds failover-*|rds promote-*|rds switchover-*', {
        why: '{call}',
        hits: ['database', '{--db-instance-identifier --db-cluster-identifier}'],
      }),
      reads('rds describe-*|rds list-*|rds wait|rds download-*'),
      changes('rds *', {
        has: '--db-instance-identifier',
        why: '{call}',
        hits: ['database', '{--db-instance-identifier}'],
      }),
      reads('logs tail', { has: '--follow', longRunning: true }),
      reads(
        'logs tail|logs filter-log-events|logs start-query|logs get-query-results|cloudformation validate-template|ecr get-login-password|dynamodb scan|dynamodb query|dynamodb batch-get-item|sts *|cloudtrail lookup-events|route53 test-dns-answer|sqs receive-message|iam simulate-*',
      ),
      destroys('ec2 terminate-instances', { why: 'terminates instances: {call}' }),
      destroys(
        'sqs purge-queue|ecs deregister-*|kms schedule-key-deletion|kms disable-key|glacier delete-*|backup delete-*',
      ),
      unknown(
        'dynamodb execute-transaction|dynamodb batch-execute-statement|lambda invoke|ssm send-command|stepfunctions start-execution|codebuild start-build|events put-events',
      ),
      reads(
        '* describe-*|* list-*|* get-*|* wait|* head-*|* search-*|* lookup-*|* view-*|* check-*|* validate-*|* batch-get-*|* ls',
      ),
      destroys(
        '* delete-*|* terminate-*|* purge-*|* deregister-*|* remove-*|* batch-delete-*|* revoke-*|* disassociate-*|* release-*|* destroy-*|* reset-*|* cancel-*|* detach-*',
        { why: '{call}' },
      ),
      changes(
        '* create-*|* put-*|* update-*|* modify-*|* start-*|* stop-*|* reboot-*|* restore-*|* copy-*|* add-*|* attach-*|* register-*|* run-*|* set-*|* enable-*|* disable-*|* tag-*|* untag-*|* import-*|* export-*|* upload-*|* complete-*|* associate-*|* authorize-*|* change-*|* allocate-*|* publish|* publish-*|* send-*|* deploy|* package|* apply-*|* resume-*|* suspend-*|* scale-*|* invoke-*|* execute-*|* batch-write-*|* transact-*|* request-*|* assign-*|* accept-*|* rotate-*|* promote-*|* failover-*|* move-*|* purchase-*|* reject-*|* unassign-*|* rollback-*|* continue-*|* force-*',
        { why: '{call}' },
      ),
      unknown(),
    ],
  },
  {
    names: 's3cmd s5cmd mc',
    valued: '-c --config --endpoint-url --profile',
    rules: [
      reads(
        'ls|la|du|info|get-policy|cat|stat|tree|diff|head|admin info|find|alias list|version|presign|signurl',
      ),
      destroys('del|rm|rb|delete|sync|mirror', { why: '{call}', hits: ['bucket', '{0}'] }),
      changes('put|get|cp|mv|mb|alias|setpolicy|pipe|share|anonymous|move|copy|policy', {
        why: '{call}',
        hits: ['bucket', '{last}'],
      }),
      unknown(),
    ],
  },
];

/** By the first word of a statement for DynamoDB. */
const partiql: Readonly<Record<string, EffectClass>> = {
  select: 'reads',
  insert: 'changes',
  update: 'changes',
  delete: 'destroys',
};

/** Operations that hold SQL, a command for a container, or a session. */
function inner(call: Call): boolean {
  const { operands, options, reader, span } = call;
  const verb = `${operands[0]?.text} ${operands[1]?.text}`;
  if (verb === 'rds-data execute-statement' || verb === 'rds-data batch-execute-statement') {
    const sql = options.value('--sql');
    const database = options.value('--database')?.text ?? '';
    if (sql) readSql(sql, reader, { span, database: { label: database } });
    return sql !== undefined;
  }
  if (verb === 'dynamodb execute-statement') {
    const statement = options.value('--statement');
    const [, first = ''] = /^\s*(\w+)/.exec(statement?.text ?? '') ?? [];
    reader.add(partiql[first.toLowerCase()] ?? 'unknown', `PartiQL: ${statement?.text ?? ''}`, span);
    return true;
  }
  if (verb === 'rds modify-db-instance' || verb === 'rds modify-db-cluster') {
    const days = options.value('--backup-retention-period');
    if (days && !(days.known && Number(days.text) > 0))
      reader.add(
        days.known ? 'destroys' : 'unknown',
        `keeps automated backups for ${days.text} days: with 0 those that there are get deleted`,
        span,
      );
    return false;
  }
  if (verb === 'ecs execute-command') {
    const command = options.value('--command');
    if (command)
      reader.shell(command, { span, place: `in task ${options.value('--task')?.text ?? ''}`.trim() });
    return command !== undefined;
  }
  if (verb === 'ssm start-session') {
    runsInput(
      { ...call, stdin: undefined },
      `opens a session on ${options.value('--target')?.text ?? 'an instance'}`,
    );
    return true;
  }
  if ((verb === 's3 cp' || verb === 's3 mv') && operands[3]) {
    const target = operands[3];
    if (target.text === '-' && verb === 's3 cp') reader.add('reads', `reads ${operands[2]?.text}`, span);
    else if (
      !target.text.startsWith('s3://') &&
      !/^[$\u2039]/.test(target.text) &&
      !options.has('--dryrun') &&
      verb === 's3 cp'
    )
      reader.writes(target);
    else return false;
    return true;
  }
  return false;
}
