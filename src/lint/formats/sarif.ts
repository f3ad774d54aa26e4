import type { Finding, Severity } from '../finding.ts';
import { pageOf } from '../page.ts';
import { ruleNamed, rules } from '../registry.ts';
import { asciiControls } from './json.ts';
import type { FileReport } from './report.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** Findings in the Static Analysis Results Interchange Format, OASIS SARIF 2.1.0. */
export function asSarif(reports: readonly FileReport[], version: string): string {
  const foreign = [...new Set(reports.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].filter(
    (id) => !ruleNamed(id),
  );
  const ids = [...rules.map((rule) => rule.id), ...foreign];
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'drillbook',
            version,
            rules: [
              ...rules.map((rule) => ({
                id: rule.id,
                shortDescription: { text: rule.summary },
                fullDescription: { text: rule.why },
                help: { text: rule.instead, markdown: pageOf(rule) },
                defaultConfiguration: { level: levels[rule.severity] },
              })),
              ...foreign.map((id) => ({ id })),
            ],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: reports.flatMap(({ path, findings }) =>
          findings.map((finding) => resultOf(path, finding, ids.indexOf(finding.rule))),
        ),
      },
    ],
  };
  return `${asciiControls(JSON.stringify(log, null, 2))}\n`;
}

function resultOf(path: string, finding: Finding, ruleIndex: number) {
  const artifactLocation = { uri: uriOf(path) };
  const { range } = finding;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: `${finding.message}. ${finding.instead}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation,
          region: {
            startLine: range.line,
            startColumn: range.column,
            endLine: range.endLine,
            endColumn: range.endColumn,
            charOffset: range.start,
            charLength: range.end - range.start,
          },
        },
      },
    ],
    ...(finding.fix && {
      fixes: [
        {
          description: { text: finding.instead },
          artifactChanges: [
            {
              artifactLocation,
              replacements: finding.fix.map((edit) => ({
                deletedRegion: { charOffset: edit.start, charLength: edit.end - edit.start },
                insertedContent: { text: edit.text },
              })),
            },
          ],
        },
      ],
    }),
  };
}

/** A path as a URI reference: relative paths stay relative. */
function uriOf(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  const encoded = slashes.split('/').map(encodeURIComponent).join('/');
  return slashes.startsWith('/') ? `file://${encoded}` : encoded;
}
