import { stringify } from 'yaml';
import { type Schedule, shellWord } from './plan.ts';

/** Client tools of this version serve every older server. */
const clientMajor = 18;

/**
 * A workflow for GitHub Actions with a job for each task; times are UTC there. Jobs of one target wait for each other
 * and are never cancelled: a backup that was stopped in the middle is none.
 */
export function actionsText(schedule: Schedule): string {
  const { target, tasks } = schedule;
  const secret = (variable: string) =>
    `\${{ secrets.${`${target}_${variable}`.replace(/\W/g, '_').toUpperCase()} }}`;
  const workflow = {
    name: `Backups of ${target}`,
    on: {
      schedule: [...new Set(tasks.map((task) => task.cron))].map((cron) => ({ cron })),
      workflow_dispatch: {
        inputs: {
          task: {
            description: 'What to do now',
            type: 'choice',
            options: tasks.map((task) => task.name),
            default: 'health',
          },
        },
      },
    },
    permissions: { contents: 'read' },
    concurrency: { group: `drillbook-${target}`, 'cancel-in-progress': false },
    jobs: Object.fromEntries(
      tasks.map((task) => [
        task.name,
        {
          name: task.summary,
          if: `github.event.schedule == '${task.cron}' || github.event.inputs.task == '${task.name}'`,
          'runs-on': 'ubuntu-latest',
          'timeout-minutes': 350,
          env: Object.fromEntries(schedule.variables.map((variable) => [variable, secret(variable)])),
          steps: [
            { uses: 'actions/checkout@v4' },
            { uses: 'actions/setup-node@v4', with: { 'node-version': 24 } },
            {
              name: 'PostgreSQL client tools',
              run: [
                'sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y',
                `sudo apt-get install -y postgresql-client-${clientMajor}`,
              ].join('\n'),
            },
            ...task.commands.map((args) => ({
              name: args.slice(0, 2).join(' '),
              run: [...schedule.command, ...args].map(shellWord).join(' '),
            })),
          ],
        },
      ]),
    ),
  };
  return `# Backups of ${target} by Drillbook. Secrets to set: ${schedule.variables.map((one) => secret(one).slice(12, -3)).join(', ')}.\n${stringify(workflow, { lineWidth: 0 })}`;
}
