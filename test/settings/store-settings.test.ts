import { expect, test } from 'vitest';
import { parseProjectFile, SettingsError } from '../../src/settings/project-file.ts';
import { readyTarget } from '../../src/settings/targets.ts';

const project = (more: string) =>
  parseProjectFile(
    'drillbook.yaml',
    `targets:\n  shop:\n    environment: staging\n    url: postgresql://db/shop\n${more}`,
  );

async function valuesOf(more: string): Promise<Record<string, string>> {
  const ready = await readyTarget('shop', project(more).targets.shop!, '/project', {});
  if ('problem' in ready) throw new Error(ready.problem);
  return Object.fromEntries(Object.entries(ready.values).map(([name, { value }]) => [name, value]));
}

test('a store elsewhere reaches the commands of a run as it stands, a folder from the project on', async () => {
  expect(await valuesOf('    store: s3://acme/shop?region=eu-west-1\n')).toMatchObject({
    BACKUP_DIR: 's3://acme/shop?region=eu-west-1',
  });
  expect(await valuesOf('    store: backups\n')).toMatchObject({ BACKUP_DIR: '/project/backups' });
});

test('whom backups are encrypted to, and where what opens them is', async () => {
  const values = await valuesOf(
    '    encryption:\n      recipients: [age1abc, file:keys/team.txt]\n      identity: file:keys/own.txt\n',
  );
  expect(values).toMatchObject({
    BACKUP_RECIPIENTS: 'age1abc,file:/project/keys/team.txt',
    BACKUP_IDENTITY: 'file:/project/keys/own.txt',
  });
});

test.each([
  [
    '    store: s3://key:secret@bucket\n',
    /drillbook\.yaml:5:\d+: targets\.shop\.store: .*holds no credentials/,
  ],
  ['    store: ftp://host/x\n', /no kind of store/],
  ['    encryption: { recipients: [AGE-SECRET-KEY-1ABC] }\n', /a recipient is age1…/],
  ['    encryption: { recipients: [age1abc], identity: AGE-SECRET-KEY-1ABC }\n', /an identity is secret/],
  ['    encryption: { recipients: [] }\n', /recipients/],
])('%j is refused with its place', (more, words) => {
  expect(() => project(more)).toThrow(SettingsError);
  expect(() => project(more)).toThrow(words);
});
