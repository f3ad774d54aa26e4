import type { Environment } from '../run/target.ts';
import type { Around, FoundDatabase } from './init-look.ts';

/** A database that becomes a target, with what a person said it is; `undefined` where nobody said. */
export interface ProposedTarget {
  readonly found: FoundDatabase;
  readonly environment: Exclude<Environment, 'sandbox'> | undefined;
}

/**
 * The text of a `drillbook.yaml`. A target without an environment stands there as a comment, so that nobody runs
 * against it by accident; secrets stand nowhere, only where they are to be found.
 */
export function proposalText(around: Around, targets: readonly ProposedTarget[]): string {
  const said = targets.filter(({ environment }) => environment !== undefined);
  const unsaid = targets.filter(({ environment }) => environment === undefined);
  const lines = [
    '# Targets say where a run works and how careful it must be. They hold references, never passwords.',
  ];
  if (said.length > 0) lines.push('targets:', ...said.flatMap((one) => targetLines(one, around.tags)));
  else lines.push(unsaid.length > 0 ? 'targets:' : 'targets: {}');
  if (unsaid.length > 0)
    lines.push(
      '  # Say what each of these is (production, staging or local), and take the # away:',
      ...unsaid.flatMap((one) => targetLines(one, around.tags)).map((line) => line.replace(/^ {2}/, '  # ')),
    );
  if (targets.length === 0)
    lines.push(
      '# For example:',
      '#   members-staging:',
      '#     environment: staging           # production, staging or local',
      '#     url: env:STAGING_DATABASE_URL',
      '#     store: s3://BUCKET/PREFIX      # or a folder',
    );
  lines.push('', '# Folders with runbooks, relative to this file.');
  lines.push(
    'runbooks:',
    ...(around.runbooks.length > 0 ? around.runbooks : ['runbooks']).map((folder) => `  - ${folder}`),
  );
  lines.push('', '# Where the entries of runs go.', 'incidents: incidents', '');
  return lines.join('\n');
}

function targetLines({ found, environment }: ProposedTarget, tags: readonly string[]): readonly string[] {
  return [
    `  ${found.name}:`,
    ...found.smells.map((smell) => `    # Look twice: ${smell}.`),
    `    environment: ${environment ?? '?'}`,
    `    url: env:${found.variable}   # ${found.where === 'the environment' ? 'set in the environment' : `named in ${found.where}`}`,
    '    # store: s3://BUCKET/PREFIX   # or a folder: where its backups are',
    ...(tags.length > 0 ? [`    tags: [${tags.join(', ')}]`] : []),
  ];
}

/** What was found, for the person who is about to answer. */
export function foundText(around: Around, shownRoot: string): string {
  const there = Object.entries(around.tools);
  const row = (name: string, value: string) => `  ${name.padEnd(10)} ${value}`;
  return [
    'Looked around:',
    row('project', `${shownRoot}${around.branch ? ` on branch ${around.branch}` : ''}`),
    row('runbooks', around.runbooks.join(', ') || 'no folder of their own; those that ship are there'),
    row('files', around.files.join(', ') || 'none that name variables'),
    row(
      'databases',
      around.databases.map(({ variable, where }) => `${variable} (${where})`).join(', ') ||
        'no variable that names one',
    ),
    ...(around.others.length > 0 ? [row('also', around.others.join(', '))] : []),
    row(
      'tools',
      there
        .filter(([, is]) => is)
        .map(([name]) => name)
        .join(', ') || 'none',
    ),
    ...(there.some(([, is]) => !is)
      ? [
          row(
            'not there',
            there
              .filter(([, is]) => !is)
              .map(([name]) => name)
              .join(', '),
          ),
        ]
      : []),
    'Only names were read, no values.',
    '',
  ].join('\n');
}
