import { describe, expect, test } from 'vitest';
import type { EffectClass } from '../../src/effects/effect.ts';
import { effectClasses } from '../../src/effects/effect.ts';
import { type GuardQuestion, guardFor, targetRefusal } from '../../src/run/guard.ts';
import { type Mode, modes } from '../../src/run/mode.ts';
import { type Environment, environments } from '../../src/run/target.ts';

function ask(effect: EffectClass, environment: Environment | undefined, more: Partial<GuardQuestion> = {}) {
  return guardFor({
    effect,
    environment,
    mode: 'incident',
    database: 'members',
    restoring: true,
    thing: undefined,
    elsewhere: undefined,
    ...more,
  });
}

describe('the table', () => {
  const table: Record<EffectClass, Record<Environment, string>> = {
    reads: { sandbox: 'run', local: 'run', staging: 'run', production: 'run' },
    changes: { sandbox: 'run', local: 'run', staging: 'enter', production: 'enter' },
    destroys: { sandbox: 'enter', local: 'phrase', staging: 'phrase', production: 'phrase' },
    unknown: { sandbox: 'run', local: 'enter', staging: 'enter', production: 'enter' },
  };
  for (const effect of effectClasses)
    for (const environment of environments)
      test(`${effect} on ${environment}: ${table[effect][environment]}`, () => {
        expect(ask(effect, environment).kind).toBe(table[effect][environment]);
      });
});

test('on staging and local the database is typed, on production what happens to it', () => {
  expect(ask('destroys', 'local')).toMatchObject({ phrase: 'members', needsSafetyBackup: false });
  expect(ask('destroys', 'staging')).toMatchObject({ phrase: 'members', needsSafetyBackup: false });
  expect(ask('destroys', 'production')).toMatchObject({ phrase: 'RESTORE members', needsSafetyBackup: true });
  expect(ask('destroys', 'production', { restoring: false, thing: '/var/backups' })).toMatchObject({
    phrase: 'DESTROY /var/backups',
  });
});

test('a run without a target is guarded as production', () => {
  for (const effect of effectClasses)
    expect(ask(effect, undefined).kind).toBe(ask(effect, 'production').kind);
});

test('an unknown command carries a caution wherever a person is asked', () => {
  for (const environment of ['local', 'staging', 'production'] as const)
    expect(ask('unknown', environment)).toMatchObject({ caution: expect.stringMatching(/does not know/) });
});

test('modes only ever refuse more, and a training asks before what nobody knows', () => {
  for (const mode of modes)
    for (const effect of effectClasses)
      for (const environment of [...environments, undefined]) {
        const guard = ask(effect, environment, { mode });
        const refused =
          mode === 'preview' ||
          (mode === 'training' && environment !== 'sandbox') ||
          (mode === 'drill' &&
            effect !== 'reads' &&
            (environment === 'production' || environment === undefined));
        expect({ mode, effect, environment, kind: guard.kind }).toEqual({
          mode,
          effect,
          environment,
          kind: refused
            ? 'refuse'
            : mode === 'training' && effect === 'unknown'
              ? 'enter'
              : ask(effect, environment).kind,
        });
      }
});

test('a refusal says why and what to do instead', () => {
  const cases: [Mode, Environment][] = [
    ['preview', 'sandbox'],
    ['training', 'staging'],
    ['drill', 'production'],
  ];
  for (const [mode, environment] of cases) {
    const guard = ask('destroys', environment, { mode });
    expect(guard).toMatchObject({
      kind: 'refuse',
      reason: expect.stringMatching(/\w{4}/),
      next: expect.stringMatching(/\w{4}/),
    });
  }
});

test('a command that goes to another server is guarded as production, and no drill or training lets it change anything', () => {
  const elsewhere = 'prod.internal:5432';
  for (const environment of ['sandbox', 'local', 'staging'] as const) {
    expect(ask('destroys', environment, { elsewhere, thing: 'members' })).toMatchObject({
      phrase: 'DESTROY members',
    });
    expect(ask('changes', environment, { elsewhere }).kind).toBe('enter');
    expect(ask('reads', environment, { elsewhere }).kind).toBe('run');
    for (const effect of ['changes', 'destroys', 'unknown'] as const)
      expect(ask(effect, environment, { elsewhere, mode: 'drill' })).toMatchObject({
        kind: 'refuse',
        reason: expect.stringContaining(elsewhere),
      });
    expect(ask('reads', environment, { elsewhere, mode: 'drill' }).kind).toBe('run');
  }
});

test("what stands outside the sandbox's databases is typed by its name", () => {
  expect(ask('destroys', 'sandbox', { thing: '/var/lib/postgresql' })).toMatchObject({
    kind: 'phrase',
    phrase: '/var/lib/postgresql',
  });
  expect(ask('unknown', 'sandbox', { thing: undefined }).kind).toBe('run');
});

test('a training may begin on the sandbox only, other modes anywhere', () => {
  expect(targetRefusal('training', 'sandbox')).toBeUndefined();
  for (const environment of ['local', 'staging', 'production', undefined] as const)
    expect(targetRefusal('training', environment)).toMatchObject({
      reason: expect.stringMatching(/sandbox only/),
    });
  for (const mode of ['incident', 'drill', 'preview'] as const)
    expect(targetRefusal(mode, 'production')).toBeUndefined();
});
