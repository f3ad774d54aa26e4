import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Redaction, type StreamOptions } from '../../src/execution/redaction.ts';

const secret = 'p@ss w/örd+\'quote"&1';

/** Gives a text to a stream in pieces of the given sizes, the last one repeated. */
function streamed(
  redaction: Redaction,
  text: string,
  sizes: readonly number[],
  options?: StreamOptions,
): string {
  const bytes = Buffer.from(text, 'utf8');
  const stream = redaction.stream(options);
  const out: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[Math.min(turn, sizes.length - 1)]!;
    out.push(stream.push(Buffer.from(bytes.subarray(at, at + size))));
    at += size;
  }
  out.push(stream.end());
  return Buffer.concat(out).toString('utf8');
}

test.each([
  ['itself', secret],
  ['in a URL', encodeURIComponent(secret)],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64url', Buffer.from(secret).toString('base64url')],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ['as bash traces it', `p@ss w/örd+'\\''quote"&1`],
  ['as printf %q writes it', `p@ss\\ w/örd+\\'quote\\"\\&1`],
  ['in a statement of SQL', `p@ss w/örd+''quote"&1`],
])('a value %s', (_, form) => {
  const redaction = new Redaction([secret]);
  expect(redaction.text(`before ${form} after`)).toBe('before [redacted] after');
  expect(streamed(redaction, `before ${form} after`, [9])).toBe('before [redacted] after');
  expect(streamed(redaction, `before ${form} after`, [1])).toBe('before [redacted] after');
});

test.each([0, 1, 2])('a value inside basic authorization, %i bytes in', (offset) => {
  const value = 'a-long-password-of-a-database';
  const encoded = Buffer.from(`${'u'.repeat(offset)}${value}:tail`).toString('base64');
  const out = new Redaction([value]).text(`x ${encoded} y`);
  expect(out).toContain('[redacted]');
  expect(out.length).toBeLessThan(encoded.length);
});

test('a value of several lines, line by line', () => {
  const redaction = new Redaction(['first line here\nsecond line here\n']);
  expect(redaction.text('> first line here\r\n> second line here\n')).toBe('> [redacted]\r\n> [redacted]\n');
});

test('the longer of two values that share a beginning', () => {
  expect(new Redaction(['hunter', 'hunter2-extended']).text('hunter2-extended hunter')).toBe(
    '[redacted] [redacted]',
  );
});

test('values too short to mean anything are left', () => {
  expect(new Redaction(['a', '1', '']).text('a 1 banana')).toBe('a 1 banana');
});

