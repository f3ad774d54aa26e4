import { beforeAll, describe, expect, test } from 'vitest';
import { decide } from '../../src/run/decide.ts';
import { here } from '../../src/run/here.ts';
import { identity, PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

const restore = `# Restore members

## 1. Pre-checks

\`\`\`bash
psql "$DATABASE_URL" -c "SELECT 1"
\`\`\`

## 2. Safety backup

\`\`\`bash
pg_dump -Fc --file=safety.dump "$DATABASE_URL"
pg_restore --file=/dev/null safety.dump
\`\`\`

## 3. Restore

\`\`\`bash
psql "$DATABASE_URL" -c "DROP SCHEMA public CASCADE"
\`\`\`

## 4. Follow-up

- [ ] Tell the team
`;

function begun(
  mode: 'incident' | 'drill' = 'incident',
  environment: 'production' | 'staging' | 'local' | 'sandbox' = 'production',
) {
  const run = new PaperRun(procedureOf(restore), { mode, target: targetIn(environment) });
  run.send({
    type: 'give',
    name: 'DATABASE_URL',
    value: 'postgresql://db.internal:5432/members',
    secret: false,
    source: 'target',
    points: { address: 'db.internal:5432', database: 'members' },
  });
  run.send({ type: 'next' });
  return run;
}

function command(run: PaperRun): string {
  const at = here(run.state);
  if (at.kind !== 'part' || at.part.kind !== 'command') throw new Error(`no command here but ${at.kind}`);
  return at.part.id;
}

/** Runs the command that it is the turn of, and ends it well. */
function pass(run: PaperRun): void {
  const id = command(run);
  const asked = run.send({ type: 'run', command: id });
  if (asked.kind === 'guarded') run.send({ type: 'run', command: id, confirmation: { by: 'enter' } });
  run.finish();
  if (here(run.state).kind === 'step-done') run.send({ type: 'next' });
}

describe('the way through a run', () => {
  test('from the first command to the end, each step in its turn', () => {
    const run = begun('drill', 'sandbox');
    for (let n = 0; n < 3; n++) pass(run);
    const drop = command(run);
    expect(run.send({ type: 'run', command: drop })).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'enter' },
    });
    run.send({ type: 'run', command: drop, confirmation: { by: 'enter' } });
    run.finish();
    run.send({ type: 'next' });
    const at = here(run.state);
    expect(at).toMatchObject({ kind: 'part', part: { kind: 'check' } });
    if (at.kind === 'part') run.send({ type: 'check', part: at.part.id, answer: 'ticked' });
    expect(here(run.state).kind).toBe('end');
    expect(run.send({ type: 'finish', outcome: 'passed' }).kind).toBe('accepted');
    expect(run.state).toMatchObject({ status: 'finished', outcome: 'passed' });
  });

  test('the next step waits for what is open, and nothing starts while a command runs', () => {
    const run = begun('drill', 'sandbox');
    expect(run.send({ type: 'next' }).kind).toBe('refused');
    const id = command(run);
    run.send({ type: 'run', command: id });
    for (const intent of [
      { type: 'run', command: id },
      { type: 'edit', command: id, text: 'true' },
      { type: 'next' },
      { type: 'stop', reason: '' },
      { type: 'finish', outcome: 'passed' },
    ] as const)
      expect(run.send(intent), intent.type).toMatchObject({
        kind: 'refused',
        reason: 'a command is running',
      });
    expect(run.send({ type: 'interrupt' })).toMatchObject({ action: { kind: 'interrupt' } });
    expect(run.send({ type: 'note', text: 'it hangs' }).kind).toBe('accepted');
  });

  test('a failed command stays until it is retried, done by hand or skipped with a reason', () => {
    const run = begun('drill', 'sandbox');
    const id = command(run);
    run.send({ type: 'run', command: id });
    run.finish({ verdict: 'failed', exit: { kind: 'code', code: 2 } });
    expect(here(run.state)).toMatchObject({ kind: 'part', status: 'failed' });
    expect(run.send({ type: 'skip-part', part: id, reason: '  ' })).toMatchObject({
      kind: 'refused',
      again: true,
    });
    run.send({ type: 'run', command: id });
    expect(run.state.running).toMatchObject({ attempt: 2 });
    run.finish({ verdict: 'hidden-failure' });
    expect(here(run.state)).toMatchObject({ status: 'failed' });
    run.send({ type: 'by-hand', command: id, note: 'asked the server myself' });
    expect(here(run.state).kind).toBe('step-done');
    expect(run.state.parts[id]).toMatchObject({ status: 'by-hand', note: 'asked the server myself' });
  });

  test('going back opens a step again and keeps what was done', () => {
    const run = begun('drill', 'sandbox');
    const first = run.state.step!;
    const id = command(run);
    pass(run);
    const second = run.state.step!;
    expect(second).not.toBe(first);
    run.send({ type: 'back', step: first });
    expect(command(run)).toBe(id);
    expect(run.state.parts[id]!.attempts).toHaveLength(1);
    pass(run);
    expect(run.state.step).toBe(second);
    expect(run.state.parts[id]!.attempts).toHaveLength(2);
    expect(run.send({ type: 'back', step: 'nowhere' }).kind).toBe('refused');
  });

  test('a run does not pass while something is open', () => {
    const run = begun('drill', 'sandbox');
    expect(run.send({ type: 'finish', outcome: 'passed' }).kind).toBe('refused');
    expect(run.send({ type: 'finish', outcome: 'abandoned', reason: 'false alarm' }).kind).toBe('accepted');
    expect(run.send({ type: 'next' })).toMatchObject({ kind: 'refused', reason: 'this run is finished' });
  });
});

