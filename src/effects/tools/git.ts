import type { Call } from '../call.ts';
import { readStarted } from './git-configuration.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** git and the command lines of its hosts. */
export const git: readonly Tool[] = [
  {
    names: 'git',
    abbreviates: true,
    valued:
      '-C -c --config --config-env --upload-pack --receive-pack --exec --extcmd --output --template --tree-filter --index-filter --msg-filter --env-filter --commit-filter --parent-filter --tag-name-filter --git-dir --work-tree --namespace -m --message -b -B --author --date -n --max-count --format --since --until -o --onto',
    switches: '--no-pager -p --paginate --bare -P',
    read: bisect,
    rules: [
      reads(
        'status|log|diff|show|blame|describe|rev-parse|rev-list|ls-files|ls-remote|ls-tree|shortlog|reflog show|cat-file|grep|whatchanged|version|help|var|name-rev|merge-base|count-objects|fsck|check-ignore|for-each-ref|show-ref|diff-tree|verify-commit|verify-tag|cherry|archive|bundle verify',
      ),
      destroys('reset', {
        has: '--hard --merge',
        why: 'git reset --hard: changes that are not committed are gone',
      }),
      changes('reset'),
      reads('clean', { has: '-n --dry-run' }),
      reads('fetch|push', { has: '--dry-run' }),
      destroys('clean', { why: 'deletes files that git does not know' }),
      destroys('push', {
        has: '-f --force --force-with-lease --force-if-includes --delete -d --mirror --prune',
        why: '{call}',
      }),
      destroys('update-ref', { has: '-d --delete', why: '{call}' }),
      unknown('update-ref', { has: '--stdin', why: '{call}' }),
      changes('push', { why: 'pushes {all}', hits: ['service', '{0}'] }),
      destroys('checkout', {
        has: '-f --force',
        why: 'git checkout --force: changes that are not committed are gone',
      }),
      destroys('checkout .|restore .|checkout -- .', {
        lacks: '--staged -S',
        why: 'changes that are not committed are gone',
      }),
      changes('checkout|switch', { lacks: '-f --force --discard-changes' }),
      destroys('switch', { why: 'changes that are not committed are gone' }),
      changes('restore', { has: '--staged -S', lacks: '--worktree -W' }),
      destroys('restore', {
        why: 'changes of {all} that are not committed are gone',
        hits: ['path', '{all}'],
      }),
      destroys('rm', { lacks: '--cached', why: 'deletes {all}', hits: ['path', '{all}'] }),
      changes('rm|mv'),
      destroys('branch', { has: '-D -d --delete', why: 'deletes the branch {all}' }),
      changes('branch', { operands: 1 }),
      changes('branch', { has: '-m -M --move -c -C --set-upstream-to -u --unset-upstream' }),
      reads('branch'),
      destroys('tag', { has: '-d --delete', why: 'deletes the tag {all}' }),
      reads('tag', { has: '-l --list -v' }),
      changes('tag', { operands: 1 }),
      reads('tag'),
      destroys('stash drop|stash clear', { why: '{call}' }),
      reads('stash list|stash show'),
      destroys('reflog expire|reflog delete|gc|prune|filter-branch|filter-repo|worktree remove', {
        why: '{call}',
      }),
      reads(
        'reflog|worktree list|remote -v|remote show|remote get-url|submodule status|notes list|config get|bisect log|lfs ls-files|lfs env',
      ),
      destroys('remote remove|remote rm|remote prune', { why: '{call}' }),
      changes('remote add|remote set-url|remote rename|remote update'),
      reads('remote'),
      reads('config', { has: '--get --list -l --get-all' }),
      changes(
        'config|add|commit|fetch|pull|merge|rebase|cherry-pick|revert|clone|init|stash|apply|am|submodule|worktree|notes|maintenance|lfs|bundle create|format-patch|update-index|sparse-checkout|update-ref|bisect',
      ),
      unknown(),
    ],
  },
  {
    names: 'gh',
    valued:
      '-R --repo -b --body -t --title -F -H -X --method -f -q --jq --json -L --limit -n -w --workflow -r --ref',
    rules: [
      reads('* list|* view|* status|* diff|* checks|* download|search|status|version|auth status|auth token'),
      reads('* watch', { longRunning: true }),
      destroys('* delete|repo archive', { why: '{call}' }),
      destroys('api', { has: '--method=DELETE -X=DELETE', why: '{call}' }),
      reads('api', { lacks: '--method -X -f -F --field --raw-field --input' }),
      changes('api'),
      changes('pr|issue|release|workflow|run|repo|gist|secret|variable|auth|label|cache'),
    ],
  },
  {
    names: 'glab',
    rules: [reads('* list|* view|* status'), destroys('* delete'), changes('mr|issue|release|ci|repo')],
  },
];

/** What the table cannot say: commands that are started by bisect, submodule or an alias, and refs of a push. */
function bisect(call: Call): boolean {
  const [verb, sub, ...rest] = call.operands;
  readStarted(call);
  if (verb?.text === 'checkout' && call.args.some((word) => word.text === '--'))
    call.reader.add('destroys', 'changes of the files named that are not committed are gone', call.span);
  // `:main` deletes the branch, `+main` overwrites what others pushed.
  const forced = verb?.text === 'push' && call.operands.slice(2).find((word) => /^(:.|\+)/.test(word.text));
  if (forced)
    call.reader.add('destroys', `git push ${forced.text}: what stands there is gone`, call.span, {
      kind: 'service',
      name: sub?.text ?? '',
    });
  if (verb?.text === 'bisect' && sub?.text === 'run')
    call.reader.command(rest, { span: call.span, external: true });
  if (verb?.text === 'submodule' && sub?.text === 'foreach') {
    const [script] = rest;
    if (script)
      call.reader.shell(
        rest.length === 1 ? script : { ...script, text: rest.map((word) => word.text).join(' '), offset: -1 },
        { span: call.span },
      );
  }
  return false;
}
