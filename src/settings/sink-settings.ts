import { z } from 'zod';
import { holdsPassword } from './reference.ts';

/** A value that is a secret: only where it is to be found may stand in settings. */
const secret = z.string().regex(/^(env|file):./, {
  message: 'is a secret: put it into an environment variable or a file and write env:NAME or file:PATH here',
});

/** An address that may stand in settings as long as nobody's password is in it. */
const address = z
  .string()
  .min(1)
  .refine((text) => !holdsPassword(text), {
    message: 'holds a password: write env:NAME or file:PATH here, or leave the password out',
  });

/** When a place is told: a run begins or goes on, a guarded step is about to be run, a run ends. */
export const moments = ['start', 'guard', 'end'] as const;
export type MomentKind = (typeof moments)[number];

const common = {
  /** What it is called on screen and in the outbox; its kind where it is left out. */
  name: z.string().min(1).optional(),
  tell: z.array(z.enum(moments)).min(1).default(['end']),
};

const mail = { from: z.string().min(1), to: z.array(z.string().min(1)).min(1) };

/** One place that entries go to. Secrets by reference only. */
export const sinkSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('folder'),
    folder: z.string().min(1),
    /** In a git checkout: commit what was written. */
    commit: z.boolean().default(false),
  }),
  /** An object store (`s3://bucket/prefix`) or a shared folder: entry, journal, recording and head, created only. */
  z.strictObject({ ...common, kind: z.literal('s3'), store: address }),
  z.strictObject({ ...common, kind: z.literal('slack'), url: secret }),
  z.strictObject({ ...common, kind: z.literal('discord'), url: secret }),
  z.strictObject({
    ...common,
    ...mail,
    kind: z.literal('smtp'),
    /** `smtp://user@host:587` or a reference to one with its password. */
    server: address,
    password: secret.optional(),
  }),
  z.strictObject({
    ...common,
    ...mail,
    kind: z.literal('sendgrid'),
    key: secret,
    /** Where the service is, for another region. */
    service: z.url().default('https://api.sendgrid.com'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('webhook'),
    url: address,
    /** Value of the `Authorization` header. */
    authorization: secret.optional(),
  }),
]);

export type SinkSettings = z.output<typeof sinkSettings>;
