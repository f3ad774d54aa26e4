/** One command of the binary: loaded only when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(args: readonly string[]) => Promise<number>>;
}

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'look around and write a drillbook.yaml',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'doctor',
    summary: 'check tools, connections, rights, stores and the terminal',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  { name: 'run', summary: 'run a procedure of a runbook', load: async () => (await import('./run.ts')).run },
  {
    name: 'resume',
    summary: 'go on with a run that was stopped or interrupted',
    load: async () => (await import('./resume.ts')).resume,
  },
  {
    name: 'watch',
    summary: 'follow a run read-only, here or through a shared store',
    load: async () => (await import('./watch.ts')).watch,
  },
  {
    name: 'handover',
    summary: 'give an unfinished run to another engineer, or take one',
    load: async () => (await import('./handover.ts')).handover,
  },
  {
    name: 'show',
    summary: 'show how a runbook is read: steps, commands, questions',
    load: async () => (await import('./show.ts')).show,
  },
  { name: 'list', summary: 'list and search runbooks', load: async () => (await import('./list.ts')).list },
  {
    name: 'explain',
    summary: 'say what a command would do, without running it',
    load: async () => (await import('./explain.ts')).explain,
  },
  { name: 'lint', summary: 'find faults in runbooks', load: async () => (await import('./lint.ts')).lint },
  {
    name: 'backup',
    summary: 'create, verify, restore, copy and prune backups; their health',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'train',
    summary: 'break the sandbox for training: scenarios, questions, debrief, results',
    load: async () => (await import('./train.ts')).train,
  },
  {
    name: 'compare',
    summary: 'compare two databases, or a database with a backup',
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    name: 'schedule',
    summary: 'print cron lines, systemd units or a workflow for backups, health and drills',
    load: async () => (await import('./schedule.ts')).schedule,
  },
  {
    name: 'drill',
    summary: 'restore a real backup into a scratch database, judge it, keep the evidence',
    load: async () => (await import('./drill.ts')).drill,
  },
  {
    name: 'replay',
    summary: 'play the recording of a run',
    load: async () => (await import('./replay.ts')).replay,
  },
  { name: 'log', summary: 'read the incident log', load: async () => (await import('./log.ts')).log },
  {
    name: 'target',
    summary: 'list, add and remove targets',
    load: async () => (await import('./target.ts')).target,
  },
  {
    name: 'preferences',
    summary: 'show or change how Drillbook calls you when a long command ends',
    load: async () => (await import('./preferences.ts')).preferences,
  },
  {
    name: 'sandbox',
    summary: 'a private PostgreSQL with sample data, to try things on',
    load: async () => (await import('./sandbox.ts')).sandbox,
  },
  {
    name: 'completion',
    summary: 'print the completion script of bash, zsh or fish',
    load: async () => (await import('./completion.ts')).completion,
  },
  {
    name: 'help',
    summary: 'show the help of a command, or the manual page',
    load: async () => (await import('./help.ts')).help,
  },
];

/** Commands that Drillbook starts itself, for its own processes. */
export const hiddenCommands: readonly CommandEntry[] = [
  {
    name: '__complete',
    summary: '',
    load: async () => (await import('./complete.ts')).completeWords,
  },
  {
    name: '__commands',
    summary: '',
    load: async () => (await import('./commands-asset.ts')).commandsAsset,
  },
  {
    name: '__sandbox-application',
    summary: '',
    load: async () => (await import('./sandbox.ts')).sandboxApplication,
  },
  {
    name: '__sandbox-supervisor',
    summary: '',
    load: async () => (await import('./sandbox.ts')).sandboxSupervisor,
  },
  {
    name: '__simulated',
    summary: '',
    load: async () => (await import('./sandbox.ts')).simulated,
  },
];