describe('guards', () => {
  test('production wants a verified safety backup of this run first, then the phrase', () => {
    const run = begun();
    run.send({ type: 'skip-step', reason: 'known' });
    run.send({ type: 'next' });
    run.send({ type: 'skip-step', reason: 'the disk is full' });
    run.send({ type: 'next' });
    const drop = command(run);
    expect(
      run.send({ type: 'run', command: drop, confirmation: { by: 'phrase', phrase: 'RESTORE members' } }),
    ).toMatchObject({
      kind: 'refused',
      overridable: true,
      reason: expect.stringMatching(/no safety backup/),
    });
    expect(
      run.send({
        type: 'run',
        command: drop,
        confirmation: { by: 'override', reason: 'the disk is gone', phrase: 'restore members' },
      }),
    ).toMatchObject({ kind: 'refused', again: true });
    run.send({
      type: 'run',
      command: drop,
      confirmation: { by: 'override', reason: 'the disk is gone', phrase: 'RESTORE members' },
    });
    expect(run.state.running?.command).toBe(drop);
    expect(run.state.overrides).toMatchObject([{ reason: 'the disk is gone' }]);
    expect(run.events.filter((event) => event.type === 'guard-refused')).toHaveLength(2);
  });

  test('with the backup made and read to its end, the phrase alone does', () => {
    const run = begun();
    pass(run);
    pass(run);
    const verify = command(run);
    run.send({ type: 'run', command: verify });
    run.finish();
    run.send({ type: 'next' });
    const drop = command(run);
    expect(run.send({ type: 'run', command: drop })).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'phrase', phrase: 'RESTORE members' },
    });
    expect(run.send({ type: 'run', command: drop, confirmation: { by: 'enter' } })).toMatchObject({
      kind: 'refused',
      again: true,
    });
    expect(
      run.send({ type: 'run', command: drop, confirmation: { by: 'phrase', phrase: 'RESTORE members' } }),
    ).toMatchObject({
      action: { kind: 'execute' },
    });
    expect(run.events.at(-2)).toMatchObject({
      type: 'guard-confirmed',
      by: 'phrase',
      phrase: 'RESTORE members',
    });
  });

  test('a backup that was only listed verifies nothing', () => {
    const run = begun();
    pass(run);
    const dump = command(run);
    run.send({ type: 'run', command: dump, confirmation: { by: 'enter' } });
    run.finish();
    run.send({ type: 'edit', command: command(run), text: 'pg_restore --list safety.dump' });
    pass(run);
    expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
      reason: expect.stringMatching(/not verified/),
    });
  });

  test('the server is asked again after the confirmation, and must be the same', () => {
    const run = begun('incident', 'staging');
    pass(run);
    pass(run);
    pass(run);
    const drop = command(run);
    const confirmation = { by: 'phrase', phrase: 'members' } as const;
    const moved = { ...identity, system: '7000000000000000002' };
    expect(run.send({ type: 'run', command: drop, confirmation }, moved)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/not the server.*system identifier/),
    });
    expect(
      run.send({ type: 'run', command: drop, confirmation }, { failure: 'connection refused' }),
    ).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/connection refused/),
    });
    expect(run.state.running).toBeUndefined();
    run.send({ type: 'run', command: drop, confirmation }, moved);
    run.send({ type: 'accept-identity', reason: 'planned failover' });
    expect(run.send({ type: 'run', command: drop, confirmation }, moved)).toMatchObject({ kind: 'accepted' });
    expect(run.state.running?.command).toBe(drop);
  });

  test('a drill never changes production, whatever is confirmed', () => {
    const run = begun('drill', 'production');
    pass(run);
    const dump = command(run);
    for (const confirmation of [
      { by: 'enter' },
      { by: 'flag', phrase: 'RESTORE members' },
      { by: 'override', reason: 'I want to', phrase: 'RESTORE members' },
    ] as const)
      expect(run.send({ type: 'run', command: dump, confirmation })).toMatchObject({
        kind: 'refused',
        overridable: false,
      });
  });

  test('an edited command is read anew', () => {
    const run = begun('drill', 'sandbox');
    const id = command(run);
    run.send({ type: 'edit', command: id, text: 'dropdb members' });
    expect(run.send({ type: 'run', command: id })).toMatchObject({
      kind: 'guarded',
      reading: { class: 'destroys' },
    });
  });

  test("a connection that goes elsewhere is pointed out, and the target's own is not", () => {
    const run = begun('incident', 'staging');
    const id = command(run);
    run.send({ type: 'edit', command: id, text: 'psql -h other.internal -d members -c "DELETE FROM users"' });
    expect(run.send({ type: 'run', command: id })).toMatchObject({
      kind: 'guarded',
      cautions: [expect.stringMatching(/other\.internal:5432, not to db\.internal:5432/)],
    });
    run.send({ type: 'edit', command: id, text: 'psql "$DATABASE_URL" -c "DELETE FROM users"' });
    expect(run.send({ type: 'run', command: id })).toMatchObject({ kind: 'guarded', cautions: [] });
  });

  test.each([
    ['psql "${DATABASE_URL/db.internal/other.internal}"', 'other.internal:5432'],
    ['psql "${DATABASE_URL//internal/external}"', 'db.external:5432'],
    ['psql "${DATABASE_URL%/*}/archive"', 'the database archive'],
    ['psql "${DATABASE_URL}_old"', 'the database members_old'],
    ['psql "${DATABASE_URL:0:9}x"', 'the server of \\$\\{DATABASE_URL:0:9\\}x'],
    ['psql "$(cat other.url)"', 'the server of \\$\\(cat other.url\\)'],
    ['psql "${URLS[1]}"', 'the server of \\$\\{URLS\\[1\\]\\}'],
    ['psql -d "$SOMEWHERE"', 'the server of \\$SOMEWHERE'],
    ['psql -p 5433 -d members', 'db.internal:5433'],
    ['PGPORT=5433 psql -d members', 'db.internal:5433'],
    ['psql -p "$PORT" -d members', 'the server of \\$PORT'],
    ['psql -h db.internal -p "$PORT" -d members', 'the server of \\$PORT'],
    ['psql -h "${DATABASE_URL#*@}" -d members', 'db.internal'],
  ])('a URL that is changed on its way is followed, or said to be unknown: %s', (psql, where) => {
    const run = begun('incident', 'staging');
    run.send({
      type: 'give',
      name: 'DATABASE_URL',
      value: 'postgres://app@db.internal:5432/members',
      secret: false,
      source: 'target',
      points: { address: 'db.internal:5432', database: 'members' },
    });
    const id = command(run);
    run.send({ type: 'edit', command: id, text: `${psql} -c "DELETE FROM users"` });
    expect(run.send({ type: 'run', command: id })).toMatchObject({
      cautions: [expect.stringMatching(new RegExp(`connects to ${where}`))],
    });
  });

  test.each([
    '"${DATABASE_URL}"',
    '"${DATABASE_URL%/*}/members"',
    '"${DATABASE_URL:?is not set}"',
    '"${DATABASE_URL/x/y}"',
  ])('a URL that comes out as the target is the target: %s', (url) => {
    const run = begun('incident', 'staging');
    run.send({
      type: 'give',
      name: 'DATABASE_URL',
      value: 'postgres://app@db.internal:5432/members',
      secret: false,
      source: 'target',
      points: { address: 'db.internal:5432', database: 'members' },
    });
    const id = command(run);
    run.send({ type: 'edit', command: id, text: `psql ${url} -c "DELETE FROM users"` });
    expect(run.send({ type: 'run', command: id })).toMatchObject({ kind: 'guarded', cautions: [] });
  });
});

