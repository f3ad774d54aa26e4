import type { Block } from './block.ts';
import {
  announcesOutput,
  hasOptions,
  isCrontab,
  isMakeTarget,
  isTemplate,
  logicalHeads,
  looksLikeLog,
  looksPrinted,
  namedInside,
  scriptName,
} from './block-signs.ts';
import {
  clientTags,
  fileTags,
  isConfiguration,
  plainTags,
  sessionTags,
  shellTags,
  sqlTags,
} from './block-tags.ts';
import { commandSign, startsSql } from './doing-words.ts';
import type { Excerpt } from './excerpt.ts';
import { foreignShell } from './foreign-shell.ts';
import type { Guess } from './guess.ts';
import type { Info } from './info.ts';
import { innerLines } from './inner-lines.ts';
import { maskPlaceholders } from './placeholder-signs.ts';
import { promptOf, readsLikeProse } from './prompt.ts';
import { shownOnly } from './shown-only.ts';

/** What stands around a block and helps to read it. */
export interface Surroundings {
  /** The words right before it. */
  readonly before: string;
  /** True for a variable that some command of the document expands. */
  readonly reads?: (name: string) => boolean;
  /** A file name that those words give. */
  readonly fileName?: string;
  /** From a comment `<!-- drillbook: … -->` right above it. */
  readonly attributes?: Omit<Info, 'tag'>;
}

/** What a block is, why, and how it is to be taken apart. */
export interface Verdict {
  readonly role: Block['role'];
  readonly reason: string;
  readonly guess?: Guess;
  readonly sql?: boolean;
  /** The program into which its lines are typed. */
  readonly client?: string;
  /** Only the first line is typed; what follows was printed. */
  readonly echoed?: boolean;
  readonly fileName?: string;
  /** The shell that it is for, which is none that can run here. */
  readonly foreign?: string;
}

/** Judges what a block is: by what its author says, the words before it, its tag, and its lines. */
export function roleOf(info: Info, excerpt: Excerpt, around: Surroundings): Verdict {
  const verdict = roleByLines(info, excerpt, around);
  const shown = info.role ? undefined : shownOnly(around.before);
  if (!shown) return verdict;
  const lines = excerpt.lines
    .map((line) => line.text)
    .filter((line) => line.trim() !== '')
    .slice(0, 400);
  if (verdict.foreign) return { role: 'sample', reason: `the words before it: ${shown}` };
  if (verdict.role === 'commands') {
    return {
      role: 'sample',
      reason: `the words before it: ${shown}`,
      // Lines for another program are no shell commands the other way either.
      guess: { reason: shown, otherwise: verdict.client ? 'code' : 'commands' },
    };
  }
  // An operator can still run what was announced where it reads like commands.
  if (verdict.role === 'sample' && !verdict.guess && lines.some(isTyped))
    return { ...verdict, guess: { reason: shown, otherwise: 'commands' } };
  return verdict;
}

function isPrompted(lines: readonly string[]): boolean {
  const inner = innerLines(lines);
  return lines.some((line, index) => !inner.has(index) && promptOf(line)?.of === 'shell');
}

function isTyped(line: string): boolean {
  return commandSign(line) !== undefined && !readsLikeProse(line);
}

function roleByLines(info: Info, excerpt: Excerpt, around: Surroundings): Verdict {
  const { tag } = info;
  const lines = excerpt.lines.map((line) => line.text).filter((line) => line.trim() !== '');
  const sample = lines.slice(0, 400);
  const prompted = isPrompted(sample);
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
  const foreign = foreignShell(tag, sample);
  if (foreign) return { role: 'code', reason: `it is for ${foreign}, not for bash`, foreign };
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
    !isConfiguration(tag) &&
    !/^(json|ya?ml|mermaid|promql)/.test(tag) &&
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
  if (prompted && !isConfiguration(tag))
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
  const set = signs.map((line) => /^\s*([A-Z][A-Z0-9_]*)=/.exec(line)?.[1]);
  const { reads } = around;
  const told = /\b(?:set|define|assign|export)\b/i.test(around.before);
  if (reads && !told && set.length > 1 && set.every((name) => name !== undefined && !reads(name)))
    return {
      role: 'code',
      reason: 'it only sets variables, and no command of the document reads one of them',
      guess: { reason: 'it only sets variables that nothing reads', otherwise: 'commands' },
    };
  const known = signs.filter((line) => commandSign(line) && !looksPrinted(line)).length;
  if (announced && known === 0 && signs.length > 0)
    return {
      role: 'sample',
      reason: 'the words before it announce output',
      guess: { reason: 'announced as output', otherwise: 'commands' },
    };
  const typed = sessionTags.has(tag) && known === 0 && signs.length > 0 && signs.every(hasOptions);
  if (typed)
    return {
      role: 'commands',
      reason: `tagged ${tag}; its lines have options`,
      guess: { reason: 'no known command in it, but options', otherwise: 'sample' },
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
  const heads = logicalHeads(signs).map((line) => (line.length < 2000 ? maskPlaceholders(line) : line));
  const known = heads.filter(
    (line) => isMakeTarget(line) || (commandSign(line) && !readsLikeProse(line) && !looksPrinted(line)),
  );
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
  if (heads.length > 0 && heads.every(hasOptions))
    return {
      role: 'commands',
      reason: `${named}; its lines have options`,
      guess: { reason: `${named}; no known command in it, but options`, otherwise: 'sample' },
    };
  if (looksLikeLog(lines)) return { role: 'log', reason: `${named}; its lines carry times` };
  return {
    role: 'sample',
    reason: `${named}; nothing in it looks like a command`,
    guess: { reason: `${named}; no known command starts its lines`, otherwise: 'commands' },
  };
}
