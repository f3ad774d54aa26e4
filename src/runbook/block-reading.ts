import type { Code } from 'mdast';
import type { Block } from './block.ts';
import { type BlockPiece, commandThenOutput, shellPieces, sqlPieces, typedPieces } from './block-pieces.ts';
import { commandSign, startsSql } from './doing-words.ts';
import { type Excerpt, type ExcerptLine, excerptOf } from './excerpt.ts';
import type { Guess } from './guess.ts';
import { type Info, readInfo } from './info.ts';
import { promptOf, readsLikeProse } from './prompt.ts';
import type { Source } from './source.ts';

/** A block with what was found in it. */
export interface BlockReading {
  readonly block: Block;
  readonly info: Info;
  readonly excerpt: Excerpt;
  readonly pieces: readonly BlockPiece[];
  /** The file that the block belongs into, for the role `file`. */
  readonly fileName?: string;
}

/** What stands around a block and helps to read it. */
export interface Surroundings {
  /** The words right before it. */
  readonly before: string;
  /** A file name that those words give. */
  readonly fileName?: string;
  /** From a comment `<!-- drillbook: … -->` right above it. */
  readonly attributes?: Omit<Info, 'tag'>;
}

const shellTags = new Set([
  'bash',
  'sh',
  'shell',
  'zsh',
  'ksh',
  'fish',
  'ash',
  'dash',
  'command',
  'cmd-line',
  'commandline',
  'bash-session',
  'azurecli',
  'azurecli-interactive',
  'shellscript',
]);
const sessionTags = new Set([
  'console',
  'shell-session',
  'shellsession',
  'sh-session',
  'terminal',
  'term',
  'session',
]);
const sqlTags = new Set(['sql', 'pgsql', 'postgresql', 'postgres', 'psql', 'plpgsql', 'mysql', 'sqlite']);
/** What is typed into another program, which the block does not start. */
const clientTags: Readonly<Record<string, string>> = {
  mongo: 'mongo',
  mongosh: 'mongo',
  mongodb: 'mongo',
  redis: 'redis-cli',
  'redis-cli': 'redis-cli',
};
const plainTags = new Set(['', 'text', 'txt', 'plain', 'plaintext', 'none', 'output', 'log', 'logs', 'out']);
const fileTags = new Set([
  'json',
  'yaml',
  'yml',
  'ini',
  'toml',
  'conf',
  'cfg',
  'xml',
  'hcl',
  'terraform',
  'tf',
  'typescript',
  'ts',
  'javascript',
  'js',
  'nginx',
  'dockerfile',
  'properties',
  'env',
  'dotenv',
  'systemd',
  'jsonc',
  'json5',
  'ruby',
  'python',
  'go',
  'cron',
  'crontab',
  'diff',
  'java',
  'config',
  'cnf',
]);

/** Reads one code block; the file is long because each kind of tag has its own signs. `number` counts the blocks of the document from 1. */
export function readBlock(code: Code, source: Source, number: number, around: Surroundings): BlockReading {
  const own = readInfo(code.lang, code.meta);
  const given = around.attributes;
  const info: Info = given
    ? {
        ...own,
        ...given,
        hints: { ...given.hints, ...own.hints },
        unknown: [...own.unknown, ...given.unknown],
      }
    : own;
  const { excerpt: whole, closed, range } = excerptOfCode(code, source);
  const { tag, excerpt } = tagInside(info.tag, whole);
  const verdict = roleOf({ ...info, tag }, excerpt, around);
  const block: Block = {
    id: `block-${number}`,
    range,
    tag: info.tag,
    role: verdict.role,
    content: whole.text,
    closed,
    reason: verdict.reason,
    ...(verdict.guess && { guess: verdict.guess }),
  };
  const pieces =
    verdict.role !== 'commands'
      ? []
      : verdict.client
        ? typedPieces(excerpt, verdict.client)
        : verdict.echoed
          ? commandThenOutput(excerpt)
          : verdict.sql
            ? sqlPieces(excerpt)
            : shellPieces(excerpt);
  return { block, info, excerpt, pieces, ...(verdict.fileName && { fileName: verdict.fileName }) };
}

