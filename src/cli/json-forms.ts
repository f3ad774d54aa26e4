/** What the JSON of a command holds. */
export interface JsonForm {
  /** What stands after `drillbook`, without `--json`. */
  readonly command: string;
  /** Grows when the meaning of a field changes; fields may be added without that. */
  readonly schema: 1;
  /** Top-level fields that are always there, and what they hold. */
  readonly fields: Readonly<Record<string, string>>;
}

function form(command: string, fields: Readonly<Record<string, string>>): JsonForm {
  return { command, schema: 1, fields };
}

const backup = 'name, target, kind, takenAt (UTC), bytes, verified …';

/** The JSON of every listing: `drillbook help --json` prints it. */
export const jsonForms: readonly JsonForm[] = [
  form('list', {
    runbooks: 'path, title, procedures (id, title), findings, estimate (s), lastRun …',
    skipped: 'path, why',
  }),
  form('drill due', { at: 'UTC', targets: 'target, schedule, due (kind, since, next), last' }),
  form('drill list', { at: 'UTC', targets: 'target, due, last, failing, trend' }),
  form('drill history', {
    drills: 'run, target, outcome, backup, criteria, restoreSeconds, rtoSeconds, rpoSeconds …, newest first',
  }),
  form('train list', { scenarios: 'id, title, level' }),
  form('train results', {
    results: 'training, scenario, operator, outcome, points, seconds, nearMisses …; people with --all',
  }),
  form('target list', { targets: 'name, environment, url (a reference)' }),
  form('log list', { runs: 'id, title, mode, target, startedAt, outcome …, newest first' }),
  form('log search', { entries: 'run, title, startedAt, hits' }),
  form('log verify', { runs: 'run, sound, lines, heads, problems' }),
  form('log stats', { runs: 'how many; then what they add up to' }),
  form('log export', { entries: 'entries as entry.json has them' }),
  form('log follow-up list', { followUps: 'id, text, run, at, closed' }),
  form('log outbox', { letters: 'id, sink, name, run, subject, tries, nextAt, problem' }),
  form('handover list', { handovers: 'run, title, from, to, at, note, store, taken' }),
  form('drill due', { at: 'when it was looked (UTC)', targets: 'what is due, and since when' }),
  form('drill list', { at: 'when it was looked (UTC)', targets: 'every target that is drilled' }),
  form('drill history', { drills: 'when, how long, how it ended, criteria' }),
  form('train list', { scenarios: 'id, title, level' }),
  form('train results', { results: 'training, scenario, outcome, points, seconds, hints …' }),
  form('backup list', { store: 'where', backups: backup, unfinished: 'names' }),
  form('backup store', {
    store: 'where',
    files: 'how many',
    bytes: 'in all',
    findings: 'severity, rule, words',
  }),
  form('show', { title: 'of the runbook; then the whole of it, compiled' }),
  form('explain', { commands: 'text, language, line, reading (class, effects)' }),
  form('sandbox status', {
    state: 'absent, stopped, half-made, running, partly-running',
    home: 'its folder',
  }),
  form('schedule', { units: 'name, text' }),
  form('doctor', {
    ok: 'nothing has failed',
    checks: 'about, name, verdict (ok, warning, failed, skipped), says, next',
  }),
  form('help', { listings: 'this list' }),
];
