import type { Range } from '../runbook/range.ts';
import type { LintContext } from './context.ts';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import { type Mistyped, mistypedDirectives } from './mistyped-directive.ts';
import { ruleNamed } from './registry.ts';

interface Suppression {
  readonly rule: string;
  readonly reason: string;
  readonly range: Range;
  /** Lines that it covers, from and to. */
  readonly from: number;
  readonly to: number;
}

export interface Suppressions {
  /** Whether an author has said, with a reason, that this finding is to be left alone. */
  readonly covers: (finding: Finding) => boolean;
  /** What is wrong with the suppressions themselves. */
  readonly findings: (context: LintContext) => readonly Finding[];
}

/**
 * `<!-- drillbook-lint-disable RULE reason -->` is about the next line that is not empty, a whole code block where one
 * starts there; behind other words it is about its own line. In a block, `# drillbook-lint-disable RULE reason` is about
 * the statement below it. `drillbook-lint-disable-file` is about the whole document.
 */
export function readSuppressions(document: Document): Suppressions {
  const found: Suppression[] = [];
  const { text } = document.source;
  const marks =
    /(<!--|^[ \t>]*(?:#|--))[ \t]*drillbook-lint-disable(-file)?[ \t]+([^\r\n]*?)[ \t]*(?:-->|$)/gm;
  for (const mark of text.matchAll(marks)) {
    const [, opening = '', file, rest = ''] = mark;
    const [names = '', ...words] = rest.split(/\s+/);
    const range = document.source.range(mark.index, mark.index + mark[0].length);
    const own = document.source.line(range.line);
    const inline = opening === '<!--' && text.slice(own.start, mark.index).trim() !== '';
    const covered = file
      ? { from: 1, to: document.source.starts.length }
      : inline
        ? { from: range.line, to: range.line }
        : next(document, range.line);
    for (const rule of names.split(',').filter(Boolean))
      found.push({ rule, reason: words.join(' ').trim(), range, ...covered });
  }
  const used = new Set<Suppression>();
  return {
    covers: (finding) =>
      found.some((each) => {
        if (each.rule !== finding.rule || each.reason === '') return false;
        if (finding.range.line > each.to || finding.range.endLine < each.from) return false;
        // A finding on many lines is only left alone where it starts there, or by the whole document.
        if (finding.range.line < each.from) return false;
        used.add(each);
        return true;
      }),
    findings: (context) => {
      const setting = context.settings?.rules?.['suppression-without-reason'];
      if (setting === 'off') return [];
      const rule = ruleNamed('suppression-without-reason')!;
      const problems = [...found.flatMap(faultOf), ...mistypedDirectives(document).map(mistypedFault)];
      return problems.map(({ message, range }) => ({
        rule: rule.id,
        severity: setting ?? rule.severity,
        range,
        message,
        why: rule.why,
        instead: rule.instead,
      }));
    },
  };
}

type Fault = Pick<Finding, 'message' | 'range'>;

function faultOf({ rule, reason, range }: Suppression): readonly Fault[] {
  if (!ruleNamed(rule)) return [{ message: `there is no rule ${rule} to be disabled`, range }];
  return reason === ''
    ? [{ message: `${rule} is disabled without a reason, so it is not disabled`, range }]
    : [];
}

function mistypedFault({ written, range }: Mistyped): Fault {
  return { message: `${written} disables nothing: it is no directive with a rule behind it`, range };
}

/** The lines that a mark on its own line is about. */
function next(document: Document, line: number): { readonly from: number; readonly to: number } {
  const { source, runbook } = document;
  let from = line + 1;
  while (from < source.starts.length) {
    const span = source.line(from);
    if (source.text.slice(span.start, span.end).trim() !== '') break;
    from++;
  }
  const block = runbook.blocks.find((each) => each.range.line === from);
  if (block) return { from, to: block.range.endLine };
  const script = document.scripts.find((each) => each.range.line <= from && each.range.endLine >= from);
  const inside = runbook.blocks.some((each) => each.range.line < line && each.range.endLine > line);
  return { from, to: inside && script ? script.range.endLine : from };
}
