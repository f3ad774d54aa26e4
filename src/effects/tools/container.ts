import type { Call } from '../call.ts';
import { parseArguments } from '../options.ts';
import { applyRules } from '../rule.ts';
import type { Word } from '../word.ts';
import { runsInput } from './shells.ts';
import { changes, destroys, type Rule, reads, type Tool, unknown } from './tool.ts';

const dockerValued =
  '-H --host -c --context --config -l --log-level -f --file --format -n --tail --since --until -t --filter --name -v --volume';
const composeValued =
  '-f --file -p --project-name --project-directory --env-file --profile --ansi --parallel -t --timeout --scale --tail --since --until -n --index';
const execValued = '-e --env --env-file -u --user -w --workdir --detach-keys --index';
const runValued = `${execValued} -v --volume --name --network --net -p --publish --entrypoint -m --memory --cpus --mount -h --hostname -l --label --log-driver --log-opt --add-host --cap-add --cap-drop --device --dns --platform --pull --restart --shm-size --tmpfs --ulimit --volumes-from --security-opt --pid --ipc --link --expose --gpus --health-cmd --stop-timeout --cidfile -c --cpu-shares`;

const compose: readonly Rule[] = [
  reads('', { has: '--dry-run' }),
  reads('ps|ls|images|config|convert|port|version|top|stats|volumes'),
  reads('logs', { has: '-f --follow', longRunning: true }),
  reads('logs'),
  reads('events|watch', { longRunning: true }),
  destroys('down', {
    has: '-v --volumes',
    why: 'stops the services and deletes their volumes',
    hits: ['container', '{all}'],
  }),
  changes('down', { why: 'stops and removes the services', hits: ['container', '{all}'] }),
  destroys('rm', { has: '-v', why: 'removes containers and their volumes', hits: ['container', '{all}'] }),
  destroys('up', { has: '-V --renew-anon-volumes', why: 'replaces anonymous volumes' }),
  changes('up', {
    lacks: '-d --detach --wait',
    why: 'starts {all} and follows them',
    longRunning: true,
    hits: ['container', '{all}'],
  }),
  changes(
    'up|start|stop|restart|pause|unpause|pull|push|build|create|rm|kill|scale|cp|run|attach|publish|commit|export',
    { why: '{call}', hits: ['container', '{all}'] },
  ),
  reads('wait'),
];

const docker: readonly Rule[] = [
  reads(
    'ps|images|info|version|inspect|top|port|diff|history|search|system df|system info|container ls|container list|container inspect|container top|container port|image ls|image list|image inspect|image history|volume ls|volume list|volume inspect|network ls|network list|network inspect|context ls|context show|context inspect|node ls|node inspect|node ps|service ls|service ps|service inspect|stack ls|stack ps|stack services|secret ls|secret inspect|config ls|manifest inspect|buildx ls|buildx inspect|buildx du|wait|container wait',
  ),
  reads('logs|container logs|service logs', { has: '-f --follow', longRunning: true }),
  reads('logs|container logs|service logs'),
  reads('stats|container stats', { has: '--no-stream' }),
  reads('stats|events|system events|container stats', { longRunning: true }),
  reads('save|export|container export|image save', { lacks: '-o --output' }),
  changes('save|export|container export|image save', {
    why: 'writes {-o --output}',
    hits: ['path', '{-o --output}'],
  }),
  destroys('volume rm|volume remove|volume prune', {
    why: 'deletes volumes: {all}',
    hits: ['other', '{all}'],
  }),
  destroys('system prune|builder prune|image prune|container prune|network prune|buildx prune|buildx rm', {
    why: 'deletes what is not in use',
  }),
  destroys('rm|container rm|container remove', {
    why: 'removes the container {all}',
    hits: ['container', '{all}'],
  }),
  destroys('rmi|image rm|image remove', { why: 'removes the image {all}' }),
  destroys(
    'network rm|network remove|secret rm|config rm|stack rm|stack down|service rm|node rm|context rm|swarm leave|manifest rm|plugin rm|trust revoke',
    { why: '{call}' },
  ),
  changes(
    'start|stop|restart|kill|pause|unpause|rename|update|create|pull|push|build|tag|commit|cp|load|import|login|logout|attach|container start|container stop|container restart|container kill|container pause|container unpause|container rename|container create|container cp|container update|container commit|image pull|image push|image tag|image load|image build|image import|volume create|network create|network connect|network disconnect|service create|service update|service scale|service rollback|stack deploy|stack up|secret create|config create|swarm init|swarm join|swarm update|context create|context use|context update|node update|node promote|node demote|buildx build|buildx create|buildx use|buildx bake|builder build|manifest create|manifest push|plugin install',
    { why: '{call}', hits: ['container', '{last}'] },
  ),
  unknown(),
];