describe('a runbook that names production by itself', () => {
  const runbook = `# Clean up

## 1. Drop the copy

\`\`\`bash
dropdb -h prod.internal members
\`\`\`

## 2. Remove files

\`\`\`bash
rm -rf /var/backups/members
\`\`\`
`;

  function sandboxed(mode: 'incident' | 'drill') {
    const run = new PaperRun(procedureOf(runbook), {
      mode,
      target: targetIn('sandbox', { address: '/tmp/socket' }),
    });
    run.send({ type: 'next' });
    return run;
  }

  test('cannot reach it from a drill on the sandbox, whatever is confirmed', () => {
    const run = sandboxed('drill');
    for (const confirmation of [{ by: 'enter' }, { by: 'flag', phrase: 'DESTROY members' }] as const)
      expect(run.send({ type: 'run', command: command(run), confirmation })).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/prod\.internal:5432/),
      });
    expect(run.state.running).toBeUndefined();
  });

  test('wants its name typed in an incident, although the target is the sandbox', () => {
    const run = sandboxed('incident');
    expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'phrase', phrase: 'DESTROY members' },
      cautions: [expect.stringMatching(/prod\.internal:5432, not to \/tmp\/socket/)],
    });
  });

  test('wants the path typed before files go', () => {
    const run = sandboxed('drill');
    run.send({ type: 'skip-step', reason: 'test' });
    run.send({ type: 'next' });
    expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'phrase', phrase: '/var/backups/members' },
      cautions: [expect.stringMatching(/not in the sandbox/)],
    });
  });
});

