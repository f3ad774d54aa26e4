import { commandSign, isWholeCommand, startsSql } from './doing-words.ts';

/** Whose prompt a line starts with. `root` looks like a comment and has to be judged by the block's other lines. */
export type Prompt =
  | { readonly of: 'shell'; readonly length: number }
  | { readonly of: 'root'; readonly length: number }
  | { readonly of: 'psql'; readonly length: number; readonly continued: boolean }
  | { readonly of: 'client'; readonly length: number; readonly name: string };

const shell = [
  /^\s*(?:\([\w.-]+\)\s*)?\[?[\w.-]+@[\w.-]+(?:[ :][^\]$#%>\n]{0,60})?\]?\s?[$#%]\s+(?=\S)/,
  /^\s*(?:\([\w.-]+\)\s*)?\$\s+(?=\S)/,
  /^\s*(?:ba|z|k)?sh-\d+\.\d+\w*[$#]\s+(?=\S)/,
  /^\s*[\w./~-]{1,40}\s?[$#]\s(?=kubectl|psql|ls|cat|cd|pg_|docker|\.\/)/,
  /^\s*(?:❯|➜|➤)\s+(?:~\s+)?(?=\S)/u,
];
const psql = /^\s*(?:[\w.-]+)?([=\-('"*])[#>]\s?/;
const client =
  /^\s*((?:mysql|MariaDB(?: \[[^\]]*\])?|sqlite|redis|(?:redis )?(?:[\d.]+|localhost|[\w.-]+):\d+(?:\[\d+\])?|(?:[\w-]+ )?\[(?:direct|primary|mongos)[^\]]*\]\s*\w*|rs\d*:\w+|mongo|mongos|irb\([^)]*\)[^>]*|[Pp]ython|>>)?)>\s(?=\S)/;

/** The prompt at the start of a line, if there is one. */
export function promptOf(line: string): Prompt | undefined {
  if (line.length > 2000) return undefined;
  for (const pattern of shell) {
    const length = pattern.exec(line)?.[0].length;
    if (length) return { of: 'shell', length };
  }
  // `% pg_dump`, as zsh has it; a percent sign opens comments elsewhere.
  const percent = /^\s*%\s+(?=\S)/.exec(line)?.[0].length;
  if (percent && commandSign(line.slice(percent)) && !readsLikeProse(line.slice(percent)))
    return { of: 'shell', length: percent };
  const database = psql.exec(line);
  if (database && /^\s*[\w.-]+[=\-('"*][#>]/.test(line) && !/^\s*--/.test(line))
    return { of: 'psql', length: database[0].length, continued: database[1] !== '=' };
  // `template1# select`: the sign between name and # was left out.
  const loose = /^\s*[\w.-]+#\s+(?=\S)/.exec(line);
  if (loose && startsSql(line.slice(loose[0].length)))
    return { of: 'psql', length: loose[0].length, continued: false };
  const other = client.exec(line);
  if (other) return { of: 'client', length: other[0].length, name: other[1] || '>' };
  const root = /^\s*#\s+(?=\S)/.exec(line)?.[0].length;
  if (root && commandSign(line.slice(root)) && !readsLikeProse(line.slice(root)))
    return { of: 'root', length: root };
  return undefined;
}

/** True where a line that starts with a program's name is a sentence all the same: "find the primary", "test restore". */
export function readsLikeProse(line: string): boolean {
  // A target of make, as of a Makefile in the same repository: `make production scale-app`.
  if (/^make(?:\s+[a-z][\w./:@-]*){1,5}$/.test(line.trim()) && /\s\S*[a-z][-_][a-z]/.test(line)) return false;
  if (
    /^(?:test|find|read|type|set|watch|make|install|select|wait|sort|time|service|patch|check)\s+[A-Z][A-Za-z]*\s+[a-z]/.test(
      line.trim(),
    )
  )
    return true;
  if (/(?:^|\s)(?:--?\w|\/\w|\.\/|~\/|\.$|\$\w|\$\(|[\w-]+\.\w{2,4}\b)|[|<>="'&;\\*]|\w:\/\//.test(line))
    return false;
  const words = line.trim().split(/\s+/);
  if (
    words.length > 2 &&
    /\b(?:the|a|an|and|or|to|of|for|is|are|your|this|that|if|on|in|with|from|all|any)\b/i.test(line)
  )
    return true;
  if (/^[A-Z]/.test(line.trim()) || /[.:,!?]$/.test(line.trim())) return true;
  return (
    /^(?:test|find|read|type|set|watch|make|install|select|wait|sort|file|date|time|service|host|source|patch|sync|help|free|last|split|clear|head|alias)$/.test(
      words[0] ?? '',
    ) && words.length > 1
  );
}

/** A command without what a person adds in brackets: "kubectl scale … --replicas=1 (as many as before)". */
export function withoutRemark(text: string): string {
  return text.replace(/\s+\([^()]*\s[^()]*\)[.:]?$/, '');
}

/** True where words without any mark-up are a command, whatever stands behind it in brackets. */
export function isBareCommand(text: string): boolean {
  const command = withoutRemark(text);
  const typed = /\s-|\/|=/.test(command) || /^make\s/.test(command);
  return isWholeCommand(command) && typed && !readsLikeProse(command);
}

/** Which interactive client a command opens, so that the lines after it are for that client. */
export interface Client {
  readonly name: 'psql' | 'mysql' | 'redis-cli' | 'mongosh' | 'sqlite3';
  readonly delimiter: string;
  /** Whether a line may be meant for this client. */
  takes(line: string): boolean;
  /** Ends the client. */
  ends(line: string): boolean;
}

const sqlClient = (
  name: 'psql' | 'mysql' | 'sqlite3',
  delimiter: string,
  meta: RegExp,
  end: RegExp,
): Client => ({
  name,
  delimiter,
  takes: (line) => startsSql(line) || meta.test(line) || end.test(line),
  ends: (line) => end.test(line),
});
const clients: readonly { readonly opens: RegExp; readonly client: Client }[] = [
  {
    opens:
      /(?:^|[\s/])(?:psql|gitlab-psql)(?:\s|$)|\brailway\s+connect\b|\brails\s+dbconsole\b|\bheroku\s+pg:psql\b/,
    client: sqlClient('psql', 'PSQL', /^\s*\\[a-z?!]/i, /^\s*(?:\\q|quit|exit)\s*;?\s*$/i),
  },
  {
    opens: /(?:^|[\s/])(?:mysql|mariadb)(?:\s|$)/,
    client: sqlClient(
      'mysql',
      'MYSQL',
      /^\s*(?:show|use|source|status|describe|desc)\b/i,
      /^\s*(?:\\q|quit|exit)\s*;?\s*$/i,
    ),
  },
  {
    opens: /(?:^|[\s/])sqlite3(?:\s|$)/,
    client: sqlClient('sqlite3', 'SQLITE', /^\s*\.[a-z]+/, /^\s*\.(?:quit|exit)\b/),
  },
  {
    opens: /(?:^|[\s/])(?:redis-cli|gds-redis)(?:\s|$)/,
    client: {
      name: 'redis-cli',
      delimiter: 'REDIS',
      takes: (line) =>
        /^\s*(?:flushall|flushdb|info|keys|get|set|del|dbsize|config|client|cluster|role|replicaof|save|bgsave|ping|quit|exit|auth|select|scan|ttl|type|monitor|slowlog|failover)\b/i.test(
          line,
        ),
      ends: (line) => /^\s*(?:quit|exit)\s*$/i.test(line),
    },
  },
  {
    opens: /(?:^|[\s/])(?:mongosh|mongo)(?:\s|$)/,
    client: {
      name: 'mongosh',
      delimiter: 'MONGO',
      takes: (line) => /^\s*(?:db|rs|sh)\.\w|^\s*(?:use|show)\s+\w|^\s*(?:quit|exit)\b|^\s*[}\])]/.test(line),
      ends: (line) => /^\s*(?:quit(?:\(\))?|exit)\s*;?\s*$/.test(line),
    },
  },
];

/** The client that a command line leaves waiting for input; undefined where it is given its work on the line. */
export function opensClient(line: string): Client | undefined {
  if (line.length > 2000 || /<<|[|]\s*\S|\s<\s|[^0-9&]>\s*\S/.test(line.replace(/(["']).*?\1/g, '')))
    return undefined;
  const found = clients.find(({ opens }) => opens.test(line));
  if (!found) return undefined;
  const bare = line.replace(/(["']).*?\1/g, 'x');
  if (
    /\s(?:-[A-Za-z]*[cflV]\b|--command|--file|--list|--version|--help|-e\b|--execute|--eval|-\?)/.test(
      bare.replace(/^.*?\b(?:psql|mysql|mariadb|mongosh?|redis-cli|sqlite3|connect)\b/, ''),
    )
  )
    return undefined;
  if (
    found.client.name === 'redis-cli' &&
    /redis-cli(?:\s+-[hpnau]\s+\S+|\s+--?[\w-]+(?:=\S+)?)*\s+[a-zA-Z]+\s*(?:\s|$)/.test(bare)
  )
    return undefined;
  if (
    /\b(?:apt|apt-get|brew|yum|dnf|which|man|install|systemctl|service|pgrep|ps)\b/.test(
      bare.split(/\bpsql\b|\bmysql\b|\bsqlite3\b|\bmongosh?\b|\bredis-cli\b/)[0] ?? '',
    )
  )
    return undefined;
  return found.client;
}
