import { z } from 'zod';
import type { RunEvent } from '../run/event.ts';

const backup = z.object({
  action: z.enum(['created', 'verified', 'restored']),
  name: z.string(),
  kind: z.string().optional(),
  location: z.string(),
  bytes: z.number().optional(),
  sha256: z.string().optional(),
  durationMs: z.number().optional(),
  verified: z.boolean().optional(),
  takenAt: z.string().optional(),
  database: z.string().optional(),
});

const report = z.discriminatedUnion('type', [
  z.object({ type: z.literal('backup-reported'), backup }),
  z.object({
    type: z.literal('comparison-reported'),
    comparison: z.object({
      left: z.string(),
      right: z.string(),
      equal: z.boolean(),
      differences: z.array(z.string()),
    }),
  }),
]);

/** What a command said of its own work, as events; what is none of the known shapes is left out. */
export function eventsOfReports(reports: readonly unknown[]): readonly RunEvent[] {
  return reports.flatMap((candidate) => {
    const result = report.safeParse(candidate);
    return result.success ? [result.data] : [];
  });
}