describe('a runbook that sets the connection by itself', () => {
  const runbook = `# Restore the copy

## 1. Where

\`\`\`bash
export DATABASE_URL="<production-db-url>"
\`\`\`

## 2. Restore

\`\`\`bash
pg_restore --clean --dbname=$DATABASE_URL a.dump
\`\`\`
`;

  function restoreInto(url: string, changed = ['DATABASE_URL'], text?: string) {
    const run = new PaperRun(procedureOf(runbook), { mode: 'drill', target: targetIn('sandbox') });
    const name = run.state.started.procedure.placeholders[0]!.name;
    run.send({ type: 'give', name, value: url, secret: false, source: 'operator' });
    run.send({ type: 'next' });
    const id = command(run);
    if (text) run.send({ type: 'edit', command: id, text });
    run.send({ type: 'run', command: id });
    run.finish({ changed });
    run.send({ type: 'next' });
    return run.send({ type: 'run', command: command(run) });
  }

  test('to the target: it is the target', () => {
    expect(restoreInto('postgresql://db.internal:5432/members')).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'enter' },
      cautions: [],
    });
  });

  test('to production: no drill goes there', () => {
    expect(restoreInto('postgresql://u@prod.internal/members')).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/prod\.internal:5432/),
    });
  });

  test('to what its text does not tell: it may lead anywhere', () => {
    expect(restoreInto('x', ['DATABASE_URL'], 'export DATABASE_URL="$(cat url)"')).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/the server of \$DATABASE_URL/),
    });
  });
});

