import type { LifecycleRule } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { lintLifecycle } from '../../../src/backup/stores/s3/lifecycle.ts';

const parts: LifecycleRule = {
  ID: 'parts',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};
const rules = (more: readonly Partial<LifecycleRule>[]) =>
  lintLifecycle([parts, ...more.map((one) => ({ Status: 'Enabled' as const, ...one }))], 'team/shop/').map(
    (one) => `${one.severity} ${one.rule}`,
  );

test('a bucket that only takes the parts of dead uploads away is as it should be', () => {
  expect(rules([])).toEqual([]);
  expect(lintLifecycle([], 'team/')).toMatchObject([{ severity: 'warning', rule: 'lifecycle-parts' }]);
  expect(lintLifecycle([{ ...parts, Status: 'Disabled' }], 'team/')).toHaveLength(1);
  expect(lintLifecycle([{ ...parts, Filter: { Prefix: 'other/' } }], 'team/')).toHaveLength(1);
});

test.each<[string, Partial<LifecycleRule>, string[]]>([
  ['age alone removes', { Expiration: { Days: 30 } }, ['error lifecycle-expires']],
  [
    'under a longer prefix',
    { Filter: { Prefix: 'team/shop/old' }, Expiration: { Days: 1 } },
    ['error lifecycle-expires'],
  ],
  ['under a shorter one', { Prefix: 'team/', Expiration: { Days: 1 } }, ['error lifecycle-expires']],
  ['somewhere else', { Filter: { Prefix: 'team/other' }, Expiration: { Days: 1 } }, []],
  [
    'for a tag',
    { Filter: { And: { Prefix: 'team', Tags: [] } }, Expiration: { Days: 1 } },
    ['error lifecycle-expires'],
  ],
  ['only delete markers', { Expiration: { ExpiredObjectDeleteMarker: true } }, []],
  ['only old versions', { NoncurrentVersionExpiration: { NoncurrentDays: 90 } }, []],
  [
    'to the deep archive',
    { Transitions: [{ Days: 30, StorageClass: 'DEEP_ARCHIVE' }] },
    ['warning lifecycle-archives'],
  ],
  ['to a class that reads at once', { Transitions: [{ Days: 30, StorageClass: 'GLACIER_IR' }] }, []],
])('%s', (_, rule, expected) => {
  expect(rules([rule])).toEqual(expected);
});

test('the words name the rule and what to do instead', () => {
  const [finding] = lintLifecycle([parts, { ID: 'clean', Status: 'Enabled', Expiration: { Days: 30 } }], '');
  expect(finding?.words).toMatch(/"clean" removes every object here after 30 days.*drillbook backup prune/);
});