/** A tag that slipped below its fence: an untagged block whose first line is nothing but the name of a language. */
function tagInside(tag: string, excerpt: Excerpt): { readonly tag: string; readonly excerpt: Excerpt } {
  const first = excerpt.lines[0]?.text.trim().toLowerCase() ?? '';
  if (tag !== '' || excerpt.lines.length < 2 || !/^(?:bash|sql|shell|console|json|yaml|python)$/.test(first))
    return { tag, excerpt };
  return { tag: first, excerpt: excerptOf(excerpt.lines.slice(1)) };
}

/** A guessed block read the other way; undefined where its reading is no guess, or the other gives nothing to run. */
export function readOtherwise({ block, info, excerpt }: BlockReading): BlockReading | undefined {
  const { guess } = block;
  const role = guess && otherRole(guess);
  if (!guess || !role || role === block.role) return undefined;
  const first = excerpt.lines.find((line) => line.text.trim() !== '');
  const pieces =
    role !== 'commands' ? [] : startsSql(first?.text ?? '') ? sqlPieces(excerpt) : shellPieces(excerpt);
  if (role === 'commands' && !pieces.some((piece) => piece.kind === 'statement')) return undefined;
  const reason = `read as ${block.role} at first: ${guess.reason}`;
  return {
    block: { ...block, role, reason, guess: { reason, otherwise: block.role } },
    info,
    excerpt,
    pieces,
  };
}

function otherRole({ otherwise }: Guess): Block['role'] | undefined {
  return otherwise === 'commands' || otherwise === 'sample' || otherwise === 'code' ? otherwise : undefined;
}

