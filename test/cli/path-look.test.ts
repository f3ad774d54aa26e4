import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lookAtPaths } from '../../src/cli/path-look.ts';
import { freshState, saveState } from '../../src/execution/shell-state.ts';
import { here } from '../../src/run/here.ts';
import { readCommand } from '../../src/run/read.ts';
import type { Command } from '../../src/runbook/part.ts';
import { PaperRun, procedureOf, targetIn } from '../support/run.ts';
import { loadSyntax } from '../support/syntax.ts';

let folder: string;

beforeAll(loadSyntax);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-look-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'dumps'));
  for (const name of ['old.sql', 'notes', 'dumps/old.sql']) await writeFile(join(folder, name), 'kept');
});

/** A run that stands before a command, with what was seen of the command's paths laid in. */
async function standing(text: string, environment: Parameters<typeof targetIn>[0] = 'production') {
  const markdown = `# Copy\n\n## 1. Copy\n\n\`\`\`bash\n${text}\n\`\`\`\n`;
  const run = new PaperRun(procedureOf(markdown), { target: targetIn(environment) });
  run.send({ type: 'next' });
  const at = here(run.state);
  if (at.kind !== 'part') throw new Error('no command here');
  const command = at.part as Command;
  const place = { stateFolder: join(folder, 'state'), cwd: folder };
  const seen = await lookAtPaths(run.state, command, place);
  const { paths, texts } = seen ?? {};
  run.state = {
    ...run.state,
    ...(paths && { paths: { [command.id]: paths } }),
    ...(texts && { texts: { [command.id]: texts } }),
  };
  return { run, command, paths, texts };
}

describe('the files that a command would write', () => {
  it.each([
    ['date > old.sql', 'destroys', 'overwrites old.sql, which exists'],
    ['date > new.sql', 'changes', 'writes the new file new.sql'],
    ['date >> old.sql', 'changes', 'appends to old.sql'],
    ['date | tee notes', 'destroys', 'overwrites notes, which exists'],
    ['cp notes dumps/old.sql', 'destroys', 'cp overwrites dumps/old.sql, which exists'],
    ['cp old.sql dumps', 'destroys', 'cp overwrites dumps/old.sql, which exists'],
    ['cp notes dumps', 'changes', 'copies onto dumps'],
    ['mv new.sql old.sql', 'destroys', 'mv overwrites old.sql, which exists'],
    ['install new old.sql', 'destroys', 'install overwrites old.sql, which exists'],
    ['ln -sf notes old.sql', 'destroys', 'ln overwrites old.sql, which exists'],
    ['cd dumps && date > old.sql', 'destroys', 'overwrites old.sql, which exists'],
    ['cd dumps && date > notes', 'changes', 'writes the new file notes'],
    ['{ (cd dumps; date > notes); date > notes; }', 'destroys', 'overwrites notes, which exists'],
    ['{ cd nowhere; date > notes; }', 'changes', 'overwrites it if it is there'],
    ['{ cd "$SOMEWHERE"; date > notes; }', 'changes', 'overwrites it if it is there'],
    ['{ true && cd dumps; date > notes; }', 'changes', 'overwrites it if it is there'],
    ['docker exec db sh -c "date > notes"', 'changes', 'overwrites it if it is there'],
  ])('%s: %s', async (text, effect, reason) => {
    const { run, command } = await standing(text);
    const { reading } = readCommand(run.state, command);
    expect(reading.class).toBe(effect);
    expect(reading.effects.map((each) => each.reason).join('; ')).toContain(reason);
  });

  it('count from where the commands of the run have left the shell', async () => {
    await mkdir(join(folder, 'state'));
    await saveState(join(folder, 'state'), { ...freshState, folder: join(folder, 'dumps') }, (text) => text);
    expect((await standing('date > notes')).paths).toEqual({ notes: false });
    expect((await standing('date > old.sql')).paths).toEqual({ 'old.sql': true });
  });

  it('are not asked for where a command writes none', async () => {
    expect((await standing('psql -l')).paths).toBeUndefined();
    expect((await standing('date > /dev/null')).paths).toBeUndefined();
  });
});

