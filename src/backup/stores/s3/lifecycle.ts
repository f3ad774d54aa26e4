import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import type { StoreFinding } from '../../object-store.ts';
import type { Access } from './access.ts';
import { refusal, trouble } from './trouble.ts';

/** What the owner of a bucket should know before trusting backups to it. Throws a `BackupError` where it is not there. */
export async function reviewBucket(access: Access): Promise<readonly StoreFinding[]> {
  const { client, address } = access;
  const findings: StoreFinding[] = [];
  if (address.endpoint !== undefined && isOpen(address.endpoint))
    findings.push({
      severity: 'warning',
      rule: 'plain-http',
      words: `${address.endpoint} is not encrypted: whoever is on the way reads the backups. Use https, or encrypt with age.`,
    });
  try {
    const { Rules } = await client.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: address.bucket }),
    );
    findings.push(...lintLifecycle(Rules ?? [], address.prefix));
  } catch (error) {
    const { code, status } = refusal(error);
    if (code === 'NoSuchLifecycleConfiguration') findings.push(...lintLifecycle([], address.prefix));
    else if (unasked(code, status))
      findings.push(notRead('lifecycle', 'Lifecycle rules', 's3:GetLifecycleConfiguration', code));
    else throw trouble(error, 'look at', access);
  }
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: address.bucket }));
    if (Status !== 'Enabled')
      findings.push({
        severity: 'info',
        rule: 'versioning',
        words:
          'Versioning is off: who may delete, deletes for good. With versioning (or object lock) a stolen key cannot take the backups away.',
      });
  } catch (error) {
    const { code, status } = refusal(error);
    if (!unasked(code, status)) throw trouble(error, 'look at', access);
    findings.push(notRead('versioning', 'Versioning', 's3:GetBucketVersioning', code));
  }
  return findings;
}

/**
 * Lifecycle rules that work against retention, for objects under a prefix. A lifecycle rule knows only ages: it is a
 * net under retention and no substitute for it. Rules as in the answer of GetBucketLifecycleConfiguration.
 */
export function lintLifecycle(rules: readonly LifecycleRule[], prefix: string): StoreFinding[] {
  const findings: StoreFinding[] = [];
  const ours = rules.filter((rule) => rule.Status === 'Enabled' && touches(prefixOf(rule), prefix));
  for (const rule of ours) {
    const name = `The lifecycle rule ${rule.ID ? JSON.stringify(rule.ID) : 'without a name'}`;
    if (rule.Expiration?.Days !== undefined || rule.Expiration?.Date !== undefined) {
      const when =
        rule.Expiration.Days === undefined
          ? `on ${rule.Expiration.Date?.toISOString().slice(0, 10)}`
          : `after ${rule.Expiration.Days} days`;
      findings.push({
        severity: 'error',
        rule: 'lifecycle-expires',
        words: `${name} removes every object here ${when}, whatever it is: the last good backup and pinned ones too. Take it away and let "drillbook backup prune" decide.`,
      });
    }
    const cold = rule.Transitions?.find((one) => /^(GLACIER|DEEP_ARCHIVE)$/.test(one.StorageClass ?? ''));
    if (cold !== undefined)
      findings.push({
        severity: 'warning',
        rule: 'lifecycle-archives',
        words: `${name} moves backups to ${cold.StorageClass} after ${cold.Days ?? 'some'} days: reading one then takes hours, and no restore meets its time. Use GLACIER_IR, or leave out what must be restored fast.`,
      });
  }
  if (!ours.some((rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation !== undefined))
    findings.push({
      severity: 'warning',
      rule: 'lifecycle-parts',
      words:
        'No lifecycle rule takes away the parts of uploads that never ended (a machine that died): they cost money and no listing shows them. Add AbortIncompleteMultipartUpload after 7 days.',
    });
  return findings;
}

/** What a rule is for; a rule for some tags or sizes may still meet a backup. */
function prefixOf(rule: LifecycleRule): string {
  return rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? '';
}

function touches(rule: string, prefix: string): boolean {
  return prefix.startsWith(rule) || rule.startsWith(prefix);
}

/** Refused or not known to this service: no reason to fail, but one to say that it was not seen. */
function unasked(code: string, status: number | undefined): boolean {
  return (
    code !== 'NoSuchBucket' &&
    (status === 403 || status === 404 || status === 405 || status === 501 || code === 'NotImplemented')
  );
}

function notRead(rule: string, what: string, permission: string, code: string): StoreFinding {
  return {
    severity: 'info',
    rule,
    words: `${what} could not be read (${code}): the credentials lack ${permission}, or this service has none.`,
  };
}

function isOpen(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
