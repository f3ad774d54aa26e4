import type { ValueKind } from './placeholder.ts';
import { isSearched, markedWords, type WordPattern } from './placeholder-words.ts';

/** A stretch of a command that an operator has to replace. Offsets count within the command's text. */
export interface Sign {
  readonly text: string;
  readonly name: string;
  readonly value: ValueKind;
  readonly start: number;
  readonly end: number;
  /** The option or variable that it is the whole value of: `region` for `--region=<value>`, '' where there is none. */
  readonly holder: string;
}

/** `<host>`, `<backup-id>`, `<the new name>`; not `a < b > c`, `<<EOF`, `<(…)`, `<>`, nor tags such as `<br/>`. */
const angled =
  /(?<![<\w&])<(?![<(=>-])((?:[\p{L}_$][\p{L}\p{N}_.:/@|,$'# -]{0,158}[\p{L}\p{N}_.)'-]|[\p{L}]))>(?!>)/gu;
/** `${db-instance-name}`: to the shell a default for `$db`, but words joined like that name what to put there. */
const braced = /\$\{(?:your|my)?[a-z][a-z0-9]*(?:-[a-z0-9]+){2,}\}|\$\{(?:your|my)-[a-z0-9-]+\}/g;
/** `[namespace]`, `service-[worker]`, `[backup name | LATEST]`: a word or more in brackets, where an argument stands. */
const bracketed =
  /(?<=\s|[\w=/.-][=/.-]|[=:])\[(?!\[)([a-z][\p{L}\p{N}_]{2,}(?:[ _|/-]{1,3}[\p{L}\p{N}_.]+){0,8})\](?=\s|$|[-/.:@"'])/gu;
const scheme = '(?:postgres(?:ql)?|mysql|mongodb(?:\\+srv)?|redis|rediss|amqps?|https?)';
const patterns: readonly WordPattern[] = [
  // A connection URL made of example words: postgresql://user:pass@host:port/dbname
  {
    find: new RegExp(
      `${scheme}://(?:user(?:name)?|postgres|app|admin|[\\w-]*user|\\w+):(?:pass(?:word|wd)?|secret|pwd|mypassword|changeme|x{3,}|\\*{3,})@[^\\s"'\`<>]+`,
      'gi',
    ),
    value: 'url',
    name: 'database url',
  },
  { find: /\{\{\s*([\w. -]{1,40})\s*\}\}/g },
  { find: braced },
  { find: bracketed, unless: isSearched },
  // An example path, or one below it: /path/to/backup_file.sql
  { find: /(?:\.{0,2}|~)?\/(?:path|your|some\/path|full\/path)\/(?:to|path)(?:\/[\w.@+-]+)*\/?/g },
  { find: /\bpath\/to(?:\/[\w.@+-]+)+/g },
  // Dumps with a date in their name: the one to use is another.
  {
    find: /(?<![\w$}/.~-])(?:~?\.{0,2}\/)?(?:[\w.@-]+\/)*[\w.-]*20\d\d-?[01]\d-?[0-3]\d(?:[T_.-]?\d\d[:-]?\d\d(?:[:-]?\d\d)?Z?)?[\w-]*\.(?:dump|sql|gz|tar|zst|bz2|xz|backup|bak|age|gpg|enc|db|rdb|sqlite3?|zip|tgz)(?:\.\w{2,4})*/g,
    value: 'file',
    name: 'backup file',
  },
  // A point in time that was only an example.
  {
    find: /(?<![\w/.:-])20\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?:Z|\s?UTC|[+-]\d\d:?\d\d)?)?(?![\w/.-])/g,
    value: 'time',
  },
  { find: /(?<![\w$])(?:YOUR|your|Your)(?:[-_.]?[A-Za-z0-9]+)+(?:[-_][A-Za-z0-9]+)*/g },
  // Within a name as well: s3://some-bucket, govuk-some-environment-admin.
  {
    find: /(?<![A-Za-z0-9$_])some[-_](?:bucket|app|db|database|cluster|host|server|project|service|instance|namespace|backup|environment|env|user|name|path|file)\b/g,
  },
  {
    find: /(?<![\w$/.-])(?:my|example|sample)[-_](?:bucket|app|db|database|cluster|host|server|project|service|instance|namespace|backup|org|team)(?:[-_][A-Za-z0-9]+)*/g,
  },
  { find: /(?<![\w-])(?:[a-z0-9-]+\.)*example\.(?:com|org|net)\b/g, value: 'host' },
  { find: /(?<![\w$[])\[(?!\[)([A-Z][A-Z0-9_]{2,}(?:[ -][A-Z0-9_]+)*)\](?!\])/g },
  { find: /(?<![\w$])\b(?:YYYY[-_]?MM[-_]?DD(?:[-_T]?HH[-_:]?MM[-_:]?SS)?)\b/g, value: 'time' },
  { find: /(?<![\w$%])(?:[A-Za-z]+[-_])?(?:X{3,}|x{4,})(?![\w])/g },
  ...markedWords,
  { find: /(?<=\s)\.\.\.(?=\s|$)/g, name: 'the rest of the command' },
  { find: /(?<=\s)…(?=\s|$)/g, name: 'the rest of the command' },
];

/** HTML that stands in commands (`curl | grep "<title>"`) and generic types are no placeholders. */
const tags = new Set([
  'br',
  'p',
  'b',
  'i',
  'div',
  'span',
  'title',
  'html',
  'body',
  'head',
  'a',
  'li',
  'ul',
  'table',
  'tr',
  'td',
  'none',
  'nil',
  'null',
  'none>',
]);

/** All placeholders of a command, in order, not overlapping: an earlier rule wins over a later one. */
export function placeholderSigns(text: string): readonly Sign[] {
  const found: Sign[] = [];
  const free = (start: number, end: number) => found.every((sign) => end <= sign.start || start >= sign.end);
  const add = (start: number, raw: string, inside: string, value?: ValueKind) => {
    if (!free(start, start + raw.length) || found.length > 2000) return;
    const name = nameOf(inside);
    const shaped = /\/$/.test(raw)
      ? 'directory'
      : /^[\w-]+(?:\.[\w-]+)+$/.test(raw) &&
          !/\.(?:sql|dump|gz|tar|db|log|json|ya?ml|txt|csv|sh|py|conf)$/.test(raw)
        ? 'host'
        : undefined;
    found.push({
      text: raw,
      name,
      value: value ?? shaped ?? kindOf(`${before(text, start)} ${name}`, name),
      start,
      end: start + raw.length,
      holder: before(text, start),
    });
  };
  if (/[<]/.test(text))
    for (const match of text.matchAll(angled)) {
      const inside = match[1]!;
      if (!tags.has(inside.toLowerCase()) && !isElement(text, match.index, inside))
        add(match.index, match[0], inside);
    }
  for (const { find, value, name, unless } of patterns)
    for (const match of text.matchAll(find)) {
      if (unless?.(text, match.index)) continue;
      if (value === 'file' && isMade(text, match.index, match[0])) continue;
      add(match.index, match[0], name ?? named(match), value);
    }
  return found.sort((a, b) => a.start - b.start);
}

/** `grep "<script>"`: what a page is searched for. */
function isElement(text: string, at: number, name: string): boolean {
  return (
    /^(?:script|style|link|meta|img|form|input|main|nav|h[1-6]|header|footer)$/i.test(name) &&
    isSearched(text, at)
  );
}

/** The first group of a pattern is a placeholder's name, where it is more than a sign. */
function named([whole, group]: RegExpMatchArray): string {
  return group !== undefined && /\w{2}/.test(group) ? group : whole;
}

/** A file that the command itself writes (`> name`, `-f name` of a dump) is not asked for. */
function isMade(text: string, at: number, raw: string): boolean {
  const lead = text.slice(Math.max(0, at - 40), at);
  if (/(?:^|[^<0-9])>{1,2}\s*["']?$/.test(lead)) return true;
  return (
    /\bpg_dump(?:all)?\b/.test(text.slice(0, at)) && /(?:-f\s*|--file[= ])["']?$/.test(lead) && raw.length > 0
  );
}

/** Replaces placeholders by words of the same length, so that `<host>` is not read as a redirection. */
export function maskPlaceholders(text: string): string {
  let masked = text;
  for (const pattern of [angled, braced, bracketed])
    for (const { 0: raw, index } of masked.matchAll(pattern))
      if (pattern !== bracketed || !isSearched(masked, index))
        masked =
          masked.slice(0, index) + raw.replace(/[^\p{L}\p{N}]/gu, '_') + masked.slice(index + raw.length);
  return masked;
}

/** True for a name that says that something goes there and not what: `<replace_with_previous_output>`, `<value>`. */
export function isVague(name: string): boolean {
  return /^(?:(?:replace|insert|paste|fill|enter|put|set|your|the|with|from|in|of|previous|above|output|result|value|here|this|redacted|changeme|x{3,})(?: |$))+$/.test(
    name,
  );
}

function nameOf(inside: string): string {
  const name = inside
    .replace(/^\$?[{(]?|[})]$/g, '')
    .replace(/^e\.g\.\s*/, '')
    .replace(/^(?:\.{0,2}|~)?\/?(?:full\/)?path\/to\//i, '')
    .replace(/^your[-_. ]?/i, '')
    .replace(/[-_./\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return name || inside.toLowerCase();
}

/** The option or assignment that a value belongs to: `--bucket=`, `DATABASE_URL=`. */
function before(text: string, at: number): string {
  return (
    /(?:--?([\w-]+)[= ]["']?|([A-Za-z_]\w*)=["']?|(s3):\/\/)$/
      .exec(text.slice(Math.max(0, at - 60), at))
      ?.slice(1)
      .find(Boolean) ?? ''
  );
}

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [
    /\b(?:password|passwd|pass|pwd|secret|token|api ?key|key|credentials?|pgpassword|passphrase|auth)\b/,
    'secret',
  ],
  [/\b(?:url|uri|dsn|endpoint|connection string|webhook|link)\b/, 'url'],
  [/\b(?:host(?:name)?|server|fqdn|address|ip|domain|node ip|bastion)\b/, 'host'],
  [/\bport\b/, 'port'],
  [/\b(?:bucket|s3)\b/, 'bucket'],
  [/\b(?:dir(?:ectory)?|folder|location|mount ?point|volume path)\b/, 'directory'],
  [/\b(?:file(?:name)?|path|dump|archive|backup name|sql|tar|gz)\b/, 'file'],
  [/\b(?:db ?name|database(?: name)?|dbname|db)\b/, 'database'],
  [/\b(?:user(?:name)?|role|owner|login)\b/, 'user'],
  [/\b(?:time(?:stamp)?|date|datetime|when|at time)\b/, 'time'],
  [
    /\b(?:id|identifier|name|namespace|pod|service|instance|cluster|project|app|arn|uuid|node|container|region|env(?:ironment)?|deployment|version|hash|sha|branch|commit|resource|replica|pvc|number)\b/,
    'identifier',
  ],
];

/** The kind of value that a name speaks of: `DATABASE_URL` a URL, `BACKUP_KEY` a secret, `BACKUP_FILE` a file. */
export function kindOf(hint: string, name = hint): ValueKind {
  for (const text of [name, hint]) {
    const words = text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/^(?:PG|MYSQL)(?=[A-Z]{4})/, '')
      .replace(/[-_.:/]+/g, ' ')
      .toLowerCase()
      .trim();
    if (
      /\b(?:public|ssh|primary|foreign|partition|access) key(?: id| path| name)?$/.test(words) &&
      !/secret/.test(words)
    )
      return /path|file/.test(words) ? 'file' : 'identifier';
    if (
      /\b(?:sql|query|statement)s?\b(?!.*\bfile)/.test(words) &&
      /\b(?:statements?|query|queries)$/.test(words)
    )
      return 'text';
    // A second database is not the target's: its name has to be given.
    if (
      /\b(?:new|old|temp|temporary|test|scratch|other|copy|restored?|staging)\b.*\b(?:db|database|dbname)\b/.test(
        words,
      )
    )
      return /\burl\b|\buri\b|\bdsn\b/.test(words) ? 'url' : 'identifier';
    if (/\b(?:db|database) name$/.test(words)) return 'database';
    const last = words.split(' ').slice(-1)[0] ?? '';
    for (const [sign, kind] of kinds) if (sign.test(last)) return kind;
    for (const [sign, kind] of kinds) if (sign.test(words)) return kind;
  }
  return 'text';
}
