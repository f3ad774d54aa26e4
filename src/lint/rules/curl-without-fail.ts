import { aboutOf, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

export const curlWithoutFail: Rule = {
  id: 'curl-without-fail',
  severity: 'warning',
  summary: 'curl exits 0 on an answer of 404 or 503',
  why: 'The check passes while the service is down, the page that says "error" is saved as the backup, and a script reads it as an answer.',
  instead: 'curl -fsS --max-time 10 URL: it fails on every answer of 400 and above.',
  examples: {
    bad: [
      inShell('# Verify', 'curl https://app.example.org/health/ready'),
      inShell('LAST=$(curl -s https://api.example.org/backups | jq -r .[0].createdAt)'),
      inShell('curl -o backup.dump https://example.org/latest.dump'),
    ],
    good: [
      inShell('# Verify', 'curl -fsS https://app.example.org/health/ready'),
      inShell("curl -sS -o /dev/null -w '%{http_code}' https://app.example.org/health"),
      inShell('curl -I https://app.example.org/'),
      inShell('curl http://localhost:9200/_cat/indices'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      if (invocation.name !== 'curl' || toldOtherwise(invocation)) continue;
      const { captured, tested, pipeline, output, words } = invocation;
      const urls = words.map((word) => word.text).join(' ');
      const counted =
        captured ||
        tested ||
        (pipeline !== undefined &&
          /^(bash|sh|tar|psql|sudo|pg_restore|gunzip)$/.test(pipeline.stages.at(-1)?.[0]?.name ?? '')) ||
        (output !== undefined && output.file.text !== '/dev/null') ||
        words.some((word) => /^-\w*[oO]$|^--output$|^--remote-name/.test(word.text)) ||
        /health|ready|readyz|livez|alive|status\b|ping\b/i.test(urls) ||
        doing?.phase === 'verify' ||
        /\b(?:verify|health)\b/i.test(aboutOf(doing, 1));
      if (counted) report(script.place(invocation.start, invocation.end));
    }
  },
};

/** It fails by itself, or shows the code, or speaks no HTTP. */
function toldOtherwise({ words }: Invocation): boolean {
  return words.some(
    ({ text }) =>
      /^--(?:fail(?:-with-body|-early)?|head|include|verbose|write-out|version|help)\b/.test(text) ||
      /^-[a-zA-Z#]*[fIivwV]/.test(text) ||
      /%\{(?:http_code|response_code)\}/.test(text) ||
      /^(?:telnet|ftp|file|smtp|ldap|dict):/.test(text),
  );
}
