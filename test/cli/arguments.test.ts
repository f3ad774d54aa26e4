import { expect, test } from 'vitest';
import { commandLine, parse } from '../../src/cli/arguments.ts';

test.each([
  'postgres://ann:s3cr3t@db.example:5432/shop',
  'postgres://ann:s3cr@s3cr3t@db.example/shop',
  'postgresql:///shop?user=ann&password=s3cr3t&host=db.example',
])('a URL at the wrong place is named without its password: %s', async (url) => {
  const fault = await parse(commandLine('compare', ''), [url]).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(fault).toMatch(/^too many arguments.*shop.* Try 'drillbook compare --help'\.$/);
  expect(fault).not.toContain('s3cr');
  expect(fault).not.toContain('..');
});
