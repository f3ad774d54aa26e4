import { genesis, hashLine, lineOf } from '../../src/journal/line.ts';
import type { Recorded, RunEvent, RunStarted, Verdict } from '../../src/run/event.ts';
import type { Part } from '../../src/runbook/part.ts';
import type { Phase } from '../../src/runbook/phase.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import type { Step } from '../../src/runbook/step.ts';

/*
 * The restore of a members database as a journal would hold it, told in a few words: `at` sets the clock, `say`
 * writes an event, and the rest are the things that happen in a run.
 */

const range = { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };

function command(id: string, text: string, caption?: string): Part {
  return { kind: 'command', id, language: 'shell', text, ...(caption ? { caption } : {}), range, hints: {} };
}

function step(number: string, title: string, phase: Phase, minutes: number, ...parts: readonly Part[]): Step {
  const estimate = { min: 60, max: minutes * 60 };
  return { kind: 'step', id: phase, number, title, phase, range, estimate, parts };
}

export const procedure: Procedure = {
  id: 'restore-to-production',
  title: 'Restore to production',
  path: ['PostgreSQL restore'],
  range,
  prose: '',
  items: [
    step(
      '1',
      'Pre-checks',
      'pre-check',
      5,
      command('look', 'pg_isready -d "$DATABASE_URL"', 'The server answers'),
      { kind: 'check', id: 'agreed', text: 'The incident lead agreed to the restore', range },
    ),
    step(
      '2',
      'Safety backup',
      'safety-backup',
      10,
      command('dump', 'pg_dump -Fc -f "$SAFETY" "$DATABASE_URL"'),
    ),
    step('3', 'Maintenance mode on', 'maintenance-on', 2, command('on', 'drillbook maintenance on')),
    step(
      '4',
      'Terminate connections',
      'disconnect',
      2,
      command(
        'terminate',
        'psql "$ADMIN_URL" -c "\nSELECT pg_terminate_backend(pid, 5000)\nFROM pg_stat_activity WHERE datname = \'members\'"',
        'End every other session',
      ),
    ),
    step(
      '5',
      'Restore from backup',
      'restore',
      10,
      command('restore', 'pg_restore --exit-on-error -j 4 -d "$RESTORE_URL" "$BACKUP"'),
    ),
    step(
      '6',
      'Verify',
      'verify',
      5,
      command('compare', 'drillbook compare "$RESTORE_URL" --with "$BACKUP"'),
      { kind: 'criterion', id: 'counts', text: 'Record counts match (±5%)', range },
    ),
    step('7', 'Maintenance mode off', 'maintenance-off', 2, command('off', 'drillbook maintenance off')),
    step('8', 'Tell the team', 'follow-up', 5, {
      kind: 'manual',
      id: 'tell',
      text: 'Post the summary in #incidents',
      range,
    }),
  ],
  placeholders: [],
  variables: [],
};

export const target: NonNullable<RunStarted['target']> = {
  name: 'prod',
  environment: 'production',
  engine: 'postgres',
  database: 'members',
  address: 'db.internal:5432',
  tags: ['railway'],
  objectives: { rto: 3_600, rpo: 86_400 },
};

export class Story {
  readonly events: Recorded[] = [];
  #lines: string[] = [];
  #now: number;
  #operator = 'olga';

  constructor(start = '2026-11-20T03:12:07.000Z', change: Partial<RunStarted> = {}) {
    this.#now = Date.parse(start);
    this.say({
      type: 'run-started',
      schema: 1,
      run: '20261120-0312-restore-to-production-k3f9',
      mode: 'incident',
      target,
      runbook: {
        path: 'runbooks/postgres-restore.md',
        title: 'PostgreSQL restore',
        sha256: '9f2c'.repeat(16),
        severity: 'P1',
        contacts: [{ role: 'Database on-call', reach: '#db-oncall, +49 30 555 0100' }],
      },
      procedure,
      host: 'olga-laptop',
      version: '0.1.0',
      ...change,
    });
    this.say({
      type: 'identity-read',
      identity: {
        system: '7431560281374015523',
        address: 'db.internal:5432',
        database: 'members',
        exists: true,
        replica: false,
        version: '16.4',
      },
    });
  }

