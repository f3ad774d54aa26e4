import { dumpers, invocationsOf, unpacks } from '../database-work.ts';
import { before } from '../document.ts';
import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

/** Commands behind which a broken pipe or a cut input is what is wanted. */
const viewers =
  /^(head|tail|less|more|grep|egrep|rg|jq|yq|wc|awk|sed|cut|sort|uniq|column|tr|fmt|xargs|cat|python3?|node|base64)$/;

export const pipelineHidesFailure: Rule = {
  id: 'pipeline-hides-failure',
  severity: 'error',
  summary: 'the exit code of a pipeline is that of its last command',
  why: 'pg_dump fails, gzip packs nothing, and the shell says 0: there is a valid file of 20 bytes where the backup should be.',
  instead: 'Put set -o pipefail before it, or do without the pipe: pg_dump -Fc -f FILE packs by itself.',
  examples: {
    bad: [
      inShell('pg_dump app | gzip > backup.sql.gz'),
      inShell('gunzip -c backup.sql.gz | psql -v ON_ERROR_STOP=1 app'),
      inShell('pg_restore -d app backup.dump 2>&1 | tee restore.log'),
    ],
    good: [
      inShell('set -o pipefail', 'pg_dump app | gzip > backup.sql.gz'),
      inShell('set -euo pipefail', 'pg_dump app | gzip > backup.sql.gz'),
      inShell('kubectl get pods | grep api'),
      inShell('pg_restore -l backup.dump | head'),
    ],
  },
  check(document, report) {
    const seen = new Set<unknown>();
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const { pipeline, stage } = invocation;
      if (!pipeline || pipeline.pipefail || seen.has(pipeline) || stage >= pipeline.stages.length - 1)
        continue;
      const last = pipeline.stages.at(-1)?.at(-1);
      if (!last || !loses(invocation, last)) continue;
      if (/pipefail|PIPESTATUS/.test(script.text)) continue;
      if (
        doing &&
        before(document, doing).some(
          (each) => each.script && /set\s+-\w*o?\w*\s*pipefail|pipefail/.test(each.script.text),
        )
      )
        continue;
      seen.add(pipeline);
      report(script.place(pipeline.start, pipeline.end), {
        message: `${invocation.name} may fail here, and the shell tells only of ${last.name}`,
      });
    }
  },
};

/** Whether the failure of a stage that matters goes unseen. */
function loses(producer: Invocation, last: Invocation): boolean {
  const { name, options } = producer;
  if (dumpers.has(name)) return !viewers.test(last.name) || last.output !== undefined;
  if (name === 'pg_restore')
    return options.has('-d', '--dbname') ? true : /^(psql|gzip|zstd)$/.test(last.name);
  if (/^(psql|mysql)$/.test(name)) return last.name === 'tee' && producer.feed !== undefined;
  // tar and pg_restore notice a cut input themselves; these take what comes.
  if (/^(psql|mysql|mariadb|mongorestore|sqlite3)$/.test(last.name))
    return unpacks(producer) || /^(aws|curl|wget|gpg|openssl|age|ssh|gsutil|kubectl)$/.test(name);
  return name === 'tar' && /^(gzip|zstd|xz|openssl|gpg|age|aws|ssh|tee)$/.test(last.name);
}
