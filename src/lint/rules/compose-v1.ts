import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const composeV1: Rule = {
  id: 'compose-v1',
  severity: 'warning',
  summary: 'docker-compose is version 1, which has been without maintenance since 2023',
  why: 'On a fresh machine the command is not there, and the first thing that fails is the one that stops the application.',
  instead: 'docker compose, with a blank: the same options, part of Docker.',
  examples: {
    bad: [inShell('docker-compose stop api')],
    good: [inShell('docker compose stop api'), inShell('docker compose -f docker-compose.yml up -d')],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      if (invocation.name !== 'docker-compose') continue;
      const range = script.place(invocation.start, invocation.start + 'docker-compose'.length);
      const whole = document.source.text.slice(range.start, range.end) === 'docker-compose';
      report(range, {
        fix: whole ? [{ start: range.start, end: range.end, text: 'docker compose' }] : [],
      });
    }
  },
};
