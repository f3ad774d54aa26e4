/** What a drill judges, in the order in which it comes to know. */
export const drillCriteria = [
  'download',
  'restore-time',
  'tables',
  'counts',
  'foreign-keys',
  'definitions',
  'latest',
  'query',
  'rto',
  'rpo',
] as const;

export type DrillCriterion = (typeof drillCriteria)[number];

/** What is found of a criterion. `not-judged`: there was nothing to judge it by. */
export interface Judged {
  readonly verdict: 'met' | 'missed' | 'not-judged';
  /** What was seen, with its unit. */
  readonly measured: string;
}

const titles: Readonly<Record<DrillCriterion, string>> = {
  download: 'the backup can be fetched and is whole',
  'restore-time': 'the restore is fast enough',
  tables: 'all tables are there',
  counts: 'the record counts match',
  'foreign-keys': 'constraints and foreign keys hold',
  definitions: 'indexes, triggers and the rest are there',
  latest: 'the latest records are there',
  query: 'the application can query the data',
  rto: 'RTO',
  rpo: 'RPO',
};

/** A criterion in words. */
export function titleOf(criterion: DrillCriterion): string {
  return titles[criterion];
}

/** In the journal a criterion of the drill stands beside those of the runbook; this tells them apart. */
const prefix = 'drill/';

/** The part that an event of the journal names for a criterion of the drill. */
export function partOfCriterion(criterion: DrillCriterion): string {
  return `${prefix}${criterion}`;
}

/** The criterion that a part of an event names; undefined for a part of the runbook. */
export function criterionOfPart(part: string): DrillCriterion | undefined {
  return drillCriteria.find((criterion) => partOfCriterion(criterion) === part);
}

const words: readonly (readonly [DrillCriterion, RegExp])[] = [
  ['download', /download|fetch|\bbackup file\b.*\b(?:whole|readable|valid|intact)\b/i],
  ['rto', /\brto\b|recovery time/i],
  ['rpo', /\brpo\b|recovery point/i],
  ['foreign-keys', /foreign key|referential|constraint|orphan/i],
  ['latest', /\b(?:latest|newest|most recent|recent)\b/i],
  ['query', /\bapplication\b|\bapp\b|\bcan (?:connect|query)\b/i],
  ['definitions', /\bindex(?:es)?\b|\btriggers?\b|\bextensions?\b/i],
  ['counts', /\b(?:record|row)s?\b.*\b(?:count|match|equal)|\bcounts?\b/i],
  ['tables', /\btables?\b/i],
  ['restore-time', /\brestor\w*\b.*(?:minute|second|hour|<|within)/i],
];

/** Which criterion of the drill the words of a runbook mean ("Foreign key integrity holds"); undefined where none. */
export function criterionInWords(text: string): DrillCriterion | undefined {
  return words.find(([, pattern]) => pattern.test(text))?.[0];
}