  /** The journal's bytes. */
  get bytes(): Buffer {
    return Buffer.from(this.#lines.map((line) => `${line}\n`).join(''));
  }

  by(operator: string): this {
    this.#operator = operator;
    return this;
  }

  wait(seconds: number): this {
    this.#now += seconds * 1000;
    return this;
  }

  say(event: RunEvent): this {
    const prev = this.#lines.length === 0 ? genesis : hashLine(this.#lines.at(-1)!);
    const stamp = {
      seq: this.#lines.length + 1,
      time: new Date(this.#now).toISOString(),
      operator: this.#operator,
      prev,
    };
    const line = lineOf(stamp, event);
    this.#lines.push(line);
    this.events.push(JSON.parse(line));
    return this;
  }

  enter(phase: Phase): this {
    return this.say({ type: 'step-entered', step: phase });
  }

  begin(id: string, text: string, attempt = 1): this {
    this.say({
      type: 'command-started',
      command: id,
      attempt,
      text,
      effect: id === 'look' || id === 'compare' ? 'reads' : id === 'dump' ? 'changes' : 'destroys',
      interactive: false,
      output: `${id}-${attempt}.log`,
    });
    return this.say({ type: 'command-spawned', command: id, attempt, pid: 4_121, birth: 'b:1' });
  }

  end(id: string, seconds: number, tail = '', verdict: Verdict = 'succeeded', code = 0, attempt = 1): this {
    this.wait(seconds);
    return this.say({
      type: 'command-finished',
      command: id,
      attempt,
      exit: { kind: 'code', code },
      durationMs: seconds * 1000,
      verdict,
      output: { file: `${id}-${attempt}.log`, bytes: Buffer.byteLength(tail), sha256: hashLine(tail), tail },
      changed: [],
    });
  }

  run(id: string, text: string, seconds: number, tail = ''): this {
    return this.begin(id, text).end(id, seconds, tail);
  }

  confirm(id: string, phrase = 'RESTORE members'): this {
    return this.say({ type: 'guard-confirmed', command: id, effect: 'destroys', by: 'phrase', phrase });
  }

  /** Steps 1 to 4, as they should go. */
  upToTerminate(): this {
    return this.wait(20)
      .say({
        type: 'input-given',
        name: 'BACKUP',
        value: 'members-20261120-0200.dump',
        secret: false,
        source: 'backup',
      })
      .say({ type: 'input-given', name: 'PGPASSWORD', secret: true, source: 'environment' })
      .enter('pre-check')
      .wait(4)
      .run('look', 'pg_isready -d "$DATABASE_URL"', 0.3, 'db.internal:5432 - accepting connections\n')
      .wait(20)
      .say({ type: 'check-answered', part: 'agreed', answer: 'ticked', note: 'Per, by phone' })
      .enter('safety-backup')
      .wait(6)
      .run('dump', 'pg_dump -Fc -f "$SAFETY" "$DATABASE_URL"', 98.2)
      .say({
        type: 'backup-reported',
        backup: {
          action: 'created',
          name: 'members-20261120-0313-safety',
          kind: 'safety',
          location: 's3://acme-backups/members/members-20261120-0313-safety.dump',
          bytes: 184_300_211,
          durationMs: 98_200,
          verified: true,
          takenAt: '2026-11-20T03:13:05.000Z',
          database: 'members',
        },
      })
      .enter('maintenance-on')
      .wait(5)
      .confirm('on', 'MAINTENANCE prod')
      .run('on', 'drillbook maintenance on', 4, 'maintenance mode is on; /health answers 503\n')
      .enter('disconnect')
      .wait(5)
      .confirm('terminate')
      .run(
        'terminate',
        'psql "$ADMIN_URL" -c "\nSELECT pg_terminate_backend(pid, 5000)\nFROM pg_stat_activity WHERE datname = \'members\'"',
        2.1,
        ' pg_terminate_backend \n----------------------\n t\n t\n(2 rows)\n',
      );
  }

  restored(): this {
    return this.say({
      type: 'backup-reported',
      backup: {
        action: 'restored',
        name: 'members-20261120-0200',
        location: 's3://acme-backups/members/members-20261120-0200.dump',
        bytes: 183_950_004,
        takenAt: '2026-11-20T02:00:02.000Z',
        database: 'members_restored',
      },
    });
  }

  /** Steps 6 to 8, as they should go, and the end. */
  toTheEnd(): this {
    return this.enter('verify')
      .wait(3)
      .run(
        'compare',
        'drillbook compare "$RESTORE_URL" --with "$BACKUP"',
        41,
        '12 tables, 418,220 rows: equal\n',
      )
      .say({
        type: 'comparison-reported',
        comparison: {
          left: 'members_restored',
          right: 'members-20261120-0200',
          equal: true,
          differences: [],
        },
      })
      .say({
        type: 'criterion-judged',
        part: 'counts',
        verdict: 'met',
        by: 'measured',
        measured: '418,220 of 418,220',
      })
      .enter('maintenance-off')
      .wait(4)
      .run('off', 'drillbook maintenance off', 3, 'maintenance mode is off; /health answers 200\n')
      .enter('follow-up')
      .wait(90)
      .say({ type: 'manual-done', part: 'tell' })
      .say({ type: 'run-finished', outcome: 'passed' });
  }
}

export function success(): Story {
  return new Story()
    .upToTerminate()
    .say({
      type: 'note-added',
      text: 'cause: migration 2231 dropped members.email; see the `deploy | 2231` log',
      step: 'disconnect',
    })
    .enter('restore')
    .wait(8)
    .confirm('restore')
    .run(
      'restore',
      'pg_restore --exit-on-error -j 4 -d "$RESTORE_URL" "$BACKUP"',
      742,
      'pg_restore: connecting to database for restore\n',
    )
    .restored()
    .toTheEnd()
    .wait(60)
    .say({ type: 'question-answered', question: 'detected', answer: '03:05, the health check paged' })
    .say({
      type: 'question-answered',
      question: 'root-cause',
      answer: 'Migration 2231 dropped members.email.\nIts review missed the drop.',
    });
}

export function failedVerification(): Story {
  return new Story('2026-11-20T03:12:07.000Z', {
    mode: 'drill',
    target: { ...target, name: 'staging', environment: 'staging' },
  })
    .upToTerminate()
    .enter('restore')
    .wait(8)
    .confirm('restore', 'members')
    .run('restore', 'pg_restore --exit-on-error -j 4 -d "$RESTORE_URL" "$BACKUP"', 301)
    .restored()
    .enter('verify')
    .wait(3)
    .begin('compare', 'drillbook compare "$RESTORE_URL" --with "$BACKUP"')
    .end(
      'compare',
      39,
      'orders: 10,220 rows, expected 118,220\naudit_logs: trigger audit_logs_immutable is missing\n',
      'failed',
      1,
    )
    .say({
      type: 'comparison-reported',
      comparison: {
        left: 'members_restored',
        right: 'members-20261120-0200',
        equal: false,
        differences: [
          'orders: 10,220 rows, expected 118,220',
          'audit_logs: trigger audit_logs_immutable is missing',
        ],
      },
    })
    .say({
      type: 'criterion-judged',
      part: 'counts',
      verdict: 'missed',
      by: 'measured',
      measured: '310,220 of 418,220',
    })
    .say({
      type: 'run-finished',
      outcome: 'failed',
      reason: 'the restored data are not those of the backup',
    });
}

export function aborted(): Story {
  return new Story()
    .upToTerminate()
    .enter('restore')
    .say({
      type: 'command-edited',
      command: 'restore',
      text: 'pg_restore --exit-on-error -j 8 -d "$RESTORE_URL" "$BACKUP"',
    })
    .say({
      type: 'guard-overridden',
      command: 'restore',
      effect: 'destroys',
      refusal: 'the server is not the one that the run began with',
      reason: 'failover at 03:10, agreed with Per',
    })
    .begin('restore', 'pg_restore --exit-on-error -j 8 -d "$RESTORE_URL" "$BACKUP"')
    .wait(50)
    .say({ type: 'stop-requested', command: 'restore', signal: 'SIGINT' })
    .end('restore', 2, 'pg_restore: error: canceled by user\n', 'stopped', 1)
    .say({ type: 'part-skipped', part: 'restore', reason: 'the data were found on the replica' })
    .say({ type: 'step-skipped', step: 'verify', reason: 'nothing was restored' })
    .enter('maintenance-off')
    .say({ type: 'command-done-by-hand', command: 'off', note: 'in the dashboard, the CLI was logged out' })
    .wait(30)
    .say({ type: 'run-finished', outcome: 'abandoned', reason: 'the data were found on the replica' });
}

export function resumed(): Story {
  return new Story()
    .upToTerminate()
    .enter('restore')
    .wait(8)
    .confirm('restore')
    .begin('restore', 'pg_restore --exit-on-error -j 4 -d "$RESTORE_URL" "$BACKUP"')
    .wait(3_600)
    .say({ type: 'run-resumed', host: 'olga-laptop', version: '0.1.0', tornBytes: 118 })
    .say({ type: 'command-interrupted', command: 'restore', attempt: 1, alive: false, pid: 4_121 })
    .say({ type: 'runbook-checked', same: true, hash: '9f2c'.repeat(16) })
    .wait(120)
    .say({
      type: 'command-settled',
      command: 'restore',
      attempt: 1,
      as: 'failed',
      note: 'members_restored had 7 of 12 tables; dropped it',
    })
    .confirm('restore')
    .begin('restore', 'pg_restore --exit-on-error -j 4 -d "$RESTORE_URL" "$BACKUP"', 2)
    .end('restore', 733, '', 'succeeded', 0, 2)
    .restored()
    .toTheEnd();
}

export function handedOver(): Story {
  return new Story()
    .upToTerminate()
    .say({
      type: 'handed-over',
      to: 'per',
      note: 'end of my shift; connections are ended, nothing is restored yet',
    })
    .wait(400)
    .by('per')
    .say({ type: 'run-resumed', host: 'per-desk', version: '0.1.0', tornBytes: 0 })
    .enter('restore')
    .wait(8)
    .confirm('restore')
    .run('restore', 'pg_restore --exit-on-error -j 4 -d "$RESTORE_URL" "$BACKUP"', 700)
    .say({ type: 'note-added', text: 'todo: raise the disk alarm to 80%' })
    .say({ type: 'handed-over', to: 'ines', note: 'verification is left' });
}

export const stories = { success, failedVerification, aborted, resumed, handedOver };
