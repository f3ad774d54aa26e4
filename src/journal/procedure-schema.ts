import { z } from 'zod';

/*
 * The skeleton that the fold, the screens and the entry walk. A procedure is a large value that grows with the
 * runbook room; only what would make a walk fall over is held here.
 */

const estimate = z.object({ min: z.number(), max: z.number() }).optional();

const part: z.ZodType = z.lazy(() =>
  z.union([z.object({ kind: z.enum(['prose', 'sample']) }), partChoice, action]),
);

const action = z.object({ kind: z.string(), id: z.string(), text: z.string().optional() });

const partChoice = z.object({
  kind: z.literal('choice'),
  id: z.string(),
  title: z.string(),
  options: z.array(z.object({ id: z.string(), title: z.string(), parts: z.array(part) })),
});

const step = z.object({
  kind: z.literal('step'),
  id: z.string(),
  title: z.string(),
  phase: z.string().optional(),
  estimate,
  parts: z.array(part),
});

const item: z.ZodType = z.lazy(() => z.discriminatedUnion('kind', [step, choice]));

const choice = z.object({
  kind: z.literal('choice'),
  id: z.string(),
  title: z.string(),
  options: z.array(z.object({ id: z.string(), title: z.string(), items: z.array(item) })),
});

const procedure = z.object({
  id: z.string(),
  title: z.string(),
  path: z.array(z.string()),
  estimate,
  items: z.array(item),
  placeholders: z.array(z.object({ name: z.string() })),
  variables: z.array(z.object({ name: z.string() })),
});

/** Whether a value read from a file has the bones of a compiled procedure. */
export function isProcedure(value: unknown): boolean {
  return procedure.safeParse(value).success;
}

/** Whether a value read from a file has the bones of the parts of a step. */
export function areParts(value: unknown): boolean {
  return z.array(part).safeParse(value).success;
}
