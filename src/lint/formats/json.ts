import { countsOf, type FileReport } from './report.ts';

/** Findings as JSON, one object: files with their findings, and the counts. */
export function asJson(reports: readonly FileReport[]): string {
  return `${asciiControls(JSON.stringify({ schema: 1, files: reports, counts: countsOf(reports) }, null, 2))}\n`;
}

/** JSON leaves controls above U+007F and signs that turn text around as they are; as escapes they do no harm. */
export function asciiControls(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