/** The lines of a block with their places, without the indentation of lists and the marks of quotes. */
function excerptOfCode(code: Code, source: Source) {
  const start = code.position?.start.offset ?? 0;
  const end = code.position?.end.offset ?? start;
  const first = source.lineAt(start);
  const last = source.lineAt(Math.max(start, end - 1));
  const fence = /^(`{3,}|~{3,})/.exec(source.text.slice(start, start + 200))?.[1];
  const values = code.value === '' ? [] : code.value.split(/\r\n|\n|\r/);
  const lines = values.map((text, index): ExcerptLine => {
    const number = first + (fence ? 1 : 0) + index;
    const line = source.line(number);
    // A tab that the fence's indentation cuts in two gives more blanks than the source has: count from the end.
    const at = Math.max(0, line.end - text.length);
    return { text: text.replaceAll('\u0000', '\ufffd'), at: number > source.starts.length ? -1 : at };
  });
  const closing = source.line(last);
  const closed =
    !fence ||
    (last > first &&
      new RegExp(`^[\\s>]*${fence[0] === '~' ? '~' : '`'}{${fence.length},}\\s*$`).test(
        source.text.slice(closing.start, closing.end),
      ));
  return { excerpt: excerptOf(lines), closed, range: source.range(start, end) };
}

interface Verdict {
  readonly role: Block['role'];
  readonly reason: string;
  readonly guess?: Guess;
  readonly sql?: boolean;
  /** The program into which its lines are typed. */
  readonly client?: string;
  /** Only the first line is typed; what follows was printed. */
  readonly echoed?: boolean;
  readonly fileName?: string;
}

function roleOf(info: Info, excerpt: Excerpt, around: Surroundings): Verdict {
  const { tag } = info;
  const lines = excerpt.lines.map((line) => line.text).filter((line) => line.trim() !== '');
  const sample = lines.slice(0, 400);
  const prompted = sample.some((line) => promptOf(line)?.of === 'shell');
  const sql =
    sqlTags.has(tag) ||
    (!shellTags.has(tag) &&
      !prompted &&
      sample.length > 0 &&
      startsSql(sample.find((line) => !/^\s*--/.test(line)) ?? '') &&
      !/^\s*\|?[-+]{3,}/.test(sample[1] ?? ''));
  const fileName =
    info.title && /[\w-]\.\w+$|\//.test(info.title) ? info.title : (around.fileName ?? namedInside(sample));
  if (info.role)
    return {
      role: info.role,
      reason: `the author says ${info.role}`,
      sql: sqlTags.has(tag),
      ...(info.role === 'file' && { fileName: fileName ?? 'file' }),
    };
  if (sample.length === 0) return { role: 'code', reason: 'it is empty' };
  const announced = announcesOutput(around.before);
  if (shellTags.has(tag) || sessionTags.has(tag))
    return shellRole(tag, sample, prompted, announced, around, fileName);
  if (sqlTags.has(tag)) return { role: 'commands', reason: `tagged ${tag}`, sql: true };
  if (clientTags[tag] && !prompted)
    return { role: 'commands', reason: `tagged ${tag}: typed into that program`, client: clientTags[tag] };
  if (plainTags.has(tag)) return plainRole(tag, sample, prompted, announced, sql, fileName);
  const signs = sample.filter((line) => !/^\s*(?:#|\/\/)/.test(line));
  const python =
    /^\s*(?:import|from|def|class|print|with|return|const|let|var|export\s+const|\w+\s*=\s|[@[{}<])/;
  if (
    !/^(json|ya?ml|toml|ini|xml|diff|mermaid|promql|hcl|powershell|ps1|bat|cmd)/.test(tag) &&
    signs.length > 0 &&
    !signs.some((line) => python.test(line)) &&
    signs.every((line) => commandSign(line) || /^\s+-|\\$/.test(line))
  )
    return {
      role: 'commands',
      reason: `tagged ${tag}, but every line is a shell command`,
      guess: { reason: `tagged ${tag}, but ${commandSign(signs[0]!)}`, otherwise: 'code' },
    };
  if (fileName && fileTags.has(tag))
    return { role: 'file', reason: `${fileName} is named as its file`, fileName };
  if (prompted)
    return {
      role: 'commands',
      reason: `tagged ${tag}, but its lines show a prompt`,
      guess: { reason: 'its lines show a shell prompt', otherwise: 'code' },
    };
  return { role: 'code', reason: `tagged ${tag}` };
}

function shellRole(
  tag: string,
  lines: readonly string[],
  prompted: boolean,
  announced: boolean,
  around: Surroundings,
  fileName: string | undefined,
): Verdict {
  const signs = lines.filter((line) => !/^\s*#/.test(line));
  if (/^#!/.test(lines[0] ?? '') && (fileName ?? scriptName(around.before)))
    return {
      role: 'file',
      reason: 'it starts with #! and a file is named for it',
      fileName: fileName ?? scriptName(around.before)!,
    };
  if (signs.length > 0 && signs.every(isCrontab))
    return { role: 'file', reason: 'its lines are a crontab', fileName: 'crontab' };
  if (prompted) return { role: 'commands', reason: 'its lines show a prompt' };
  if (signs.length > 0 && signs.every((line) => /^\s*[\w."-]+ +(?:=|:=) *\S|^\s*[\w."-]+ +=\s*$/.test(line)))
    return { role: 'code', reason: `tagged ${tag}, but in shell no blank stands before a =` };
  if (
    signs.length > 1 &&
    signs.every((line) => /^\s*[A-Z][A-Z0-9_]*=/.test(line)) &&
    /\b(?:configurations?|configured?|config|settings|env(?:ironment)? file|\.env)\b[^.]*$/i.test(
      around.before,
    )
  )
    return {
      role: 'code',
      reason: 'the words before it call it a configuration, and it only sets variables',
      guess: { reason: 'it only sets variables, and is called a configuration', otherwise: 'commands' },
    };
  const known = signs.filter((line) => commandSign(line) && !looksPrinted(line)).length;
  if (announced && known === 0 && signs.length > 0)
    return {
      role: 'sample',
      reason: 'the words before it announce output',
      guess: { reason: 'announced as output', otherwise: 'commands' },
    };
  if (sessionTags.has(tag) && known === 0 && !lines.some((line) => promptOf(line) || startsSql(line)))
    return {
      role: looksLikeLog(lines) ? 'log' : 'sample',
      reason: `tagged ${tag}, without a prompt or a known command`,
      guess: { reason: 'no prompt and no known command in it', otherwise: 'commands' },
    };
  if (known === 0 && signs.length > 2 && (looksLikeLog(signs) || signs.every(looksPrinted)))
    return {
      role: 'sample',
      reason: 'its lines look printed, not typed',
      guess: { reason: 'no known command in it', otherwise: 'commands' },
    };
  return { role: 'commands', reason: `tagged ${tag}` };
}

function plainRole(
  tag: string,
  lines: readonly string[],
  prompted: boolean,
  announced: boolean,
  sql: boolean,
  fileName: string | undefined,
): Verdict {
  const named = tag === '' ? 'no language tag' : `tagged ${tag}`;
  if (prompted)
    return {
      role: 'commands',
      reason: 'its lines show a prompt',
      ...(tag && { guess: { reason: `${named}, but it shows a prompt`, otherwise: 'sample' } }),
    };
  if (tag === 'output' || tag === 'out') return { role: 'sample', reason: named };
  if (tag.startsWith('log')) return { role: 'log', reason: named };
  if (announced) return { role: 'sample', reason: 'the words before it announce output' };
  const signs = lines.filter((line) => !/^\s*#/.test(line));
  const first = signs[0] ?? '';
  if (isTemplate(lines)) return { role: 'template', reason: `${named}; its lines are a form to fill in` };
  if (sql)
    return {
      role: 'commands',
      sql: true,
      reason: `${named}; it starts like SQL`,
      guess: { reason: `${named}; it starts like SQL`, otherwise: 'sample' },
    };
  if (
    /^\s*[{[]\s*$|^\s*[{[]\s*["{]/.test(first) ||
    /^---\s*$|^apiVersion:/.test(first) ||
    (/^\[[\w .-]+\]$/.test(first.trim()) && signs.length > 1)
  )
    return fileName
      ? { role: 'file', reason: `${fileName} is named as its file`, fileName }
      : { role: 'code', reason: `${named}; it looks like a configuration` };
  if (signs.length > 0 && signs.every(isCrontab))
    return { role: 'file', reason: 'its lines are a crontab', fileName: 'crontab' };
  const heads = logicalHeads(signs);
  const known = heads.filter((line) => commandSign(line) && !readsLikeProse(line) && !looksPrinted(line));
  if (known.length > 0 && known.length >= heads.length * 0.6)
    return {
      role: 'commands',
      reason: `${named}; ${commandSign(known[0]!)}`,
      guess: { reason: `${named}; ${commandSign(known[0]!)}`, otherwise: 'sample' },
    };
  if (
    lines.some((line) => {
      const prompt = promptOf(line);
      return prompt?.of === 'psql' || prompt?.of === 'client' || prompt?.of === 'root';
    })
  )
    return {
      role: 'commands',
      reason: `${named}; its lines show a prompt`,
      guess: { reason: 'its lines show a prompt of another program', otherwise: 'sample' },
    };
  if (fileName) return { role: 'file', reason: `${fileName} is named as its file`, fileName };
  if (
    known[0] !== undefined &&
    known[0] === heads[0] &&
    heads.length > 1 &&
    heads.slice(1).filter(looksPrinted).length * 2 >= heads.length - 1
  )
    return {
      role: 'commands',
      echoed: true,
      reason: `${named}; its first line is a command, the others look printed`,
      guess: {
        reason: `${named}; ${commandSign(known[0])}, and what follows looks printed`,
        otherwise: 'sample',
      },
    };
  if (looksLikeLog(lines)) return { role: 'log', reason: `${named}; its lines carry times` };
  return {
    role: 'sample',
    reason: `${named}; nothing in it looks like a command`,
    guess: { reason: `${named}; no known command starts its lines`, otherwise: 'commands' },
  };
}

/** The first lines of logical lines: a line behind a backslash, or inside an open quote, is not counted. */
function logicalHeads(lines: readonly string[]): readonly string[] {
  const heads: string[] = [];
  let continued = false;
  let quote = false;
  for (const line of lines) {
    if (!continued && !quote) heads.push(line);
    const quotes =
      line
        .replace(/\\./g, '')
        .replace(/'[^']*'/g, '')
        .match(/"/g)?.length ?? 0;
    if (quotes % 2 === 1) quote = !quote;
    continued = /\\\s*$/.test(line) || /[|&]\s*$/.test(line) || (/^\s+-/.test(line) && continued);
  }
  return heads;
}

/** True where the words right before a block say that it shows what a command prints. */
function announcesOutput(before: string): boolean {
  const words = before
    .slice(-160)
    .replace(/\s+/g, ' ')
    .replace(/["'*_`\s:.]+$/, '');
  if (
    /\b(?:run|use|execute|type|enter)\b[^.]*$/i.test(words) &&
    !/\b(?:outputs?|prints?|returns?|look like)\b[^.]*$/i.test(words)
  )
    return false;
  return (
    (/(?:^|[\s"(])(?:sample |example |expected |actual )?(?:outputs?|results?|response)(?: (?:is|should|will|looks?|might|may|similar|of|from|would|example)\b.*)?$/i.test(
      words,
    ) &&
      !/\b(?:the|this|its) (?:outputs?|results?) (?:to|into)\b/i.test(words)) ||
    (/\b(?:should|will|would|may|might|you'll|you)\s+(?:now |then |also )?(?:prints?|returns?|see|get|looks?)\b[^.]*(?:like|following|similar|output|this|:)?$/i.test(
      words,
    ) &&
      !/\byou see (?:how|what|if|whether)\b/i.test(words)) ||
    /\b(?:similar to|look(?:s|ing)? (?:something )?like)\b[^.]*$/i.test(words) ||
    /\b(?:prints?|outputs?|returns?|shows?)(?: something)?(?: (?:like|the following|this))?$/i.test(words)
  );
}