describe('a file that is there', () => {
  it('is guarded like what destroys, by its own name, and the journal says what was known', async () => {
    const { run, command } = await standing('date > old.sql');
    const asked = run.send({ type: 'run', command: command.id });
    expect(asked).toMatchObject({
      kind: 'guarded',
      guard: { kind: 'phrase', phrase: 'DESTROY old.sql', needsSafetyBackup: false },
    });
    run.send({
      type: 'run',
      command: command.id,
      confirmation: { by: 'phrase', phrase: 'DESTROY old.sql' },
    });
    const paths = { 'old.sql': true };
    expect(run.events).toContainEqual(expect.objectContaining({ type: 'guard-confirmed', paths }));
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'command-started', effect: 'destroys', paths }),
    );
  });

  it('asks for Enter alone on the sandbox, and for its name on staging', async () => {
    const guard = async (environment: 'sandbox' | 'staging') => {
      const { run, command } = await standing('date > old.sql', environment);
      return run.send({ type: 'run', command: command.id });
    };
    expect(await guard('sandbox')).toMatchObject({ guard: { kind: 'enter' } });
    expect(await guard('staging')).toMatchObject({ guard: { phrase: 'old.sql' } });
  });

  it('wants the way back all the same where the database may stand in it', async () => {
    await mkdir(join(folder, 'pgdata'));
    await writeFile(join(folder, 'pgdata/PG_VERSION'), '15');
    const { run, command } = await standing('echo 14 > pgdata/PG_VERSION');
    expect(run.send({ type: 'run', command: command.id })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('no safety backup'),
    });
  });
});

describe('the files that a command runs', () => {
  beforeEach(async () => {
    await writeFile(join(folder, 'back.sql'), '-- takes it back\nALTER TABLE orders DROP COLUMN channel;\n');
    await writeFile(join(folder, 'look.sql'), 'SELECT 1;\n');
    await writeFile(join(folder, 'dumps/look.sql'), 'DROP TABLE orders;\n');
    await writeFile(join(folder, 'clear.sh'), 'dropdb members\n');
    await writeFile(join(folder, 'long.sql'), `DROP TABLE orders;${' '.repeat(100_000)}`);
    await writeFile(join(folder, 'inner.sql'), '\\i back.sql\n');
  });

  it.each([
    ['psql -d members -f back.sql', 'destroys', 'channel'],
    ['psql -d members < back.sql', 'destroys', 'channel'],
    ['psql -d members -f inner.sql', 'destroys', 'channel'],
    ['cat back.sql | psql -d members', 'destroys', 'channel'],
    ['cd dumps && psql -d members -f look.sql', 'destroys', 'orders'],
    ['bash clear.sh', 'destroys', 'members'],
    // What reads now may do something else by the time that it runs.
    ['psql -d members -f look.sql', 'unknown', 'which was not read'],
    ['psql -d members -f long.sql', 'unknown', 'which was not read'],
    ['psql -d members -f none.sql', 'unknown', 'which was not read'],
    ['psql -d members -f dumps', 'unknown', 'which was not read'],
  ])('%s: %s', async (text, effect, reason) => {
    const { run, command } = await standing(text);
    const { reading } = readCommand(run.state, command);
    expect(reading.class).toBe(effect);
    expect(reading.effects.map((each) => each.reason).join('; ')).toContain(reason);
  });

  it('want the phrase on production, and their text is in no fact', async () => {
    const { run, command } = await standing('psql -d members -f back.sql');
    const events = run.send({ type: 'run', command: command.id });
    expect(events).toMatchObject({ kind: 'refused', overridable: true });
    expect(JSON.stringify(run.events)).not.toContain('takes it back');
  });
});
