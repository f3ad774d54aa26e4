import type { Call } from '../call.ts';
import type { Tool } from './tool.ts';
import { through } from './wrapper.ts';

/**
 * Programs that start another one in other surroundings: another priority, terminal, processor, namespace or time.
 * Which of their options take the next word decides which word the command is, so each stands with its own, after its
 * manual page. Options that take a value only behind `=` or in the same word are none of them.
 */
interface Starter {
  readonly names: string;
  readonly valued?: string;
  /** Operands that stand before the command. */
  readonly skip?: number;
}

const starters: readonly Starter[] = [
  {
    names:
      'nohup setsid unbuffer busybox toybox chronic builtin dbus-launch catchsegv linux32 linux64 firejail valgrind entr torsocks noti',
  },
  { names: 'nice', valued: '-n --adjustment' },
  { names: 'ionice', valued: '-c --class -n --classdata -p --pid -P -u' },
  { names: 'chrt', valued: '-T --sched-runtime -P --sched-period -D --sched-deadline', skip: 1 },
  { names: 'taskset', skip: 1 },
  { names: 'stdbuf', valued: '-i --input -o --output -e --error' },
  { names: 'caffeinate', valued: '-t -w' },
  { names: 'dbus-run-session', valued: '--config-file --dbus-daemon' },
  {
    names: 'xvfb-run',
    valued: '-e --error-file -f --auth-file -n --server-num -p --xauth-protocol -s --server-args -w',
  },
  { names: 'fakeroot', valued: '-l --lib -s -i -b --faked' },
  { names: 'cpulimit', valued: '-l --limit -p --pid -e --exe -P --path -c --cpu' },
  { names: 'prlimit', valued: '-p --pid -o --output' },
  {
    names: 'numactl',
    valued:
      '-m --membind -N --cpunodebind -C --physcpubind -i --interleave -p --preferred -P --preferred-many -w',
  },
  { names: 'choom', valued: '-n --adjust -p --pid' },
  {
    names: 'setpriv',
    valued:
      '--reuid --regid --ruid --euid --rgid --egid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig --selinux-label --apparmor-profile --landlock-access --landlock-rule --seccomp-filter',
  },
  { names: 'rlwrap', valued: '-b -C -D -f -g -H -l -M -O -P -q -s -S -t -z' },
  { names: 'aa-exec', valued: '-p --profile -n --namespace' },
  { names: 'systemd-inhibit', valued: '--what --who --why --mode' },
  { names: 'proxychains proxychains4', valued: '-f' },
  { names: 'multitime', valued: '-n -i -o -I -r' },
  {
    names: 'unshare',
    valued: '-S --setuid -G --setgid -R --root -w --wd --map-user --map-group --map-users --map-groups',
  },
  { names: 'nsenter', valued: '-t --target -S --setuid -G --setgid -T' },
  {
    names: 'systemd-run',
    valued:
      '-p --property -u --unit -E --setenv --uid --gid --slice --on-calendar --on-active --on-boot --on-startup --on-unit-active --on-unit-inactive --timer-property --path-property --socket-property --description --nice --working-directory -M --machine -H --host --service-type',
  },
  { names: 'cgexec', valued: '-g' },
  { names: 'faketime', skip: 1 },
  { names: 'logsave', skip: 1 },
  { names: 'run-one' },
  { names: 'lxc-attach', valued: '-n --name -P --lxcpath -f --rcfile -s --namespaces -v --set-var -L -a' },
  { names: 'setarch', skip: 1 },
  { names: 'retry', valued: '-t -d --times --delay --until --message' },
];

function starts(starter: Starter) {
  return (call: Call) => {
    const { options, operands, reader, span } = call;
    if (options.has('-M', '--machine', '-H', '--host'))
      reader.add('unknown', 'runs it on another machine', span);
    // `entr -s 'commands'` is a script of the shell.
    const [script] = operands;
    if (call.name === 'entr' && options.has('-s') && script) return reader.shell(script, { span });
    // Who starts another as an old machine may leave the machine out: `setarch -R ls`.
    const skip = call.name === 'setarch' && script?.text.startsWith('-') ? 0 : (starter.skip ?? 0);
    const alone = /^(nsenter|unshare|systemd-run|cgexec|lxc-attach|faketime|logsave)$/.test(call.name);
    return through(skip, alone ? 'unknown' : 'reads')(call);
  };
}

/** Programs that start another one. */
export const startersOfOthers: readonly Tool[] = starters.map((starter) => ({
  names: starter.names,
  ...(starter.valued && { valued: starter.valued }),
  stopAtOperand: true,
  read: starts(starter),
}));
