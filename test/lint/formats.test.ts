import { beforeAll, describe, expect, test } from 'vitest';
import { asGithub } from '../../src/lint/formats/github.ts';
import { asJson } from '../../src/lint/formats/json.ts';
import type { FileReport } from '../../src/lint/formats/report.ts';
import { asSarif } from '../../src/lint/formats/sarif.ts';
import { asText, summaryOf } from '../../src/lint/formats/text.ts';
import { lint } from '../../src/lint/lint.ts';
import { rules } from '../../src/lint/registry.ts';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

let reports: readonly FileReport[];

beforeAll(async () => {
  await loadSyntax();
  reports = rules.flatMap((rule) =>
    rule.examples.bad.map((text, index) => ({
      path: `run books/${rule.id}, 100%-${index}.md`,
      findings: lint(compile(text), text),
    })),
  );
});

/**
 * The members of SARIF 2.1.0 that the log uses: what its schema requires of each object, what it allows, and its bounds.
 * Taken from the schema's definitions; the schema allows no other members in any of them.
 */
const shapes: Readonly<
  Record<string, { readonly must: readonly string[]; readonly may: readonly string[] }>
> = {
  sarifLog: { must: ['version', 'runs'], may: ['$schema'] },
  run: { must: ['tool'], may: ['results', 'columnKind'] },
  tool: { must: ['driver'], may: [] },
  toolComponent: { must: ['name'], may: ['version', 'rules'] },
  reportingDescriptor: {
    must: ['id'],
    may: ['shortDescription', 'fullDescription', 'help', 'defaultConfiguration'],
  },
  multiformatMessageString: { must: ['text'], may: ['markdown'] },
  reportingConfiguration: { must: [], may: ['level'] },
  result: { must: ['message'], may: ['ruleId', 'ruleIndex', 'level', 'locations', 'fixes'] },
  message: { must: ['text'], may: [] },
  location: { must: [], may: ['physicalLocation'] },
  physicalLocation: { must: ['artifactLocation'], may: ['region'] },
  artifactLocation: { must: [], may: ['uri'] },
  region: {
    must: [],
    may: ['startLine', 'startColumn', 'endLine', 'endColumn', 'charOffset', 'charLength'],
  },
  fix: { must: ['artifactChanges'], may: ['description'] },
  artifactChange: { must: ['artifactLocation', 'replacements'], may: [] },
  replacement: { must: ['deletedRegion'], may: ['insertedContent'] },
  artifactContent: { must: [], may: ['text'] },
};

/** What stands under a member, by the object it belongs to. */
const members: Readonly<Record<string, string>> = {
  'sarifLog.runs': 'run',
  'run.tool': 'tool',
  'run.results': 'result',
  'tool.driver': 'toolComponent',
  'toolComponent.rules': 'reportingDescriptor',
  'reportingDescriptor.shortDescription': 'multiformatMessageString',
  'reportingDescriptor.fullDescription': 'multiformatMessageString',
  'reportingDescriptor.help': 'multiformatMessageString',
  'reportingDescriptor.defaultConfiguration': 'reportingConfiguration',
  'result.message': 'message',
  'result.locations': 'location',
  'result.fixes': 'fix',
  'location.physicalLocation': 'physicalLocation',
  'physicalLocation.artifactLocation': 'artifactLocation',
  'physicalLocation.region': 'region',
  'fix.description': 'message',
  'fix.artifactChanges': 'artifactChange',
  'artifactChange.artifactLocation': 'artifactLocation',
  'artifactChange.replacements': 'replacement',
  'replacement.deletedRegion': 'region',
  'replacement.insertedContent': 'artifactContent',
};

function faultsOf(value: unknown, shape: string, at: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => faultsOf(each, shape, `${at}[${index}]`));
  if (value === null || typeof value !== 'object') return [`${at} is no ${shape}`];
  const { must, may } = shapes[shape]!;
  const keys = Object.keys(value);
  return [
    ...must.filter((key) => !keys.includes(key)).map((key) => `${at} has no ${key}`),
    ...keys.filter((key) => !must.includes(key) && !may.includes(key)).map((key) => `${at} has ${key}`),
    ...Object.entries(value).flatMap(([key, inner]) => {
      const next = members[`${shape}.${key}`];
      if (next) return faultsOf(inner, next, `${at}.${key}`);
      if (typeof inner === 'object') return [`${at}.${key} is an object`];
      if (key === 'level' && !['none', 'note', 'warning', 'error'].includes(String(inner)))
        return [`${at}.level`];
      if (/^(start|end)(Line|Column)$/.test(key) && !(Number.isInteger(inner) && Number(inner) >= 1))
        return [`${at}.${key} is ${inner}`];
      if (/^char|^ruleIndex$/.test(key) && !(Number.isInteger(inner) && Number(inner) >= 0))
        return [`${at}.${key} is ${inner}`];
      if (key === 'uri' && !/^(?:[\w.!~*'();/?:@&=+$,#-]|%[0-9A-F]{2})+$/.test(String(inner)))
        return [`${at}.uri is ${inner}`];
      return [];
    }),
  ];
}

describe('SARIF', () => {
  test('has the shape of version 2.1.0', () => {
    const log = JSON.parse(asSarif(reports, '1.2.3'));
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0].columnKind).toBe('utf16CodeUnits');
    expect(log.runs[0].results.length).toBeGreaterThan(rules.length / 2);
    expect(faultsOf(log, 'sarifLog', 'log')).toEqual([]);
  });

  test('its results point at their rules', () => {
    const [run] = JSON.parse(asSarif(reports, '1.2.3')).runs;
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a guest among the rules is listed', () => {
    const [first] = reports;
    const foreign = { ...first!.findings[0]!, rule: 'shellcheck-SC2086' };
    const [run] = JSON.parse(asSarif([{ path: 'a.md', findings: [foreign] }], '1')).runs;
    expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe('shellcheck-SC2086');
  });
});

describe('the other forms', () => {
  test('text: place, severity, rule, message, what to write instead', () => {
    const text = asText(reports);
    expect(text).toMatch(
      /^run books\/compose-v1, 100%-0\.md:6:1: warning compose-v1: .+\n {4}why: .+\n {4}instead: docker compose/m,
    );
    expect(summaryOf([])).toBe('0 errors, 0 warnings, 0 notes in 0 files');
  });

  test('GitHub: one command a line, with its properties escaped', () => {
    for (const line of asGithub(reports).trimEnd().split('\n'))
      expect(line).toMatch(
        /^::(?:error|warning|notice) file=run books\/[^,:]+,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,title=[\w-]+::.+%0A.+$/,
      );
    expect(asGithub(reports)).toContain('%2C 100%25');
  });

  test('JSON: files, findings, counts, and no sign that turns text around', () => {
    const text = '# Example\n\nRTO: TBD\n';
    const json = asJson([{ path: 'a\u202emd\u009b.md', findings: lint(compile(text), text) }]);
    expect(json).not.toMatch(/[\u202e\u009b]/);
    const read = JSON.parse(json);
    expect(read.files[0].path).toBe('a\u202emd\u009b.md');
    expect(read.counts.warning).toBe(1);
  });
});
