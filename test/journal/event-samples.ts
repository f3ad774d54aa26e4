import type { RunEvent, RunStarted } from '../../src/run/event.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';

const range = { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };

export const procedure: Procedure = {
  id: 'restore-to-production',
  title: 'Restore to production',
  path: ['Restore'],
  range,
  prose: '',
  items: [
    {
      kind: 'step',
      id: 'check',
      title: 'Check',
      range,
      parts: [{ kind: 'command', id: 'look', language: 'shell', text: 'pg_isready', range, hints: {} }],
    },
    { kind: 'step', id: 'restore', title: 'Restore', range, parts: [] },
  ],
  placeholders: [],
  variables: [],
};

export function started(change: Partial<RunStarted> = {}): RunStarted {
  return {
    type: 'run-started',
    schema: 1,
    run: '20261120-0312-restore-to-production-k3f9',
    mode: 'incident',
    runbook: { path: 'runbooks/restore.md', title: 'Restore', sha256: 'ab'.repeat(32), contacts: [] },
    procedure,
    host: 'laptop',
    version: '0.1.0',
    ...change,
  };
}

export function note(text: string): RunEvent {
  return { type: 'note-added', text };
}

export function commandStarted(attempt = 1, text = 'pg_isready'): RunEvent {
  return {
    type: 'command-started',
    command: 'look',
    attempt,
    text,
    effect: 'reads',
    interactive: false,
    output: '001.log',
  };
}

export function commandFinished(tail = 'accepting connections\n'): RunEvent {
  return {
    type: 'command-finished',
    command: 'look',
    attempt: 1,
    exit: { kind: 'code', code: 0 },
    durationMs: 38,
    verdict: 'succeeded',
    output: { file: '001.log', bytes: tail.length, sha256: 'cd'.repeat(32), tail },
    changed: [],
  };
}

export function remedyTaken(): RunEvent {
  const range = { start: 0, end: 4, line: 71, column: 1, endLine: 71, endColumn: 5 };
  return {
    type: 'remedy-taken',
    title: 'The disk is full',
    line: 69,
    step: 'step-1',
    before: 'step-1/1',
    parts: [
      { kind: 'prose', markdown: 'Look:', range },
      { kind: 'command', id: 'symptom/1', language: 'shell', text: 'df -h', range, hints: {} },
    ],
  };
}

export function blockReread(): RunEvent {
  return {
    type: 'block-reread',
    block: 'block-2',
    role: 'commands',
    was: 'sample',
    line: 41,
    reason: 'nothing says what it is',
  };
}
