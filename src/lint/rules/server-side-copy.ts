import { inShell, inSql } from '../example.ts';
import type { Rule } from '../rule.ts';

export const serverSideCopy: Rule = {
  id: 'server-side-copy',
  severity: 'error',
  summary: 'COPY with a file reads or writes on the database server',
  why: 'On a managed database it is refused; elsewhere the rescued rows lie on a disk that nobody can reach.',
  instead:
    "\\copy (SELECT …) TO 'file.csv' CSV HEADER, on one line: psql then uses the file on your machine.",
  examples: {
    bad: [
      inSql("COPY (SELECT * FROM users) TO '/tmp/users.csv' CSV HEADER;"),
      inShell('psql app -c "COPY users FROM \'/tmp/users.csv\' CSV"'),
    ],
    good: [inShell('psql app -c "\\copy users TO \'users.csv\' CSV"'), inSql('COPY users TO STDOUT CSV;')],
  },
  check(document, report) {
    for (const script of document.scripts)
      for (const piece of script.sql) {
        const copy = piece.tree?.CopyStmt as { filename?: string; is_program?: boolean } | undefined;
        if (!copy?.filename || copy.is_program) continue;
        report(script.place(piece.start, piece.end), {
          message: `COPY uses ${copy.filename} on the database server, not here`,
        });
      }
  },
};