describe('several effects in one command', () => {
  function asked(text: string, environment: 'sandbox' | 'production' = 'sandbox', step = 'Restore') {
    const run = new PaperRun(
      procedureOf(
        `# R\n\n## 1. ${step}\n\n\`\`\`bash\ntrue\n\`\`\`\n\n## 2. Then\n\n\`\`\`bash\ntrue\n\`\`\`\n`,
      ),
      {
        mode: 'incident',
        target: targetIn(environment),
      },
    );
    run.send({ type: 'next' });
    run.send({ type: 'edit', command: command(run), text });
    return run.send({ type: 'run', command: command(run) });
  }

  test.each([
    ['dropdb members && rm -rf /home/me/data', 'members and /home/me/data'],
    ['rm -rf /home/me/data && dropdb members', 'members and /home/me/data'],
  ])('%s: the strictest guard decides, and everything is named', (text, phrase) => {
    expect(asked(text)).toMatchObject({ kind: 'guarded', guard: { kind: 'phrase', phrase } });
  });

  test.each([
    'terraform destroy -auto-approve',
    'git push --force',
    'aws rds delete-db-instance --db-instance-identifier x',
    'redis-cli -h cache FLUSHALL',
  ])('on the sandbox %s is not the sandbox', (text) => {
    const decision = asked(text);
    expect(decision).not.toMatchObject({ guard: { kind: 'enter' } });
    expect(['guarded', 'refused']).toContain(decision.kind);
  });

  test('what belongs to no connection is no part of the restore', () => {
    const run = asked('redis-cli -h cache FLUSHALL', 'production');
    expect(JSON.stringify(run)).not.toContain('RESTORE members');
  });

  test('a service file may lead anywhere', () => {
    expect(asked('psql service=prod -c "DROP TABLE x"')).toMatchObject({
      cautions: [expect.stringMatching(/the service prod/)],
    });
  });

  test('production wants its backup on every detour', () => {
    for (const text of [
      'psql -h 10.0.0.5 -d members -c "DROP SCHEMA public CASCADE"',
      'docker compose exec -T db psql -c "DROP DATABASE members"',
    ])
      expect(asked(text, 'production')).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/no safety backup/),
      });
  });
});

test('an answer of the server counts for the intent that asked, and for no later one', () => {
  const run = begun('incident', 'staging');
  const id = command(run);
  run.send({ type: 'edit', command: id, text: 'dropdb members' });
  run.record({ type: 'identity-read', identity });
  expect(
    decide(run.state, { type: 'run', command: id, confirmation: { by: 'phrase', phrase: 'members' } }),
  ).toMatchObject({
    kind: 'accepted',
    events: [],
    action: { kind: 'identify' },
  });
});

describe('what earlier commands have defined', () => {
  test.each([
    ['alias ls="rm -rf"', 'ls /data', []],
    ['ls() { dropdb "$1"; }', 'ls members', ['ls()']],
    ['reset_db() { dropdb "$1"; }', 'reset_db members', ['reset_db()']],
  ])('%s makes %s what it is', (definition, use, changed) => {
    const run = begun('incident', 'staging');
    const id = command(run);
    run.send({ type: 'edit', command: id, text: definition });
    const defined = run.send({ type: 'run', command: id });
    if (defined.kind === 'guarded') run.send({ type: 'run', command: id, confirmation: { by: 'enter' } });
    run.finish({ changed });
    run.send({ type: 'back', step: run.state.step! });
    run.send({ type: 'edit', command: id, text: use });
    expect(run.send({ type: 'run', command: id })).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'phrase' },
      reading: { class: 'destroys' },
    });
  });
});

test('SQL goes to the target, and is read as SQL', () => {
  const run = new PaperRun(
    procedureOf(
      '# R\n\n## 1. Restore\n\n```sql\nDROP SCHEMA public CASCADE;\n```\n\n## 2. Then\n\n```sql\nSELECT 1;\n```\n',
    ),
    {
      mode: 'incident',
      target: targetIn('staging'),
    },
  );
  run.send({
    type: 'give',
    name: 'DATABASE_URL',
    value: 'postgresql://db.internal:5432/members',
    secret: false,
    source: 'target',
    points: { address: 'db.internal:5432', database: 'members' },
  });
  run.send({ type: 'next' });
  expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
    guard: { kind: 'phrase', phrase: 'members' },
    cautions: [],
  });
});

