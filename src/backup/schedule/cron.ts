import { type Schedule, shellWord, type Task } from './plan.ts';

/**
 * Lines for `crontab -e` of the user who makes the backups. The tasks of one target wait for each other at a lock, and
 * a task that is still at work is not begun a second time.
 */
export function cronText(schedule: Schedule): string {
  const { target, environmentFile } = schedule;
  return [
    `# Drillbook: backups of ${target}. Times are those of this machine's time zone.`,
    `# ${environmentFile} (mode 0600) must set ${schedule.variables.join(', ')}: NAME='value', one a line.`,
    '# cron mails what is printed: nothing is where all went well.',
    ...schedule.tasks.flatMap((task) => ['', `# ${task.summary}`, cronLine(schedule, task)]),
    '',
  ].join('\n');
}

function cronLine(schedule: Schedule, task: Task): string {
  const lock = `"$HOME"/.drillbook-${schedule.target}`;
  const script = `set -a; . ${shellWord(schedule.environmentFile)}; set +a; ${task.commands
    .map((args) => [...schedule.command, ...args].map(shellWord).join(' '))
    .join(' && ')}`;
  // cron has no log of its own: a quiet end stays quiet, a failure says all that it said.
  const quiet = `out=$({ ${script}; } 2>&1) || { printf "%s\\n" "$out"; exit 1; }`;
  // The inner lock keeps a task from running twice, the outer one the tasks of a target apart.
  const line = `flock -n ${lock}.${task.name}.lock flock -w 7200 ${lock}.lock sh -c ${shellWord(quiet)}`;
  // cron ends a command at a percent sign.
  return `${task.cron} ${line.replaceAll('%', '\\%')}`;
}
