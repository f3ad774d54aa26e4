import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';
import { secretsIn } from '../secret-signs.ts';

export const secretInText: Rule = {
  id: 'secret-in-text',
  severity: 'error',
  summary: 'a secret stands in the runbook',
  why: 'Whoever can read the runbook can use it: every clone, every backup of the wiki, every chat it is pasted into. It stays in the history.',
  instead:
    'Take it from the environment or a file with mode 600, write where it is kept, and change it now: it is known.',
  examples: {
    bad: [
      inShell('export DB_PASSWORD=walgpwd'),
      inShell('export DATABASE_URL=postgresql://app:s3cr3t-pw@db1.internal:5432/app'),
      inShell('export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7ABCDEFG'),
      '# Unit\n\n```ini\nEnvironment=DATABASE_URL=postgresql://user:pass@localhost:5432/app\n```\n',
    ],
    good: [
      inShell('export DB_PASSWORD=YOUR_PASSWORD API_TOKEN="$TOKEN" APP_SECRET=changeme'),
      inShell('export DATABASE_URL="postgresql://user:pass@host:port/dbname"'),
      inShell('export DATABASE_URL="postgresql://app:$PGPASSWORD@db1.internal:5432/app"'),
      inShell('psql "postgresql://<user>:<password>@db1.internal/app" -c "SELECT 1"'),
    ],
  },
  check(document, report) {
    const { source } = document;
    for (const secret of secretsIn(source.text))
      report(source.range(secret.start, secret.end), { message: `${secret.what} stands here` });
  },
};
