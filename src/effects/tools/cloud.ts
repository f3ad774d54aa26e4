import type { Call } from '../call.ts';
import type { EffectClass } from '../effect.ts';
import { written } from '../rule.ts';
import { readSql } from '../sql.ts';
import { runsInput } from './shells.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** Verbs of gcloud and az: they stand behind a chain of groups, before names. */
const verbs: ReadonlyMap<string, EffectClass> = new Map(
  (
    [
      [
        'reads',
        'list describe show ls cat du get get-value get-iam-policy get-credentials-info list-usages list-tags read info diff version print-access-token print-identity-token list-locations wait exists get-access-token check-name lookup log logs list-keys list-defaults list-databases validate test search',
      ],
      [
        'destroys',
        'delete rm purge destroy restore-backup failover delete-batch remove reset-windows-password revoke disable-protection reset',
      ],
      [
        'changes',
        'create update patch set set-iam-policy add-iam-policy-binding remove-iam-policy-binding deploy restart start stop clone export import cp mv copy upload download add tag scale resize login logout activate enable disable unset submit redeploy upgrade apply set-value renew rename sync upload-batch download-batch attach detach assign lock unlock promote-replica get-credentials configure-docker snapshot backup rsync swap regenerate restore deallocate suspend resume init switch cancel rollback up',
      ],
    ] as const
  ).flatMap(([effect, words]) => words.split(' ').map((word) => [word, effect] as const)),
);

/** gcloud, gsutil, bq and az. */
export const cloud: readonly Tool[] = [
  {
    names: 'gcloud az doctl oci ibmcloud linode-cli hcloud scw civo',
    valued:
      '--project --region --zone --account --configuration --format --filter --limit --instance -i --database -d --command --container -g --resource-group -n --name -s --server-name -o --output --subscription --query --backup-instance --backup-id -l --location --context --version-id --account-name --container-name -c',
    switches: '-q --quiet --verbose --debug',
    read: cloudVerb,
  },
  {
    names: 'gsutil',
    switches: '-m -q -o',
    rules: [
      reads('ls|cat|stat|du|hash|version|help|test'),
      reads('rsync', { has: '-n' }),
      destroys('rsync', { has: '-d', why: 'makes {1} like {0}, deleting', hits: ['bucket', '{1}'] }),
      destroys('rm|rb', { why: 'deletes {all}', hits: ['bucket', '{all}'] }),
      changes(
        'cp|mv|rsync|mb|acl|iam|lifecycle|versioning|setmeta|compose|config|web|label|retention|cors|notification|signurl|rewrite',
        { why: '{call}', hits: ['bucket', '{last}'] },
      ),
      unknown(),
    ],
  },
  {
    names: 'bq',
    valued: '--project_id --dataset_id --format',
    rules: [
      reads('ls|show|head|version|help|info'),
      destroys('rm', { why: 'deletes {all}', hits: ['other', '{all}'] }),
      changes('mk|cp|load|extract|update|insert|cancel|mkdef|partition'),
      unknown('query'),
      unknown(),
    ],
  },
];

/** The worst verb among the words before the first option: a resource may be called like a verb, too. */
function cloudVerb(call: Call): undefined {
  const { operands, options, reader, span, args } = call;
  const words = operands.map((word) => word.text);
  if (
    options.has('--help', '--version', '-h') ||
    words[0] === 'version' ||
    words[0] === 'help' ||
    words[0] === 'info'
  )
    return reader.add('reads', `${call.name} shows something`, span);
  if (words.includes('ssh') || (words.includes('exec') && words[0] === 'containerapp')) {
    const separator = args.findIndex((word) => word.text === '--');
    const command = options.value('--command');
    const host = words[words.indexOf('ssh') + 1] ?? '';
    const place = `on host ${host}`.trim();
    if (command) return reader.shell(command, { span, place, stdin: call.stdin });
    if (separator >= 0 && args[separator + 1]) {
      const script = args.slice(separator + 1);
      return reader.shell(
        {
          ...script[0]!,
          text: script.map((word) => word.text).join(' '),
          offset: -1,
          known: script.every((w) => w.known),
        },
        { span, place },
      );
    }
    return runsInput(call, `opens a session ${place}`, [], place);
  }
  if (words[0] === 'sql' && words[1] === 'connect') {
    reader.mark({ interactive: true });
    return reader.add('unknown', `opens a session on ${words[2] ?? 'the instance'}`, span);
  }
  if (words[0] === 'sql' && words[1] === 'backups' && words[2] === 'restore')
    return reader.add('destroys', `restores a backup over an instance: ${written(call)}`, span, {
      kind: 'database',
      name: options.value('--restore-instance')?.text ?? words[3] ?? '',
    });
  if (words[0] === 'sql' && words[1] === 'import')
    return reader.add(
      'unknown',
      `runs the statements of a file, which were not read: ${written(call)}`,
      span,
      {
        kind: 'database',
        name: words[3] ?? '',
      },
    );
  const query = options.value('--querytext', '-q');
  if (call.name === 'az' && words.includes('execute') && query)
    return readSql(query, reader, { span, database: { label: options.value('-n', '--name')?.text ?? '' } });
  if (words[0] === 'rest' || words[0] === 'api') return reader.add('unknown', written(call), span);
  const at = words.findIndex((word) => verbs.has(word));
  const verb = at < 0 ? undefined : words[at]!;
  // `gcloud storage rsync --delete-unmatched-destination-objects`, `az storage blob sync --delete-destination`.
  if (options.names().some((name) => /^--delete-(unmatched|destination)/.test(name)))
    return reader.add('destroys', `deletes what the source does not have: ${written(call)}`, span);
  const effect = verb && verbs.get(verb);
  if (!effect) return reader.add('unknown', `nobody has said what ${written(call)} does`, span);
  const name = words.slice(at + 1).join(' ') || options.value('-n', '--name')?.text || '';
  const kind =
    words[0] === 'sql' || words.includes('postgres')
      ? 'database'
      : words[0] === 'storage'
        ? 'bucket'
        : 'service';
  return reader.add(effect, written(call), span, name ? { kind, name } : undefined);
}
