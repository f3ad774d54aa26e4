import type { Health } from './health.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: number | undefined;
  }[];
}

const levels = { unknown: -1, ok: 0, warning: 1, critical: 2 } as const;

/**
 * Health in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), for
 * node_exporter's textfile collector. Every metric is a gauge with the labels `target` and `store`; what is not known
 * is left out.
 */
export function metricsText(health: Health): string {
  const { figures } = health;
  const one = (value: number | undefined) => [{ value }];
  const time = (text: string | undefined) => one(text === undefined ? undefined : Date.parse(text) / 1000);
  const seconds = (ms: number | undefined) => one(ms === undefined ? undefined : ms / 1000);
  const metrics: Metric[] = [
    {
      name: 'check_level',
      help: 'Each health check: 0 ok, 1 warning, 2 critical, -1 unknown.',
      samples: health.checks.map(({ check, level }) => ({ labels: { check }, value: levels[level] })),
    },
    {
      name: 'newest_timestamp_seconds',
      help: 'When the data of the newest whole backup are from.',
      samples: time(figures.newestAt),
    },
    {
      name: 'newest_bytes',
      help: 'Stored size of the newest whole backup.',
      samples: one(figures.newestBytes),
    },
    {
      name: 'newest_duration_seconds',
      help: 'How long the newest whole backup took.',
      samples: seconds(figures.newestDurationMs),
    },
    {
      name: 'last_drill_timestamp_seconds',
      help: 'When a backup was last restored as a test.',
      samples: time(figures.lastDrillAt),
    },
    { name: 'count', help: 'Backups in the store.', samples: one(figures.backups) },
    { name: 'stored_bytes', help: 'Bytes of all backups in the store.', samples: one(figures.storedBytes) },
    {
      name: 'consecutive_failures',
      help: 'Failed attempts since the last good one.',
      samples: one(figures.consecutiveFailures),
    },
    {
      name: 'success_ratio',
      help: 'Share of the attempts of the last 30 days that gave a backup.',
      samples: one(figures.successRate),
    },
    { name: 'store_free_bytes', help: 'Room left in the store.', samples: one(figures.freeBytes) },
    { name: 'store_total_bytes', help: 'Room of the store.', samples: one(figures.totalBytes) },
    { name: 'checked_timestamp_seconds', help: 'When health was looked at.', samples: time(health.at) },
  ];
  return metrics
    .flatMap(({ name, help, samples }) => {
      const known = samples.filter((each) => each.value !== undefined);
      if (known.length === 0) return [];
      return [
        `# HELP drillbook_backup_${name} ${help}`,
        `# TYPE drillbook_backup_${name} gauge`,
        ...known.map(
          (each) =>
            `drillbook_backup_${name}{${labels({ target: health.target, store: health.store, ...each.labels })}} ${each.value}`,
        ),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function labels(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))}"`,
    )
    .join(',');
}
