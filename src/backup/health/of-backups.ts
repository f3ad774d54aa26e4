import type { Backup } from '../catalog.ts';
import { isVerified } from '../verification.ts';
import type { Drill, HealthCheck, HealthInput } from './health.ts';
import { ageText, bytesText, percentText } from './wording.ts';

/** The newest backup against the objective; what is from the future tells a wrong clock. */
export function checkAge(input: HealthInput, newest: Backup | undefined): HealthCheck {
  if (newest === undefined)
    return { check: 'age', level: 'critical', words: `There is no whole backup of ${input.target}.` };
  const age = input.now.getTime() - newest.takenAt.getTime();
  const words = `The newest backup, ${newest.name}, is ${ageText(age)} old`;
  if (age < -60_000)
    return {
      check: 'age',
      level: 'warning',
      value: age,
      words: `The newest backup, ${newest.name}, is from ${ageText(-age)} in the future: a clock is wrong.`,
    };
  return age > input.limits.age
    ? {
        check: 'age',
        level: 'critical',
        value: age,
        words: `${words}; allowed are ${ageText(input.limits.age)}.`,
      }
    : { check: 'age', level: 'ok', value: age, words: `${words}.` };
}

/** Damage and failed verifications are critical, a newest backup that nobody verified is a warning. */
export function checkIntegrity(input: HealthInput, newest: Backup | undefined): HealthCheck {
  const bad = input.backups.filter(
    (one) => one.damage !== undefined || one.verifications.at(-1)?.passed === false,
  );
  if (bad.length > 0)
    return {
      check: 'integrity',
      level: 'critical',
      value: bad.length,
      words: `${bad.length === 1 ? 'One backup is' : `${bad.length} backups are`} damaged or failed verification: ${bad
        .slice(-3)
        .map((one) => one.name)
        .join(', ')}.`,
    };
  if (newest === undefined)
    return { check: 'integrity', level: 'unknown', words: 'There is nothing to verify.' };
  const verified = input.backups.filter((one) => isVerified(one.verifications));
  if (isVerified(newest.verifications))
    return {
      check: 'integrity',
      level: 'ok',
      value: 0,
      words: `The newest backup is verified, as are ${verified.length} of ${input.backups.length}.`,
    };
  return {
    check: 'integrity',
    level: 'warning',
    value: 0,
    words: `The newest backup was never verified${verified.length === 0 ? ', nor any other' : ''}: drillbook backup verify ${newest.name}.`,
  };
}

/** A jump in either direction: half as much again may be a fault, half as much less is data that are missing. */
export function checkSize(input: HealthInput, whole: readonly Backup[]): HealthCheck {
  const newest = whole.at(-1);
  // Sizes of two formats, or with and without encryption, say nothing of each other.
  const before = whole.slice(0, -1).findLast((one) => one.format === newest?.format && one.bytes > 0);
  if (newest === undefined || before === undefined)
    return { check: 'size', level: 'unknown', words: 'There are no two backups to compare the sizes of.' };
  const growth = newest.bytes / before.bytes - 1;
  const words = `The newest backup has ${bytesText(newest.bytes)}, ${percentText(growth)} against the one before`;
  return Math.abs(growth) > input.limits.growth
    ? {
        check: 'size',
        level: 'warning',
        value: growth,
        words: `${words}: ${growth > 0 ? 'something grew fast' : 'something may be missing'}.`,
      }
    : { check: 'size', level: 'ok', value: growth, words: `${words}.` };
}

/** How long the newest backup took. */
export function checkDuration(input: HealthInput, newest: Backup | undefined): HealthCheck {
  if (newest === undefined)
    return { check: 'duration', level: 'unknown', words: 'There is no backup to say how long one takes.' };
  const took = newest.manifest!.durations.total;
  const slow = took > input.limits.duration;
  return {
    check: 'duration',
    level: slow ? 'warning' : 'ok',
    value: took,
    words: `The newest backup took ${ageText(took)}${slow ? `; allowed are ${ageText(input.limits.duration)}` : ''}.`,
  };
}

/** The last test restore, beside the backups or in a drill: a failed one is critical, an old one a warning. */
export function checkDrill(input: HealthInput): { check: HealthCheck; last?: Drill } {
  const drills: Drill[] = [
    ...input.drills,
    ...input.backups.flatMap((one) =>
      one.verifications
        .filter((each) => each.level === 'restore')
        .map((each) => ({ at: new Date(each.at), passed: each.passed })),
    ),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  const last = drills.at(-1);
  if (last === undefined)
    return {
      check: {
        check: 'drill',
        level: 'warning',
        words: 'No backup was ever restored as a test: drillbook backup verify --level restore.',
      },
    };
  const age = input.now.getTime() - last.at.getTime();
  if (!last.passed)
    return {
      last,
      check: {
        check: 'drill',
        level: 'critical',
        value: age,
        words: `The last test restore, ${ageText(age)} ago, failed.`,
      },
    };
  const old = age > input.limits.drill;
  return {
    last,
    check: {
      check: 'drill',
      level: old ? 'warning' : 'ok',
      value: age,
      words: `The last test restore was ${ageText(age)} ago${old ? `; allowed are ${ageText(input.limits.drill)}` : ''}.`,
    },
  };
}
