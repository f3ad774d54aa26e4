import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

export const ttyWithoutTerminal: Rule = {
  id: 'tty-without-terminal',
  severity: 'error',
  summary: 'a terminal is asked for where data goes in or out by a file or a pipe',
  why: 'With input from a file it stops with "the input device is not a TTY"; with output to a file the terminal puts carriage returns into the dump, and it cannot be restored.',
  instead: 'docker exec -i, docker compose exec -T, kubectl exec -i: without -t.',
  examples: {
    bad: [
      inShell('docker exec -it db psql -U postgres app < backup.sql'),
      inShell(
        'docker exec -t db pg_dump -U postgres app > backup.sql.partial && mv backup.sql.partial b.sql',
      ),
    ],
    good: [
      inShell('docker exec -i db psql -v ON_ERROR_STOP=1 -U postgres app < backup.sql'),
      inShell('docker exec -it db psql -U postgres'),
      inShell('docker compose exec -T db pg_dump app > b.partial'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      if (!asksForTerminal(invocation)) continue;
      const fed = invocation.feed && invocation.feed.kind !== 'nothing' && !typedByHand(script.text);
      const kept = invocation.output !== undefined && invocation.output.file.text !== '/dev/null';
      const { pipeline, stage } = invocation;
      const piped =
        pipeline !== undefined &&
        stage < pipeline.stages.length - 1 &&
        /^(gzip|zstd|xz|openssl|gpg|psql|pg_restore|tar|aws|ssh|docker)$/.test(
          pipeline.stages[stage + 1]?.[0]?.name ?? '',
        );
      if (fed || kept || piped) report(script.place(invocation.start, invocation.end));
    }
  },
};

/** `exec` with -t in front of the container's name. */
function asksForTerminal({ name, words }: Invocation): boolean {
  const texts = words.map((word) => word.text);
  if (!/^(docker|podman|kubectl|oc|nerdctl)$/.test(name) || texts[0] !== 'exec') return false;
  for (const text of texts.slice(1)) {
    if (!text.startsWith('-') || text === '--')
      return name === 'kubectl' || name === 'oc'
        ? texts.slice(0, texts.includes('--') ? texts.indexOf('--') : undefined).some(isT)
        : false;
    if (isT(text)) return true;
  }
  return false;
}

function isT(text: string): boolean {
  return text === '--tty' || /^-(?:i?t|ti)$/.test(text);
}

/** Lines that the runbook shows as typed into the client, which the reading feeds to it. */
function typedByHand(text: string): boolean {
  return /<<'[A-Z]+_*'\n/.test(text);
}
