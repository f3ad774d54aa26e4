import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { questions } from '../../src/runbook/questions.ts';
import { commandsIn, partsOf, procedureOf, stepsOf } from '../runbook/flow.ts';
import { expectSound, faultyCommands, fenceCount } from '../runbook/invariants.ts';
import { loadSyntax } from '../support/syntax.ts';

const corpus = new URL('../../../shared/corpus/', import.meta.url);
const there = existsSync(corpus);
if (!there) console.warn('skipped: the corpus of real runbooks is not beside this checkout');

const documents = there
  ? ['seeds', 'runbooks'].flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, corpus))
        .filter((name) => name.endsWith('.md') && name !== 'INDEX.md')
        .map((name) => `${folder}/${name}`),
    )
  : [];
const text = (name: string) => readFileSync(new URL(name, corpus), 'utf8');

beforeAll(loadSyntax);

describe.skipIf(!there)('a document found in the wild', () => {
  test.each(documents)('%s is read without loss', (name) => {
    const source = text(name);
    const runbook = compile(source);
    expectSound(runbook, source);
    const fenced = runbook.blocks.filter((block) =>
      /^[ >]*(?:`{3}|~{3})/.test(source.slice(block.range.start)),
    );
    expect(fenced.length).toBeGreaterThanOrEqual(fenceCount(source));
    for (const block of runbook.blocks) {
      const at = source.slice(block.range.start, block.range.end);
      for (const line of block.content.split('\n')) expect(at).toContain(line.trim());
    }
  });

  test.each(documents)('%s compiles to the same thing twice', (name) => {
    expect(compile(text(name))).toEqual(compile(text(name)));
  });

  test('all but a few commands are sound shell', () => {
    const faulty = documents.flatMap((name) => faultyCommands(compile(text(name))));
    expect(faulty.length).toBeLessThanOrEqual(12);
  });
});

describe.skipIf(!there)('restoring to production, as one team wrote it down', () => {
  const read = () => procedureOf(compile(text('seeds/003-pmo.md')), 'Restore to Production (Emergency)');

  test('has its prerequisites and nine steps, in order, each with its phase', () => {
    const [prerequisites, ...steps] = stepsOf(read().items);
    expect(prerequisites!.parts.filter((part) => part.kind === 'check')).toHaveLength(5);
    expect(steps.map((step) => [step.number, step.phase])).toEqual([
      ['1', 'safety-backup'],
      ['2', 'maintenance-on'],
      ['3', 'disconnect'],
      ['4', 'disconnect'],
      ['5', 'restore'],
      ['6', 'verify'],
      ['7', 'maintenance-off'],
      ['8', 'follow-up'],
      ['9', 'follow-up'],
    ]);
  });

  test('feeds the session of its verification to one psql', () => {
    const step = stepsOf(read().items).find((one) => one.number === '6')!;
    const [command, ...others] = commandsIn(step.parts);
    expect(others).toEqual([]);
    expect(command!.text.split('\n')).toEqual([
      "psql $DATABASE_URL <<'PSQL'",
      '-- Check critical tables',
      'SELECT COUNT(*) FROM "User";',
      'SELECT COUNT(*) FROM "Client";',
      'SELECT COUNT(*) FROM "Project";',
      '',
      '-- Check recent data',
      'SELECT * FROM "User" ORDER BY "createdAt" DESC LIMIT 5;',
      '',
      '\\q',
      'PSQL',
    ]);
  });

  test('offers its commented-out ways as a choice of things to do by hand', () => {
    const step = stepsOf(read().items).find((one) => one.number === '2')!;
    const [choice] = step.parts;
    expect(
      choice?.kind === 'choice' &&
        choice.options.map((option) => partsOf(option.parts).map((part) => part.kind)),
    ).toEqual([['manual'], ['manual'], ['manual']]);
  });

  test('asks for what it needs, in the order of use', () => {
    expect(questions(read()).map((question) => [question.kind, question.name, question.value])).toEqual([
      ['placeholder', 'production db url', 'url'],
      ['placeholder', 'backup file', 'file'],
      ['placeholder', 'service name', 'identifier'],
      ['placeholder', 'domain com', 'host'],
    ]);
  });
});

describe.skipIf(!there)('the other seeds', () => {
  test('steps at the level of their procedure belong to it, and estimates are read', () => {
    const procedure = procedureOf(compile(text('seeds/001-la-factoria.md')), 'On-Demand Backup Procedure');
    expect(stepsOf(procedure.items).map((step) => [step.number, step.title, step.estimate?.max])).toEqual([
      ['1', 'Pre-Backup Checks', 180],
      ['2', 'Create Backup', 1200],
      ['3', 'Verify Backup', 600],
      ['4', 'Upload to Storage', 600],
    ]);
  });

  test('platforms and options within them are choices', () => {
    const [choice] = procedureOf(compile(text('seeds/000-ip2a.md')), 'RESTORE PROCEDURE').items;
    expect(choice?.kind === 'choice' && choice.options.map((option) => [option.title, option.tags])).toEqual([
      ['Railway (Production)', ['production', 'railway']],
      ['Local Development (Docker Compose)', ['local-development', 'local', 'docker-compose', 'docker']],
    ]);
  });
});
