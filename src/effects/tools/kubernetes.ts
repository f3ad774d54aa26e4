import type { Call } from '../call.ts';
import { parseArguments } from '../options.ts';
import { runsInput } from './shells.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

const valued =
  '-n --namespace --context --cluster --kubeconfig -s --server --user --token -c --container -l --selector -o --output -f --filename --tail --since --since-time --replicas --timeout --as --field-selector --sort-by --image --for --grace-period --type -p --patch -k --kustomize --from-literal --from-file --port --target-port --name --overrides --limits --revision --to-revision --request-timeout --pod-running-timeout -v --template --restart --env --labels';

/** kubectl and what speaks the same, and helm. */
export const kubernetes: readonly Tool[] = [
  {
    names: 'kubectl oc microk8s.kubectl k',
    valued,
    switches: '-A --all-namespaces --insecure-skip-tls-verify --warnings-as-errors -it -i -t',
    read: kubectl,
    rules: [
      reads('', { has: '--dry-run=client --dry-run=server --dry-run', why: 'shows what it would do' }),
      reads('logs', { has: '-f --follow', longRunning: true }),
      reads('get', { has: '-w --watch --watch-only', longRunning: true }),
      reads(
        'get|describe|logs|top|explain|version|cluster-info|api-resources|api-versions|diff|wait|events|auth can-i delete|auth can-i|auth whoami|config view|config get-contexts|config current-context|config get-clusters|rollout status|rollout history|options|kustomize|completion|plugin list|certificate list|whoami|status|project|projects',
      ),
      changes(
        'config use-context|config set-context|config set-cluster|config set-credentials|config set|config rename-context|project|login',
      ),
      destroys('config delete-context|config delete-cluster|config unset|config delete-user', {
        why: '{call}',
      }),
      reads('port-forward|proxy', { longRunning: true, why: '{call}' }),
      destroys('delete', { why: 'deletes {all}', hits: ['cluster', '{all}'] }),
      destroys('drain', { why: 'drains {all}: its pods are evicted', hits: ['cluster', '{all}'] }),
      destroys('replace', {
        has: '--force',
        why: 'deletes and creates again',
        hits: ['cluster', '{-f --filename}'],
      }),
      destroys('apply', {
        has: '--prune',
        why: 'applies, and deletes what is not named',
        hits: ['cluster', '{-f --filename}'],
      }),
      destroys('scale', { has: '--replicas=0', why: 'scales {all} to nothing', hits: ['cluster', '{all}'] }),
      changes(
        'apply|create|patch|replace|edit|scale|autoscale|annotate|label|expose|set|rollout restart|rollout undo|rollout pause|rollout resume|cordon|uncordon|taint|cp|run|certificate approve|certificate deny|attach|debug|new-app|rsh',
        { why: '{call}', hits: ['cluster', '{all}'] },
      ),
      unknown(),
    ],
  },
  {
    names: 'helm',
    runs: '--post-renderer',
    valued:
      '-n --namespace --kube-context --kubeconfig -f --values --set --set-string --set-file --version --repo --timeout -o --output --max --revision',
    rules: [
      reads('', { has: '--dry-run --dry-run=client --dry-run=server' }),
      reads(
        'list|ls|status|get|history|show|search|template|lint|version|env|repo list|dependency list|diff|verify|inspect',
      ),
      destroys('uninstall|delete|del|un', { why: 'uninstalls {all}', hits: ['cluster', '{all}'] }),
      destroys('rollback', { why: 'rolls {all} back', hits: ['cluster', '{all}'] }),
      destroys('upgrade', { has: '--force', why: 'replaces resources of {0}', hits: ['cluster', '{0}'] }),
      changes('install|upgrade|repo|dependency|package|push|pull|plugin|registry|test|create', {
        why: '{call}',
        hits: ['cluster', '{0}'],
      }),
      unknown(),
    ],
  },
  {
    names: 'kubectx kubens',
    rules: [reads('', { has: '-c --current' }), changes('', { operands: 1 }), reads()],
  },
  { names: 'k9s stern', rules: [reads('', { interactive: true, longRunning: true })] },
  {
    names: 'minikube kind k3d',
    rules: [
      reads('status|get|version|ip|logs|list'),
      destroys('delete|cluster delete', { why: '{call}' }),
      changes('start|stop|create|load|pause|unpause|cluster create|cluster start|cluster stop'),
    ],
  },
  {
    names: 'eksctl kops',
    rules: [
      reads('get|validate|version'),
      destroys('delete|drain', { why: '{call}' }),
      changes('create|scale|upgrade|update|edit|export'),
    ],
  },
  {
    names: 'argocd flux',
    rules: [
      reads('app list|app get|app diff|app history|get|check|logs|tree|version'),
      destroys('app delete|delete|uninstall', { why: '{call}' }),
      destroys('app sync', { has: '--prune --force' }),
      destroys('app rollback'),
      changes('app sync|app set|app create|reconcile|suspend|resume|create|login'),
    ],
  },
];

/** `exec`, `run`, `debug` and `rsh` hold a command behind `--`, older ones right behind the pod. */
function kubectl(call: Call): boolean {
  const { args, operands, reader, span } = call;
  const verb = operands[0]?.text;
  if (verb !== 'exec' && verb !== 'run' && verb !== 'debug' && verb !== 'rsh') return false;
  const separator = args.findIndex((word) => word.text === '--');
  const before = separator < 0 ? args : args.slice(0, separator);
  const parsed = parseArguments(before, { valued: new Set(valued.split(' ')) });
  const [, pod, ...late] = parsed.operands;
  const place = `in ${verb === 'run' ? 'a pod' : 'pod'} ${pod?.text ?? ''}`.trim();
  const command = separator < 0 ? late : args.slice(separator + 1);
  if (verb === 'run' || verb === 'debug')
    reader.add('changes', `starts a pod: ${pod?.text ?? ''}`, span, {
      kind: 'cluster',
      name: pod?.text ?? '',
    });
  if (command.length > 0) reader.command(command, { span, stdin: call.stdin, place, external: true });
  else if (verb === 'run' && !parsed.options.has('-i', '--stdin', '-t', '--tty'))
    reader.add('unknown', 'what the image runs by itself is not known', span);
  else runsInput(call, `opens a session ${place}`, [], place);
  return true;
}
