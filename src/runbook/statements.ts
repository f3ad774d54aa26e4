import { type Node, parseShell } from '../syntax/shell.ts';
import { cut, type Excerpt, type ExcerptLine, lineOf } from './excerpt.ts';
import { maskPlaceholders } from './placeholder-signs.ts';

/** What a piece of shell text is made of, in order. */
export type Statement =
  | {
      readonly kind: 'statement';
      readonly excerpt: Excerpt;
      /** Comment lines directly above, without `#`. */
      readonly captions: readonly ExcerptLine[];
      /** The comment behind it on its last line. */
      readonly trailing?: ExcerptLine;
      /** The grammar could not make full sense of it. */
      readonly faulty: boolean;
      /** An empty line stands before it and its captions. */
      readonly apart: boolean;
    }
  | { readonly kind: 'comments'; readonly lines: readonly ExcerptLine[]; readonly apart: boolean };

/** Text longer than this, in characters, is parsed a stretch at a time: error recovery is not linear. */
const most = 16_000;
/** The same for text in which the grammar has already found a fault. */
const mostFaulty = 2000;

interface Span {
  start: number;
  end: number;
  comment: boolean;
  faulty: boolean;
}

/**
 * Splits shell text at its top-level statements. Comments directly above a statement are its captions; other
 * comments stand for themselves. A statement that asks how the one before ended (`$?`, `$!`, `PIPESTATUS`)
 * stays with it, and so does what follows a `&` on the same line: apart they would mean something else.
 */
export function splitStatements(excerpt: Excerpt): readonly Statement[] {
  const spans: Span[] = [];
  const { text } = excerpt;
  let limit = most;
  for (let start = 0; start < text.length; ) {
    const end = stretchEnd(text, start, limit);
    if (spansOf(text, start, end, spans)) limit = mostFaulty;
    start = end;
  }
  return arrange(excerpt, spans);
}

/** True where the grammar finds no fault in the text. Placeholders count as words. */
export function isSoundShell(text: string): boolean {
  if (text.length > most) return false;
  const tree = parseShell(maskPlaceholders(text));
  const sound = !tree.rootNode.hasError;
  tree.delete();
  return sound;
}

/**
 * Where functions, loops, conditions and groups stand that go over several lines: their offsets in the text. None
 * where the grammar finds a fault in the text: then nothing sure is known of it.
 */
export function multilineSpans(text: string): readonly { readonly start: number; readonly end: number }[] {
  if (text.length > most || nestsTooDeep(text)) return [];
  const tree = parseShell(maskPlaceholders(text));
  const blocks =
    /^(?:function_definition|for_statement|c_style_for_statement|while_statement|if_statement|case_statement|compound_statement|subshell)$/;
  const spans = tree.rootNode.hasError
    ? []
    : tree.rootNode.children
        .filter((child) => child !== null && blocks.test(child.type))
        .map((child) => ({ start: child!.startIndex, end: child!.endIndex }));
  tree.delete();
  return spans;
}

function stretchEnd(text: string, start: number, limit: number): number {
  if (text.length - start <= limit) return text.length;
  const window = text.slice(start, start + limit);
  const gap = Math.max(window.lastIndexOf('\n\n'), 0) || window.lastIndexOf('\n');
  return gap > 0 ? start + gap + 1 : start + limit;
}

/** Adds the statements of a stretch; true where the grammar found a fault in it. */
function spansOf(text: string, from: number, to: number, spans: Span[]): boolean {
  const part = text.slice(from, to);
  if (nestsTooDeep(part)) {
    spans.push({ start: from, end: to, comment: false, faulty: true });
    return true;
  }
  const tree = parseShell(maskPlaceholders(part));
  const faultyTree = tree.rootNode.hasError;
  let glue = false;
  for (const child of tree.rootNode.children) {
    if (!child || child.endIndex <= child.startIndex) continue;
    const last = spans[spans.length - 1];
    const start = from + child.startIndex;
    const end = from + trimmedEnd(part, child);
    if (end <= start) continue;
    const sameLine = last !== undefined && !text.slice(last.end, start).includes('\n');
    if (!child.isNamed) {
      glue = child.type === '&' && sameLine;
      if (last && !last.comment && (glue || (child.isError && sameLine))) last.end = end;
      continue;
    }
    const comment = child.type === 'comment';
    const faulty = child.hasError || child.isError;
    const joins =
      last !== undefined &&
      !comment &&
      !last.comment &&
      ((glue && sameLine) || ((faulty || last.faulty) && sameLine) || asksHowItEnded(child));
    if (joins) {
      last.end = end;
      last.faulty ||= faulty;
    } else spans.push({ start, end, comment, faulty });
    glue = false;
  }
  tree.delete();
  return faultyTree;
}

function trimmedEnd(text: string, node: Node): number {
  let end = node.endIndex;
  while (end > node.startIndex && /\s/.test(text[end - 1]!)) end--;
  return end;
}

/** Reads `$?`, `$!` or `PIPESTATUS` outside of functions and before its own commands could have set it anew. */
function asksHowItEnded(node: Node): boolean {
  if (node.type === 'function_definition' || node.text.length > 4000) return false;
  const first = /^[^\n;]*/.exec(node.text)?.[0] ?? '';
  return /\$[?!]|\$\{[?!]\}|PIPESTATUS/.test(first.replace(/'[^']*'/g, ''));
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 123) deepest = Math.max(deepest, ++depth);
    else if (code === 41 || code === 125) depth = Math.max(0, depth - 1);
  }
  return deepest > 200;
}

function arrange(excerpt: Excerpt, spans: readonly Span[]): readonly Statement[] {
  const out: Statement[] = [];
  let waiting: ExcerptLine[] = [];
  let waitingEnd = -2;
  let waitingApart = false;
  let lastEnd = -1;
  const flush = () => {
    if (waiting.length > 0) out.push({ kind: 'comments', lines: waiting, apart: waitingApart });
    waiting = [];
  };
  for (const span of spans) {
    const piece = cut(excerpt, span.start, span.end);
    const line = lineOf(excerpt, span.start);
    if (span.comment) {
      const comment = uncomment(piece.lines[0]!);
      const last = out[out.length - 1];
      if (line === lastEnd && last?.kind === 'statement') {
        out[out.length - 1] = { ...last, trailing: comment };
        continue;
      }
      if (waiting.length > 0 && waitingEnd !== line - 1) flush();
      if (waiting.length === 0) waitingApart = line > lastEnd + 1;
      waiting.push(comment);
      waitingEnd = line;
      continue;
    }
    const near = waiting.length > 0 && waitingEnd === line - 1;
    const captions = near ? waiting : [];
    const apart = near ? waitingApart : line > Math.max(lastEnd, waiting.length > 0 ? waitingEnd : -1) + 1;
    if (near) waiting = [];
    else flush();
    out.push({ kind: 'statement', excerpt: piece, captions, faulty: span.faulty, apart });
    lastEnd = lineOf(excerpt, Math.max(span.start, span.end - 1));
  }
  flush();
  return out;
}

function uncomment(line: ExcerptLine): ExcerptLine {
  const mark = /^#+!?\s*/.exec(line.text)?.[0].length ?? 0;
  return { text: line.text.slice(mark).trimEnd(), at: line.at < 0 ? -1 : line.at + mark };
}