const shaped: readonly [string, string, string][] = [
  ['URL password', 'postgres://app:s3cr-t@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
  ['URL password without user', 'redis://:s3cr-t@cache:6379', 'redis://:[redacted]@cache:6379'],
  ['PGPASSWORD', "PGPASSWORD=hunter2 psql -c 'x'", "PGPASSWORD=[redacted] psql -c 'x'"],
  ['quoted value', 'export API_KEY="two words" next', 'export API_KEY="[redacted]" next'],
  ['libpq string', 'host=db password=abc dbname=x', 'host=db password=[redacted] dbname=x'],
  ['JSON', '{"password": "a\\"b", "x": 1}', '{"password": "[redacted]", "x": 1}'],
  ['bearer', 'Authorization: Bearer abc.def-123 x', 'Authorization: Bearer [redacted] x'],
  ['basic', 'authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [redacted]'],
  ['AWS key id', 'key AKIAIOSFODNN7EXAMPLE.', 'key [redacted].'],
  ['AWS secret', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = [redacted]'],
  ['GitHub', `x ghp_${'a1'.repeat(18)} y`, 'x [redacted] y'],
  ['Slack', 'xoxb-123456789-abcdef', '[redacted]'],
  ['sk-', `sk-proj-${'Ab1'.repeat(10)}`, '[redacted]'],
  ['JWT', `t=eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSM e`, 't=[redacted] e'],
  [
    'webhook',
    'https://hooks.slack.com/services/T0/B0/xyz ok',
    'https://hooks.slack.com/services/[redacted] ok',
  ],
  [
    'private key',
    `a\n-----BEGIN RSA PRIVATE KEY-----\n${'MIIEabc\n'.repeat(40)}-----END RSA PRIVATE KEY-----\nb`,
    'a\n-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nb',
  ],
];

test.each(shaped)('by shape: %s', (_, text, masked) => {
  const redaction = new Redaction();
  expect(redaction.text(text)).toBe(masked);
  for (const size of [1, 3, 7, 64]) {
    const out = streamed(redaction, text, [size]);
    // The prefix that tells a token may be out before the token is known as one.
    const told = out.replace(/(?:A|AK|AKI|g|gh|ghp|x|xo|xox|xoxb|s|sk|e|ey)\[redacted\]/, '[redacted]');
    expect(told).toBe(masked);
  }
});

test.each([
  'https://example.com:8080/a@b and 12:30:45',
  'Password: ',
  'the primary key and the token bucket',
  'export PGPASSWORD=$SECRET',
  'passwordless=',
  '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
  'task-1 disk-usage risk-free',
])('leaves what is no secret: %s', (text) => {
  expect(new Redaction().text(text)).toBe(text);
  expect(streamed(new Redaction(), text, [5])).toBe(text);
});

test('a stream says what the whole text says, however it is cut', () => {
  const redaction = new Redaction(['hunter2', 'hunger-games', 'line one of it\nline two of it']);
  const piece = fc.constantFrom(
    'hunter2',
    'hunte',
    'hun',
    'hunger-games',
    'line one of it',
    '\n',
    ' ',
    'x',
    'é',
    '\x00',
    'postgres://u:',
    'pw1@h/',
    'TOKEN=',
    'abc ',
    'Bearer ',
    '0123456789abcdef',
    'AKIAIOSFODNN7EXAMPLE',
    ' sk-',
    'key="',
    '"',
    'v v',
    '://',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
      (pieces, sizes) => {
        const text = pieces.join('');
        const out = streamed(redaction, text, sizes);
        expect(out).not.toContain('hunter2');
        expect(out).not.toContain('hunger-games');
        expect(out).not.toContain('line one of it');
      },
    ),
    { numRuns: 500 },
  );
});

test('bytes that are no UTF-8 and NUL pass unchanged', () => {
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 7) & 255));
  const stream = new Redaction(['something']).stream();
  const out = Buffer.concat([
    stream.push(bytes.subarray(0, 100)),
    stream.push(bytes.subarray(100)),
    stream.end(),
  ]);
  expect(out.equals(bytes)).toBe(true);
});

test('a prompt without a newline is not held back', () => {
  const stream = new Redaction(['correct horse']).stream();
  expect(stream.push(Buffer.from('Password: ')).toString()).toBe('Password: ');
  expect(stream.push(Buffer.from('Uploading 45%')).toString()).toBe('Uploading 45%');
  expect(stream.push(Buffer.from(' cor')).toString() + stream.flush().toString()).toBe(' cor');
});

test('a secret that does not end is swallowed in bounded memory', () => {
  const stream = new Redaction().stream();
  let out = stream.push(Buffer.from('TOKEN=')).toString();
  for (let turn = 0; turn < 20; turn++) out += stream.push(Buffer.from('z'.repeat(8192))).toString();
  out += stream.push(Buffer.from('z end\n')).toString() + stream.end().toString();
  expect(out).not.toContain('z');
  expect(out).toContain('[redacted]');
  expect(out.endsWith(' end\n')).toBe(true);
});

test('a full-screen program keeps its layout', () => {
  expect(streamed(new Redaction(['hunter2']), 'a hunter2 b', [4], { keepWidth: true })).toBe('a ******* b');
});
