import type { ValueKind } from './placeholder.ts';

/** How a placeholder of one kind looks in the text of a command; its first group, if any, is its name. */
export interface WordPattern {
  readonly find: RegExp;
  readonly value?: ValueKind;
  readonly name?: string;
  readonly unless?: (text: string, at: number) => boolean;
}

const nouns =
  'NAMESPACE|HOST(?:NAME)?|DB_?NAME|DATABASE(?:_NAME)?|USER_?NAME|BUCKET(?:_NAME)?|CLUSTER(?:_(?:NAME|ID))?|INSTANCE(?:_(?:NAME|ID))?|REGION|PROJECT(?:_(?:NAME|ID))?|ZONE|PASSWORD|POD(?:_NAME)?|CONTAINER(?:_(?:NAME|ID))?|REPLICAS?|VERSION|ENVIRONMENT|BACKUP_(?:NAME|ID|FILE)|FILE_?NAME|SNAPSHOT_(?:NAME|ID)|SERVICE_?NAME|APP_?NAME|DEPLOYMENT_?NAME|SECRET_?NAME|RESOURCE_GROUP';
const ends = `(?=\\s|$|["';|&)])`;

/**
 * Words that stand for others: marked as such by signs around them (`%USER%`, `__KEY__`, `@KEY@`), made of x alone
 * (`10.x.x.x`), or, without a mark, the name of what an option wants where its value should be (`-n namespace`,
 * `--replicas=REPLICAS`, `deploy/APP_NAME`).
 */
export const markedWords: readonly WordPattern[] = [
  { find: /(?<![\w%\\])%([A-Z][A-Z0-9_]{2,40})%(?![\w%])/g },
  { find: /(?<![\w$])__([A-Z][A-Z0-9_]{1,40}?)__(?!\w)/g, unless: isSearched },
  { find: /(?<![\w@])@([A-Z][A-Z0-9_]{2,40})@(?![\w@])/g, unless: isSearched },
  { find: /(?<![\w.$-])(?:(?:\d{1,3}|[xX]{1,3})\.){2,3}[xX]{1,3}(?![\w-])/g, value: 'host', name: 'address' },
  { find: /(?<![\w.$-])(?:[xX]{1,3}\.){3}(?:\d{1,3}|[xX]{1,3})(?![\w-])/g, value: 'host', name: 'address' },
  { find: new RegExp(`(?<=\\s(?:-n|--namespace)[ =])namespace${ends}`, 'g') },
  { find: new RegExp(`(?<=\\s(?:-h|--host)[ =])(?:hostname|host)${ends}`, 'g'), value: 'host' },
  {
    find: new RegExp(`(?<=\\s(?:-d|--dbname)[ =])(?:db_?name|database(?:_name)?)${ends}`, 'g'),
    value: 'database',
  },
  { find: new RegExp(`(?<=\\s(?:-U|-u|--user(?:name)?)[ =])user(?:_?name)${ends}`, 'g'), value: 'user' },
  { find: new RegExp(`(?<=\\s--([a-z][a-z-]{3,30})[ =])\\1${ends}`, 'g'), unless: isSwitch },
  // In capitals as the value of an option, or of a kind: `deploy/APP_NAME`.
  {
    find: new RegExp(
      `(?<=\\s--?[a-z][\\w-]*=|\\s--[a-z][\\w-]* |\\s-[a-z] |\\b(?:deploy|deployment|sts|statefulset|pod|pvc|svc|service|job|cronjob|secret|configmap|node)s?/)(?:${nouns})${ends}`,
      'g',
    ),
    unless: wantsName,
  },
  // Part of a name: service-[-worker]-live, service-envt; and all of one: name-of-the-log.
  { find: /(?<=\w[-/.])\[-([a-z][a-z0-9_]{2,40})\](?=[-/.\s]|$)/g, unless: isSearched },
  { find: /(?<![A-Za-z0-9$])envt(?![A-Za-z0-9])/g, name: 'environment' },
  { find: /(?<![\w$/.-])(?:name|id|path)([-_])of\1(?:[a-z]+\1){0,5}[a-z]+(?![\w(])/g },
  { find: /(?<=\b(?:replicas|count)=)[nN](?=\s|$|["';|&)])/gi, name: 'number of replicas' },
];

/** To programs that search and replace, brackets and marks are what is looked for: `sed s/__KEY__/value/`. */
export function isSearched(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', at) + 1, at - 500), at);
  return /\b(?:sed|tr|awk|grep|egrep|perl|rename|find|jq)\b/.test(line);
}

/** Options that take the name of a variable, or of what there is to see, and not its value. */
function wantsName(text: string, at: number): boolean {
  return /\s(?:-e|-o|-k|--env|--output|--sort-by|--key|--keys|--fields?|--columns?|--format|--name-only)[ =]$/.test(
    text.slice(Math.max(0, at - 24), at),
  );
}

/** `--output output` may be a file; `--watch watch` says nothing. */
function isSwitch(text: string, at: number): boolean {
  return /\s--(?:help|version|output|format|watch|verbose|force|dry-run|json|type|network|file|test|build|data|force|mode)[ =]$/.test(
    text.slice(Math.max(0, at - 24), at),
  );
}
