import type { Call } from '../call.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** Drillbook itself, so that a runbook that calls it is read like any other. */
export const drillbook: readonly Tool[] = [
  {
    names: 'drillbook',
    valued:
      '--target -t --store --name --mode --option --confirm --config --into --from --to --url --identity --table --jobs --last --daily --weekly --monthly --yearly --within --format -o --output --input --done --reread --notify --notify-after --explain --backup-at --health-at --drill-at --drill-url --environment-file',
    switches: '--plain --json --yes -y --quiet',
    read: drill,
    rules: [
      reads('', { has: '--help -h --version -V' }),
      reads('backup list|backup show|backup verify|backup health|backup plan|backup store', {
        why: '{call}',
      }),
      reads('backup prune|backup restore', { has: '--plan --dry-run', why: 'shows what it would do' }),
      reads('backup undo', { has: '--look', why: 'says what could be undone' }),
      changes('backup create|backup pin|backup unpin|backup fetch|backup copy', {
        why: '{call}',
        hits: ['database', '{--target -t}'],
      }),
      changes('backup restore', {
        has: '--into',
        lacks: '--in-place',
        why: 'restores into the new database {--into}',
        hits: ['database', '{--into}'],
      }),
      destroys('backup restore|restore|backup undo', { why: '{call}', hits: ['database', '{--target -t}'] }),
      destroys('backup prune|backup delete', { why: 'deletes backups' }),
      changes('lint', { has: '--fix', why: 'mends runbooks' }),
      changes('log patch', { has: '--apply', why: 'writes into a runbook' }),
      changes('log outbox', { has: '--retry', why: 'tells what could not be told yet' }),
      changes('log follow-up close|log follow-up add|handover give|handover take', { why: '{call}' }),
      changes('preferences', { has: '--notify --notify-after', why: '{call}' }),
      reads('watch|replay', { why: '{call}', interactive: true, longRunning: true }),
      reads(
        'compare|lint|show|explain|log list|log show|log draft|log search|log verify|log stats|log export|log patch|log outbox|log follow-up|log follow-up list|log|doctor|version|help|targets list|target list|target show|drill list|drill history|drill due|sandbox status|completion|list|measure|preferences|schedule|handover list',
        { why: '{call}' },
      ),
      destroys('sandbox reset|sandbox destroy|sandbox remove|sandbox delete', { why: '{call}' }),
      destroys('log delete|target remove|targets remove', { why: '{call}' }),
      changes('sandbox start|sandbox stop|target add|targets add|settings|config|init|maintenance', {
        why: '{call}',
      }),
      unknown('run|drill|train|training|resume', { why: 'starts a run of its own', interactive: true }),
      unknown(),
    ],
  },
];

/** `sandbox psql …` is psql on the sample database. */
function drill(call: Call): boolean {
  const [group, verb] = call.operands;
  if (group?.text !== 'sandbox' || verb?.text !== 'psql') return false;
  const words = call.args.slice(call.args.indexOf(verb));
  call.reader.command(words, {
    span: call.span,
    stdin: call.stdin,
    place: 'in the sandbox',
    environment: call.environment,
    external: true,
  });
  return true;
}
