import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Severity } from '../finding.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

interface Exposed {
  readonly how: string;
  readonly instead: string;
  readonly severity?: Severity;
}

export const secretOnCommandLine: Rule = {
  id: 'secret-on-command-line',
  severity: 'warning',
  summary: 'a secret stands in the arguments of a command',
  why: 'Everybody on the machine can read it in the list of processes while the command runs, and the shell keeps it in its history.',
  instead: 'Give it by a file, by the environment, or let the command ask.',
  examples: {
    bad: [
      inShell('openssl enc -aes-256-cbc -pbkdf2 -in a -out b -k $BACKUP_KEY'),
      inShell('mysql -uroot -phunter2 app -e "SELECT 1"'),
      inShell('redis-cli -a "$REDIS_PASSWORD" ping'),
    ],
    good: [
      inShell('openssl enc -aes-256-cbc -pbkdf2 -in a -out b -pass env:BACKUP_KEY'),
      inShell('mysql -uroot -p app'),
      inShell('REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli ping'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const exposed = exposure(invocation);
      if (!exposed) continue;
      report(script.place(invocation.start, invocation.end), {
        message: `${exposed.how}: it can be read in the list of processes`,
        instead: exposed.instead,
        ...(exposed.severity && { severity: exposed.severity }),
      });
    }
  },
};

function exposure(invocation: Invocation): Exposed | undefined {
  const { name, words, options } = invocation;
  const texts = words.map((word) => word.text);
  switch (name) {
    case 'openssl': {
      const at = texts.indexOf('-k');
      if (at >= 0 && texts[at + 1] && /^(enc|aes|des)/.test(texts[0] ?? ''))
        return {
          how: 'openssl -k takes the key as an argument',
          instead: '-pass env:NAME or -pass file:PATH',
        };
      const pass = texts.findIndex((text) => /^-pass(?:in|out)?$/.test(text));
      if (pass >= 0 && /^pass:/.test(texts[pass + 1] ?? ''))
        return { how: 'pass: puts the key into the arguments', instead: '-pass env:NAME or -pass file:PATH' };
      return undefined;
    }
    case 'mysql':
    case 'mysqldump':
    case 'mariadb':
    case 'mariadb-dump':
    case 'mysqladmin':
    case 'mysqlcheck':
      return texts.some((text) => /^-p.+|^--password=.+/.test(text))
        ? {
            how: `${name} -p takes the password as an argument`,
            instead:
              '--defaults-extra-file=FILE with mode 600, or MYSQL_PWD for a moment, or -p alone, which asks',
          }
        : undefined;
    case 'redis-cli':
      return options.has('-a', '--pass') || texts.some((text) => /^-a$|^--pass=/.test(text))
        ? {
            how: 'redis-cli -a takes the password as an argument',
            instead: 'REDISCLI_AUTH in the environment',
          }
        : undefined;
    case 'mongosh':
    case 'mongo':
    case 'mongodump':
    case 'mongorestore': {
      const at = texts.findIndex((text) => /^(-p|--password)$/.test(text));
      const given =
        (at >= 0 && texts[at + 1] && !texts[at + 1]!.startsWith('-')) ||
        texts.some((text) => /^--password=.+/.test(text));
      return given
        ? {
            how: `${name} --password takes it as an argument`,
            instead: '--password alone, which asks, or --config FILE',
          }
        : undefined;
    }
    case 'sshpass':
      return texts[0]?.startsWith('-p')
        ? { how: 'sshpass -p takes the password as an argument', instead: 'a key, or sshpass -f FILE' }
        : undefined;
    case 'docker':
      return texts[0] === 'login' && texts.some((text) => /^(-p|--password)(=|$)/.test(text))
        ? { how: 'docker login -p takes the password as an argument', instead: '--password-stdin' }
        : undefined;
    case 'curl': {
      const at = texts.findIndex((text) => /^(-u|--user)$/.test(text));
      if (at >= 0 && /^[^:]+:.+/.test(texts[at + 1] ?? '') && !/:[<[{]/.test(texts[at + 1]!))
        return {
          how: 'curl -u takes the password as an argument',
          instead: '--netrc-file FILE or --config FILE',
          severity: 'info',
        };
      const header = texts.some(
        (text) =>
          /^(authorization|x-[\w-]*(?:key|token)|private-token):\s*\S/i.test(text) &&
          !/^authorization:\s*bearer\s*[<[{]/i.test(text),
      );
      return header
        ? {
            how: 'the header with the token is an argument of curl',
            instead: '-H @FILE reads headers from a file, --config FILE everything',
            severity: 'info',
          }
        : undefined;
    }
    default:
      return undefined;
  }
}
