/** What is done for a target again and again. */
export interface Schedule {
  /** Letters, digits, dots and dashes: it is in the names of units and files. */
  readonly target: string;
  readonly tasks: readonly Task[];
  /** The product's command: absolute paths, for there is no PATH of a person. */
  readonly command: readonly string[];
  /** A file with the variables that the tasks read, one NAME=value a line; only its owner may read it. */
  readonly environmentFile: string;
  /** The variables that must stand there. */
  readonly variables: readonly string[];
}

export interface Task {
  readonly name: 'backup' | 'health' | 'drill';
  readonly summary: string;
  /** Five fields, as cron has them. */
  readonly cron: string;
  /** Arguments of the product, one list a command; each runs where the one before ended well. */
  readonly commands: readonly (readonly string[])[];
}

export interface ScheduleRequest {
  readonly target: string;
  readonly url: string;
  readonly store: string;
  /** A server that takes the scratch database of a test restore. */
  readonly drillUrl: string;
  readonly times: Readonly<Record<Task['name'], string>>;
  /** Retention, as flags of `backup prune`; none prunes nothing. */
  readonly policy: readonly string[];
  /** Where the target's settings say when its drill is held: the folder with them, and what else they refer to. */
  readonly drill?: { readonly project: string; readonly references: readonly string[] };
  readonly rpo?: string;
  readonly command: readonly string[];
  readonly environmentFile: string;
}

/** The three tasks of a target: a verified backup with its retention, a look at the health, a test restore. Pure. */
export function planSchedule(request: ScheduleRequest): Schedule {
  const { target, policy } = request;
  const store = ['--store', request.store, '--target', target];
  const rpo = request.rpo === undefined ? [] : ['--rpo', request.rpo];
  const tasks: Task[] = [
    {
      name: 'backup',
      summary: `back up ${target}, verify it${policy.length > 0 ? ', remove what the policy lets go' : ''}`,
      cron: request.times.backup,
      commands: [
        ['backup', 'create', '--url', request.url, ...store, '--kind', 'scheduled'],
        ['backup', 'verify', 'latest', ...store],
        ...(policy.length > 0
          ? [['backup', 'prune', ...store, ...policy, '--confirm', `PRUNE ${target}`]]
          : []),
      ],
    },
    {
      name: 'health',
      summary: `look at the backups of ${target}`,
      cron: request.times.health,
      commands: [['backup', 'health', ...store, ...policy, ...rpo]],
    },
    {
      name: 'drill',
      ...(request.drill === undefined
        ? {
            summary: `restore the latest backup of ${target} as a test`,
            commands: [
              ['backup', 'verify', 'latest', ...store, '--level', 'restore', '--url', request.drillUrl],
            ],
          }
        : {
            summary: `hold the drill of ${target} where it is due`,
            commands: [['drill', 'run', target, '--due', '--project', request.drill.project]],
          }),
      cron: request.times.drill,
    },
  ];
  const references = [
    request.url,
    request.store,
    ...(request.drill === undefined ? [request.drillUrl] : request.drill.references),
  ];
  return {
    target,
    tasks,
    command: request.command,
    environmentFile: request.environmentFile,
    variables: [
      ...new Set(references.flatMap((one) => (one.startsWith('env:') ? [one.slice('env:'.length)] : []))),
    ],
  };
}

/** A word for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
