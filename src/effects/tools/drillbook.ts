import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** Drillbook itself, so that a runbook that calls it is read like any other. */
export const drillbook: readonly Tool[] = [
  {
    names: 'drillbook',
    valued:
      '--target -t --store --name --mode --option --confirm --config --into --from --to --database --keep-last --format -o --output',
    switches: '--plain --json --yes -y --quiet',
    rules: [
      reads('', { has: '--help -h --version' }),
      reads('backup list|backup show|backup verify|backup health|backup plan', { why: '{call}' }),
      reads('backup prune', { has: '--dry-run' }),
      changes('backup create|backup pin|backup unpin|backup fetch', {
        why: '{call}',
        hits: ['database', '{--target -t}'],
      }),
      destroys('backup restore|restore', { why: '{call}', hits: ['database', '{--target -t}'] }),
      destroys('backup prune|backup delete', { why: 'deletes backups' }),
      reads(
        'compare|lint|show|explain|log|doctor|version|help|targets list|target list|target show|drill list|drill history|drill due|sandbox status|completion|list|measure',
        { why: '{call}' },
      ),
      destroys('sandbox reset|sandbox destroy|sandbox remove|sandbox delete', { why: '{call}' }),
      destroys('log delete|target remove|targets remove', { why: '{call}' }),
      changes('sandbox|target|targets|settings|config|init|maintenance', { why: '{call}' }),
      unknown('run|drill|train|training|resume', { why: 'starts a run of its own', interactive: true }),
      unknown(),
    ],
  },
];
