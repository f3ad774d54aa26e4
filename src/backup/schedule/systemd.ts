import { calendarOf } from './calendar.ts';
import type { Schedule, Task } from './plan.ts';

export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

/**
 * A service and a timer for each task, for /etc/systemd/system. A oneshot service never runs twice at once, and the
 * tasks of a target wait for each other at a lock. Throws a `RangeError` for a time that systemd can't say.
 */
export function systemdUnits(schedule: Schedule, flock = '/usr/bin/flock'): UnitFile[] {
  return schedule.tasks.flatMap((task) => [
    { name: `${unitName(schedule, task)}.service`, text: service(schedule, task, flock) },
    { name: `${unitName(schedule, task)}.timer`, text: timer(task) },
  ]);
}

function service(schedule: Schedule, task: Task, flock: string): string {
  const lock = `/run/drillbook-${schedule.target}/lock`;
  return [
    '[Unit]',
    `Description=Drillbook: ${task.summary}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    `EnvironmentFile=${escaped(schedule.environmentFile)}`,
    // Shared by the three services of the target, and kept when one of them ends.
    `RuntimeDirectory=drillbook-${schedule.target}`,
    'RuntimeDirectoryPreserve=yes',
    `StateDirectory=drillbook/${schedule.target}`,
    `Environment=DRILLBOOK_HOME=/var/lib/drillbook/${schedule.target}`,
    ...task.commands.map(
      (args) => `ExecStart=${[flock, '-w', '7200', lock, ...schedule.command, ...args].map(word).join(' ')}`,
    ),
    'TimeoutStartSec=infinity',
    'UMask=0077',
    'Nice=10',
    'IOSchedulingClass=idle',
    'NoNewPrivileges=yes',
    'PrivateTmp=yes',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    '',
  ].join('\n');
}

function timer(task: Task): string {
  const when = calendarOf(task.cron);
  if ('problem' in when) throw new RangeError(`${when.problem}.`);
  return [
    '[Unit]',
    `Description=Drillbook: when to ${task.summary}`,
    '',
    '[Timer]',
    `OnCalendar=${when.calendar} UTC`,
    // A machine that was off at the time does it when it is on again.
    'Persistent=true',
    'RandomizedDelaySec=60',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}

function unitName(schedule: Schedule, task: Task): string {
  return `drillbook-${schedule.target}-${task.name}`;
}

/** A word of ExecStart (systemd.service(5), "Command lines"): specifiers and variables are not meant. */
function word(text: string): string {
  const safe = escaped(text).replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `"${safe.replace(/[\\"]/g, '\\$&')}"`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%%');
}
