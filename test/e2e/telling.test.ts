import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenHttp } from '../incident/sinks/listeners.ts';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';
import { type Desk, openDesk } from './desk.ts';

let cluster: Cluster;
let bucket: Bucket;
let desk: Desk;

beforeAll(async () => {
  [cluster, bucket, desk] = await Promise.all([startCluster(), startBucket(), openDesk()]);
  await cluster.create('members');
});
afterAll(async () => {
  await desk?.close();
  await bucket?.stop();
  await cluster?.stop();
});

/** Letters and digits that stand nowhere else, the same at every run of the test. */
const random = (n: number, length = 24) =>
  createHash('sha512')
    .update(`secret ${n}`)
    .digest('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, length);

/** Secrets that Drillbook is told of, by name. */
const declared: Record<string, string> = {
  VAULT: random(1),
  WITH_SIGNS: `p@ss/w:rd ${random(2)} "quoted" & $HOME`,
  MANY_LINES: `first-${random(3)}\nsecond-${random(4)}`,
  FROM_FILE: random(5),
  LICENSE: random(6, 40),
  UMLAUT: `schlüssel-${random(7)}`,
};

/** Secrets that nobody declares: what tells them is their form. Each as it stands in output, and what must not be seen. */
const shaped: readonly (readonly [text: string, secret: string])[] = [
  ...['postgres', 'postgresql', 'mysql', 'mongodb', 'amqp', 'https'].map((scheme, n) => {
    const secret = random(20 + n);
    return [`${scheme}://user:${secret}@db.example.org/x`, secret] as const;
  }),
  [`redis://:${random(30)}@cache.example.org`, random(30)],
  ...[
    'PGPASSWORD',
    'DB_PASSWORD',
    'password',
    'passwd',
    'client_secret',
    'API_TOKEN',
    'api_key',
    'AWS_SECRET_ACCESS_KEY',
    'private_key',
    'token',
  ].map((name, n) => [`${name}=${random(40 + n)}`, random(40 + n)] as const),
  [`{"password": "${random(51)}"}`, random(51)],
  [`{"user":"a","api_key":"${random(52)}"}`, random(52)],
  [`connect host=db password='${random(53)}'`, random(53)],
  [`Authorization: Bearer ${random(54)}`, random(54)],
  [`Authorization: Basic ${random(55)}`, random(55)],
  [`authorization=token ${random(56)}`, random(56)],
  [`curl -H "bearer ${random(57)}"`, random(57)],
  ...['AKIA', 'ASIA'].map((prefix, n) => {
    const id = `${prefix}${random(60 + n, 16).toUpperCase()}`;
    return [id, id] as const;
  }),
  ...[
    'ghp_',
    'gho_',
    'ghu_',
    'ghs_',
    'ghr_',
    'github_pat_',
    'glpat-',
    'xoxb-',
    'xoxp-',
    'xoxa-',
    'sk-',
    'sk_live_',
    'rk_live_',
  ].map((prefix, n) => [`${prefix}${random(70 + n)}`, `${prefix}${random(70 + n)}`] as const),
  [`npm_${random(90, 36)}`, `npm_${random(90, 36)}`],
  [`SG.${random(91)}.${random(92)}`, random(92)],
  [`eyJ${random(93)}.${random(94)}.${random(95)}`, random(94)],
  [`https://hooks.slack.com/services/T0/B0/${random(96)}`, random(96)],
  [`https://discord.com/api/webhooks/1/${random(97)}`, random(97)],
  ...['RSA ', 'EC ', 'OPENSSH ', ''].map(
    (kind, n) =>
      [
        `-----BEGIN ${kind}PRIVATE KEY-----\n${random(100 + n, 64)}\n-----END ${kind}PRIVATE KEY-----`,
        random(100 + n, 64),
      ] as const,
  ),
];

const runbook = `# Leak

## Leak

### Step 1: Everything that a tool may print

\`\`\`bash
./leak
\`\`\`

\`\`\`bash
NAME="dump-$VAULT.sql"; : > "$NAME"; ls -l; echo "made $NAME" >&2
\`\`\`

\`\`\`bash
printf '%s' "$WITH_SIGNS" | base64 -w0; echo; printf '%s\\n' "$MANY_LINES" "$FROM_FILE" "$UMLAUT"; printf 'https://x/?k=%s\\n' "$LICENSE"
\`\`\`

\`\`\`bash
env | sort
\`\`\`

\`\`\`bash
printf %s "\${VAULT:0:9}"; sleep 0.2; printf '%s\\n' "\${VAULT:9}"; false "$VAULT"
\`\`\`

`;

test('a run with more than 50 kinds of secrets leaves none in its folder, in the stores, or with anybody who is told', async () => {
  expect(Object.keys(declared).length + shaped.length).toBeGreaterThanOrEqual(50);
  const server = await listenHttp();
  const password = random(200);
  const leak = shaped
    .map(([text], n) => `${n % 3 === 0 ? 'err' : 'out'} <<'END-${n}'\n${text}\nEND-${n}`)
    .join('\n');
  await writeFile(join(desk.folder, 'leak'), `#!/bin/bash\nout() { cat; }\nerr() { cat >&2; }\n${leak}\n`);
  await chmod(join(desk.folder, 'leak'), 0o755);
  await writeFile(join(desk.folder, 'leak.md'), runbook);
  await writeFile(join(desk.folder, 'secret-file'), declared.FROM_FILE!);
  await writeFile(
    join(desk.folder, 'drillbook.yaml'),
    `shared: ${bucket.address('shared')}
targets:
  members:
    environment: staging
    url: env:LIVE_URL
    variables:
${Object.keys(declared)
  .map(
    (name) =>
      `      ${name}: ${name === 'FROM_FILE' ? `file:${join(desk.folder, 'secret-file')}` : `env:S_${name}`}\n`,
  )
  .join('')}    sinks:
      - { kind: slack, url: env:HOOK, tell: [start, guard, end] }
      - { kind: webhook, url: env:HOOK, name: everything, tell: [start, end] }
      - { kind: s3, store: "${bucket.address('entries')}" }
      - { kind: folder, folder: team }
`,
  );
  const env = {
    ...(bucket.environment as Record<string, string>),
    ...Object.fromEntries(Object.entries(declared).map(([name, value]) => [`S_${name}`, value])),
    LIVE_URL: `postgresql:///members?host=${cluster.folder}&user=${cluster.user}&password=${password}`,
    HOOK: `${server.url}/services/${random(201)}`,
  };
  const ended = await desk.run(
    ['run', 'leak.md', '--mode', 'drill', '--target', 'members', '--plain', '--yes'],
    { env },
  );
  expect(ended.stderr).not.toContain('not told yet');
  expect(server.received.map(({ body }) => body.event ?? 'text')).toContain('end');
  const [run] = await desk.runs();
  // The run got as far as to the command that fails, with everything in its output.
  const journal = await readFile(join(desk.folder, 'home', 'state', 'runs', run!, 'journal.jsonl'), 'utf8');
  expect(journal.includes('"verdict":"failed"'), journal.slice(-400)).toBe(true);

  const told = {
    stdout: ended.stdout,
    stderr: ended.stderr,
    server: JSON.stringify(server.received.map(({ body }) => body)),
    ...(await filesBelow(join(desk.folder, 'home'))),
    ...(await filesBelow(join(desk.folder, 'team'))),
    ...(await filesBelow(join(desk.folder, 'incidents'))),
    ...(await objectsOf('entries')),
    ...(await objectsOf('shared')),
  };
  expect(Object.keys(told).filter((name) => /journal\.jsonl$/.test(name)).length).toBeGreaterThanOrEqual(3);
  const secrets = [
    ...Object.values(declared).flatMap((value) => value.split('\n')),
    ...Object.values(declared).map((value) => Buffer.from(value).toString('base64')),
    ...Object.values(declared).map((value) => encodeURIComponent(value)),
    ...shaped.map(([, secret]) => secret),
    password,
    random(201),
  ];
  const leaks = Object.entries(told).flatMap(([file, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${file}: ${secret}`),
  );
  expect(leaks).toEqual([]);
});

async function filesBelow(folder: string): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')]),
    ),
  );
}

async function objectsOf(prefix: string): Promise<Record<string, string>> {
  const { openObjects } = await import('../../src/backup/stores/open.ts');
  const store = await openObjects(bucket.address(prefix), bucket.environment);
  const found: Record<string, string> = {};
  for await (const { key } of store.list()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await store.get(key)) chunks.push(chunk);
    found[`${prefix}:${key}`] = Buffer.concat(chunks).toString('utf8');
  }
  store.close();
  return found;
}

test('a place that cannot be reached keeps nobody waiting, and hears of the run at the next start', async () => {
  await writeFile(
    join(desk.folder, 'calm.md'),
    '# Calm\n\n## Calm\n\n### Step 1: Look\n\n```bash\ntrue\n```\n',
  );
  const server = await listenHttp();
  server.answer = () => ({ status: 503, body: 'not now' });
  await writeFile(join(desk.folder, 'drillbook.yaml'), `sinks:\n  - { kind: slack, url: env:HOOK }\n`);
  const env = { HOOK: server.url };
  const run = () => desk.run(['run', 'calm.md', '--mode', 'incident', '--plain', '--yes'], { env });
  const first = await run();
  expect(first.code, first.stderr).toBe(0);
  expect(first.stderr).toMatch(
    /^drillbook: \d messages? (is|are) not told yet \(slack: the answer was 503: not now\)/m,
  );
  const waits = await desk.run(['log', 'outbox'], { env });
  expect(waits.stdout).toMatch(/^[0-9a-f]{24} {2}slack: \[INCIDENT\] Calm: passed \(\d tr/);
  expect((await desk.run(['log', 'outbox', '--retry'], { env })).code).toBe(1);
  server.answer = () => ({ status: 200 });
  const second = await run();
  expect(second.stderr).not.toContain('not told yet');
  expect((await desk.run(['log', 'outbox'], { env })).stderr).toContain('Everything has been told.');
  const arrived = server.received.map(({ body }) => body.text as string);
  expect(new Set(arrived.map((text) => /Run (\S+),/.exec(text)![1])).size).toBe(2);
});
