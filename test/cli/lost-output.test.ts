import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const entry = new URL('../../src/main.ts', import.meta.url).pathname;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-lost-'));
  await writeFile(
    join(folder, 'wait.md'),
    '# Wait\n\n## Wait\n\n```bash\nfor n in $(seq 3000); do echo "tick $n"; sleep 0.1; done\n```\n',
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A line of bash in which `drillbook` is the program; its last word is the exit code of the program. */
function shell(line: string): Promise<{ readonly code: number; readonly stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
  const program = `drillbook() { '${process.execPath}' '${entry}' "$@"; }`;
  return new Promise((resolve) => {
    execFile('bash', ['-c', `${program}\n${line}`], { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve({ code: Number(stdout.trim().split('\n').at(-1)), stderr }),
    );
  });
}

async function journal(): Promise<readonly { readonly type: string }[]> {
  const runs = join(folder, 'state', 'drillbook', 'runs');
  const [run] = await readdir(runs);
  const text = await readFile(join(runs, run!, 'journal.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a run', () => {
  const run = 'drillbook run wait.md --mode drill --plain --yes';

  test.each([
    ['whose reader goes away', `${run} | head -4 >&2; echo \${PIPESTATUS[0]}`],
    ['whose readers of everything go away', `${run} 2>&1 | head -4 >&2; echo \${PIPESTATUS[0]}`],
    ['on a full disk', `${run} >/dev/full; echo $?`],
  ])('%s is stopped and can be taken up again', async (_what, line) => {
    const { code, stderr } = await shell(line);
    expect(code, stderr).toBe(130);
    expect(stderr).not.toContain('should not have happened');
    expect(stderr).not.toMatch(/^\s+at /m);
    const events = await journal();
    expect(events.findLast(({ type }) => type === 'command-finished')).toMatchObject({ verdict: 'stopped' });
    expect(events.at(-1)).toMatchObject({
      type: 'run-stopped',
      reason: expect.stringContaining('standard output was lost'),
    });
  });
});

describe('outside of a run', () => {
  test('a reader that goes away is no error', async () => {
    expect(await shell('drillbook --help | true; echo ${PIPESTATUS[0]}')).toEqual({ code: 0, stderr: '' });
  });

  test('a full disk is one sentence', async () => {
    const { code, stderr } = await shell('drillbook --help >/dev/full; echo $?');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^drillbook: standard output cannot be written: [^\n]*\n$/);
  });
});
