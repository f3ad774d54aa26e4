import type { Runbook } from '../runbook/runbook.ts';
import type { LintContext } from './context.ts';
import { openDocument } from './document.ts';
import type { Finding } from './finding.ts';
import { rules } from './registry.ts';
import { readSuppressions } from './suppression.ts';

/**
 * Everything that the rules find in a runbook, in document order. `source` is the text it was compiled from. Pure and
 * total; `loadShell` and `loadSql` must have been awaited (an Error tells).
 */
export function lint(runbook: Runbook, source: string, context: LintContext = {}): readonly Finding[] {
  const document = openDocument(runbook, source, context);
  const found: Finding[] = [];
  for (const rule of rules) {
    const setting = context.settings?.rules?.[rule.id];
    if (setting === 'off') continue;
    const seen = new Set<string>();
    rule.check(document, (range, remark = {}) => {
      const message = remark.message ?? rule.summary;
      const key = `${range.start} ${range.end} ${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      found.push({
        rule: rule.id,
        severity: setting ?? remark.severity ?? rule.severity,
        range,
        message,
        why: rule.why,
        instead: remark.instead ?? rule.instead,
        ...(remark.fix && remark.fix.length > 0 && { fix: remark.fix }),
      });
    });
  }
  const suppressions = readSuppressions(document);
  return [
    ...found.filter((finding) => !suppressions.covers(finding)),
    ...suppressions.findings(context),
  ].sort(
    (a, b) => a.range.start - b.range.start || a.rule.localeCompare(b.rule) || a.range.end - b.range.end,
  );
}
