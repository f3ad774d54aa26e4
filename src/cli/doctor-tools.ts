import { bashMissing } from '../execution/bash-program.ts';
import type { Check } from './doctor-check.ts';
import { versionOf } from './installed-tools.ts';

/** A program and who needs it: names of targets, titles of runbooks. */
export interface Need {
  readonly targets: readonly string[];
  readonly runbooks: readonly string[];
}

/** What a runbook's list entry says of its commands. */
export interface ReadRunbook {
  readonly title: string;
  readonly commands: readonly string[];
}

/** The programs that commands of the runbooks call, among `names`, by the words of the commands. */
export function neededBy(names: readonly string[], runbooks: readonly ReadRunbook[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    // A word of its own: not a part of a path, a flag, or another word.
    const word = new RegExp(`(?<![\\w./-])${name}(?![\\w.-])`);
    const users = runbooks.filter(({ commands }) => commands.some((one) => word.test(one)));
    if (users.length > 0)
      found.set(
        name,
        users.map(({ title }) => title),
      );
  }
  return found;
}

/** Whether each program is there. A missing one fails where a target needs it, and warns where a runbook does. */
export async function toolChecks(
  names: readonly string[],
  needs: (name: string) => Need,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  return Promise.all(
    names.map(async (name): Promise<Check> => {
      const version = await versionOf(name, environment);
      const { targets, runbooks } = needs(name);
      const who = [
        ...(targets.length > 0 ? [`target ${some(targets)}`] : []),
        ...(runbooks.length > 0 ? [`runbook ${some(runbooks)}`] : []),
      ].join('; ');
      const says = who === '' ? '' : `; needed by ${who}`;
      if (version !== undefined)
        return {
          about: 'tool',
          name,
          verdict: 'ok',
          says: `${version === 'yes' ? 'there' : version}${says}`,
        };
      if (name === 'bash')
        return { about: 'tool', name, verdict: 'failed', says: 'not on PATH', next: bashMissing };
      if (who === '')
        return { about: 'tool', name, verdict: 'skipped', says: 'not on PATH; nothing here needs it' };
      return {
        about: 'tool',
        name,
        verdict: targets.length > 0 ? 'failed' : 'warning',
        says: `not on PATH${says}`,
        next: `Install it${packages[name] ? `: ${packages[name]}` : ''}, or put its folder on PATH.`,
      };
    }),
  );
}

const client = 'apt install postgresql-client, brew install libpq';
const packages: Readonly<Record<string, string>> = {
  psql: client,
  pg_dump: client,
  pg_restore: client,
  git: 'apt install git',
  sqlite3: 'apt install sqlite3',
  age: 'apt install age, brew install age',
  aws: 'https://docs.aws.amazon.com/cli',
  railway: 'npm i -g @railway/cli',
  shellcheck: 'apt install shellcheck',
};

function some(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? `${shown} and ${names.length - 2} more` : shown;
}
