import { createHash } from 'node:crypto';
import { z } from 'zod';
import { contentsSchema, selectionSchema } from './contents.ts';
import { BackupError } from './error.ts';
import { backupFormats } from './format.ts';
import { backupKinds } from './kind.ts';

const identitySchema = z.object({
  system: z.string().optional(),
  address: z.string(),
  database: z.string(),
  exists: z.boolean(),
  replica: z.boolean(),
  version: z.string(),
});

const settingSchema = z.object({
  /** Absent for a setting of the database for every role. */
  role: z.string().optional(),
  name: z.string(),
  /** Absent where the name says that it is a secret. */
  value: z.string().optional(),
});

/** What stands outside the dump: ALTER DATABASE … SET, owner, grants, encoding. */
export const databaseSchema = z.object({
  owner: z.string(),
  encoding: z.string(),
  collate: z.string(),
  ctype: z.string(),
  /** `c`, `i` or `b`, as in pg_database.datlocprovider; absent before PostgreSQL 15. */
  provider: z.string().optional(),
  locale: z.string().optional(),
  connectionLimit: z.number(),
  /** aclitem texts; empty where nothing was ever granted or revoked. */
  grants: z.array(z.string()),
  settings: z.array(settingSchema),
  bytes: z.number(),
});

export type DatabaseFacts = z.infer<typeof databaseSchema>;

/**
 * What a backup must contain, written after the backup itself as `{name}.manifest.json`: a backup without one does
 * not exist. `schema` grows when the meaning of a field changes; readers refuse what they don't know: 2 where the
 * checksums of the contents are made by another way than `text`. `seal` is the
 * SHA-256 (hex) of the JSON without it, so that an edit by hand shows.
 */
export const manifestSchema = z.object({
  schema: z.union([z.literal(1), z.literal(2)]),
  /** `{target}-{kind}-{YYYYMMDD-HHMMSS}`; the files of the backup begin with it. */
  name: z.string(),
  target: z.string(),
  kind: z.enum(backupKinds),
  engine: z.enum(['postgres', 'sqlite']),
  format: z.enum(backupFormats),
  /** The stored file, its length and the SHA-256 (hex) of its bytes as stored. */
  file: z.string(),
  bytes: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Present where the stored bytes are encrypted: how, and to whom (public keys). */
  encryption: z.object({ method: z.literal('age'), recipients: z.array(z.string()) }).optional(),
  /** Present in a copy: what it was made from. */
  copied: z.object({ from: z.string(), sha256: z.string(), at: z.string() }).optional(),
  /** When the snapshot was taken by the server's clock: the data are as of then. UTC, ISO 8601. */
  takenAt: z.string(),
  finishedAt: z.string(),
  /** Milliseconds. */
  durations: z.object({ dump: z.number(), contents: z.number(), total: z.number() }),
  /** Present where only a part was taken; such a backup never stands for the whole database. */
  selection: selectionSchema.optional(),
  server: identitySchema,
  /** Write-ahead log position near the snapshot. */
  lsn: z.string().optional(),
  client: z.object({ tool: z.string(), version: z.string() }),
  database: databaseSchema,
  contents: contentsSchema,
  /** Roles and tablespaces of the server as SQL without passwords, where they were asked for. */
  globals: z.string().optional(),
  /** What the person who restores should know, in sentences. */
  warnings: z.array(z.string()),
  seal: z.string(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest of a backup's name. */
export function manifestFile(name: string): string {
  return `${name}.manifest.json`;
}

/** Seals a manifest and gives it as text. */
export function writeManifest(manifest: Omit<Manifest, 'seal'>): string {
  return `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, undefined, 1)}\n`;
}

/** Reads a manifest; throws a `BackupError` of kind `damaged` where it is cut off, edited, or of another schema. */
export function readManifest(text: string, file: string): Manifest {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new BackupError(
      'damaged',
      `The manifest ${file} is not JSON: it was cut off or edited. Use another backup, or restore this one as a dump without manifest (--without-manifest).`,
      error,
    );
  }
  const schema = (raw as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > 2)
    throw new BackupError(
      'damaged',
      `The manifest ${file} was written by a newer version (schema ${schema}). Update drillbook.`,
    );
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new BackupError(
      'damaged',
      `The manifest ${file} is not whole: ${issue?.path.join('.') || 'top'}: ${issue?.message ?? 'wrong'}.`,
    );
  }
  const { seal, ...rest } = raw as Record<string, unknown>;
  if (seal !== sealOf(rest))
    throw new BackupError(
      'damaged',
      `The manifest ${file} was changed after it was written (its seal does not match). Don't trust its counts and checksums.`,
    );
  return parsed.data;
}

function sealOf(rest: object): string {
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}