/** docker, its compose, and what speaks the same. */
export const container: readonly Tool[] = [
  {
    names: 'docker podman nerdctl',
    valued: dockerValued,
    switches: '-D --debug --tls --tlsverify',
    stopAtOperand: true,
    read: readDocker,
  },
  {
    names: 'docker-compose podman-compose',
    valued: composeValued,
    stopAtOperand: true,
    read: (call) => readCompose(call, call.operands),
  },
  {
    names: 'crictl ctr',
    rules: [
      reads('ps|images|pods|inspect|logs|stats|info|version'),
      destroys('rm|rmi|rmp|stopp', { why: '{call}' }),
      changes('pull|start|stop|create|run'),
      unknown(),
    ],
  },
  {
    names: 'docker-machine',
    rules: [reads('ls|ip|status|env|inspect'), destroys('rm'), changes('create|start|stop|restart')],
  },
];

function readDocker(call: Call): undefined {
  const [verb, ...rest] = call.operands;
  const both = `${verb?.text ?? ''} ${rest[0]?.text ?? ''}`;
  if (verb?.text === 'compose') return readCompose(call, restOf(call, rest));
  if (verb?.text === 'exec') return execute(call, rest);
  if (both === 'container exec') return execute(call, rest.slice(1));
  if (verb?.text === 'run') return run(call, rest);
  if (both === 'container run') return run(call, rest.slice(1));
  return rules(call, call.operands, docker, afterTheVerb(dockerValued), 'docker');
}

/** Behind a verb `-f` has no value: `logs -f`, `rm -fv`. A file of `build -f` is an operand to nobody's harm. */
function afterTheVerb(valued: string): string {
  return valued.replace('-f --file', '--file');
}

/** Options between `compose` and its verb. */
function restOf(call: Call, rest: readonly Word[]): readonly Word[] {
  const { operands, options } = parseArguments(rest, {
    valued: new Set(composeValued.split(' ')),
    stopAtOperand: true,
  });
  if (options.has('--dry-run')) call.options.put('--dry-run', undefined);
  return operands;
}

function readCompose(call: Call, operands: readonly Word[]): undefined {
  const [verb, ...rest] = operands;
  if (call.options.has('--dry-run'))
    return call.reader.add('reads', 'compose shows what it would do', call.span);
  if (verb?.text === 'exec') return execute(call, rest);
  if (verb?.text === 'run') return run(call, rest);
  return rules(call, operands, compose, afterTheVerb(composeValued), 'compose');
}

function rules(
  call: Call,
  words: readonly Word[],
  table: readonly Rule[],
  valued: string,
  name: string,
): undefined {
  const { options, operands, leading } = parseArguments(words, { valued: new Set(valued.split(' ')) });
  const tool: Tool = { names: name, valued, rules: table };
  applyRules(tool, { ...call, options, operands }, leading);
}

/** `exec [options] CONTAINER COMMAND …`. */
function execute(call: Call, words: readonly Word[]): undefined {
  const { options, operands } = parseArguments(words, {
    valued: new Set(execValued.split(' ')),
    stopAtOperand: true,
  });
  const [where, ...command] = operands;
  const place = `in container ${where?.text ?? ''}`.trim();
  within(call, command, place, options.has('-d', '--detach'));
}

function run(call: Call, words: readonly Word[]): undefined {
  const { options, operands } = parseArguments(words, {
    valued: new Set(runValued.split(' ')),
    stopAtOperand: true,
  });
  const [image, ...command] = operands;
  const place = `in a container of ${image?.text ?? ''}`.trim();
  call.reader.add('changes', `starts a container of ${image?.text ?? ''}`, call.span, {
    kind: 'container',
    name: image?.text ?? '',
  });
  const entry = options.value('--entrypoint');
  const words2 = entry ? [entry, ...command] : command;
  if (options.has('-d', '--detach')) call.reader.mark({ background: true });
  if (words2.length === 0)
    return call.reader.add(
      'unknown',
      `what ${image?.text ?? 'the image'} runs by itself is not known`,
      call.span,
    );
  within(call, words2, place, options.has('-d', '--detach'));
}

function within(call: Call, command: readonly Word[], place: string, detached: boolean): undefined {
  if (detached) call.reader.mark({ background: true });
  if (command.length === 0) return runsInput(call, `opens a session ${place}`, [], place);
  call.reader.command(command, { span: call.span, stdin: call.stdin, place, external: true });
}