function isCrontab(line: string): boolean {
  return /^\s*(?:@(?:reboot|hourly|daily|weekly|monthly|yearly)\s+\S|(?:[\d*/,-]+\s+){2}[\d*/,-]+\s+(?:[\d*/,-]+|[A-Za-z]{3})\s+(?:[\d*/,-]+|[A-Za-z,-]{3,})\s+\S)/.test(
    line,
  );
}

function looksLikeLog(lines: readonly string[]): boolean {
  const stamped = lines.filter((line) =>
    /^\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:|\[[^\]]{2,30}\]\s|\w{3} +\d+ \d\d:\d\d|\d\d:\d\d:\d\d|(?:INFO|WARN|ERROR|DEBUG|FATAL|LOG|NOTICE)\b|[IWEF]\d{4} |\{"(?:level|ts|time|timestamp|log))/.test(
      line,
    ),
  );
  return stamped.length > 0 && stamped.length >= lines.length / 2;
}

/** Tables, rows and messages: what programs print. */
function looksPrinted(line: string): boolean {
  return (
    /^\s*[|+]|[-=]{5,}\s*$|^\s*\(\d+ rows?\)|\S\s{3,}\S+\s{3,}\S|^[A-Z]+(?:\s{2,}[A-Z]+)+|^\w+:\s+\S.*[^\\]$|^(?:Error|ERROR|WARNING|Warning|INFO|NAME)\b/.test(
      line,
    ) && !/[|]\s*(?:grep|awk|sed|jq|head|tail|xargs|wc)\b/.test(line)
  );
}

function isTemplate(lines: readonly string[]): boolean {
  const forms = lines.filter((line) =>
    /^[\w /()*-]{2,40}:\s*(?:\[[^\]]+\]|YYYY|X \w+|<[^>]+>|_{3,}|$)/.test(line.trim()),
  );
  return lines.length >= 3 && forms.length >= lines.length / 2;
}

function namedInside(lines: readonly string[]): string | undefined {
  return /^\s*(?:#|\/\/|<!--|;|--)\s*((?:[\w@.~-]*\/)*[\w@.-]+\.[A-Za-z]\w{0,9})\s*(?:-->)?\s*$/.exec(
    lines[0] ?? '',
  )?.[1];
}

function scriptName(before: string): string | undefined {
  return /(?:^|[\s`'"(])((?:[\w@.~-]*\/)*[\w@.-]+\.(?:sh|bash|py|rb))\b/.exec(before)?.[1];
}