test('a command that outlived Drillbook can be stopped', () => {
  const run = begun('drill', 'sandbox');
  const id = command(run);
  run.send({ type: 'run', command: id });
  run.record({ type: 'command-interrupted', command: id, attempt: 1, alive: true, pid: 1 });
  expect(run.send({ type: 'interrupt' })).toMatchObject({ action: { kind: 'interrupt', command: id } });
});

test('secrets must be given again after a resume', () => {
  const run = begun('drill', 'sandbox');
  run.send({ type: 'give', name: 'DATABASE_URL', value: 'x', secret: true, source: 'operator' });
  run.record({ type: 'run-resumed', host: 'h', version: '0', tornBytes: 0 });
  expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
    reason: expect.stringMatching(/value for DATABASE_URL/),
  });
});

test('a shell is not a way round: no drill on production opens one', () => {
  expect(begun('drill', 'production').send({ type: 'open-shell' }).kind).toBe('refused');
  expect(begun('drill', 'sandbox').send({ type: 'open-shell' }).kind).toBe('accepted');
});

test.each(['local', 'staging', 'production'] as const)(
  'a shell on %s wants Enter, and says why',
  (environment) => {
    const run = begun('incident', environment);
    const asked = run.send({ type: 'open-shell' });
    expect(asked).toMatchObject({
      kind: 'guarded',
      shell: true,
      guard: { kind: 'enter', caution: expect.stringMatching(/nothing asks again before it destroys/) },
      reading: { class: 'unknown' },
    });
    const opened = run.send({ type: 'open-shell', confirmation: { by: 'enter' } });
    expect(opened).toMatchObject({
      kind: 'accepted',
      events: [
        { type: 'guard-confirmed', command: 'shell', effect: 'unknown', by: 'enter' },
        { type: 'shell-opened' },
      ],
      action: { kind: 'open-shell' },
    });
  },
);

describe('values', () => {
  test('a command waits for the values that it needs', () => {
    const run = new PaperRun(procedureOf(restore), { mode: 'drill', target: targetIn('sandbox') });
    run.send({ type: 'next' });
    expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/DATABASE_URL/),
    });
  });

  test('a secret is in no event', () => {
    const run = begun('drill', 'sandbox');
    run.send({
      type: 'give',
      name: 'DATABASE_URL',
      value: 'postgresql://u:hunter2@db/members',
      secret: true,
      source: 'operator',
    });
    expect(JSON.stringify(run.events)).not.toContain('hunter2');
    expect(run.state.inputs.DATABASE_URL).toMatchObject({ secret: true });
  });
});

describe('after a crash', () => {
  function interrupted(alive: boolean) {
    const run = begun('drill', 'sandbox');
    const id = command(run);
    run.send({ type: 'run', command: id });
    run.record({ type: 'run-resumed', host: 'laptop', version: '0', tornBytes: 0 });
    run.record({ type: 'command-interrupted', command: id, attempt: 1, alive, pid: 4121 });
    return { run, id };
  }

  test('nothing goes on until somebody has found out how the command ended', () => {
    const { run, id } = interrupted(false);
    expect(here(run.state)).toMatchObject({ kind: 'part', status: 'interrupted' });
    expect(run.send({ type: 'run', command: id })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/unknown/),
    });
    expect(run.send({ type: 'settle', as: 'succeeded', note: ' ' })).toMatchObject({ again: true });
    run.send({ type: 'settle', as: 'failed', note: 'the table is not there' });
    expect(here(run.state)).toMatchObject({ status: 'failed' });
    run.send({ type: 'run', command: id });
    expect(run.state.running).toMatchObject({ attempt: 2 });
  });

  test('settled as succeeded, it counts as done', () => {
    const { run } = interrupted(false);
    run.send({ type: 'settle', as: 'succeeded', note: 'looked at the output' });
    expect(here(run.state).kind).toBe('step-done');
  });

  test('a changed runbook stops commands until it is accepted', () => {
    const run = begun('drill', 'sandbox');
    run.record({ type: 'runbook-checked', same: false });
    expect(run.send({ type: 'run', command: command(run) })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/runbook/),
    });
    run.send({ type: 'accept-runbook', reason: 'a typing error was mended' });
    expect(run.send({ type: 'run', command: command(run) }).kind).toBe('accepted');
  });
});
