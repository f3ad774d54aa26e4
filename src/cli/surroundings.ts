import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Redaction } from '../execution/redaction.ts';
import { connectionOf } from '../settings/connection.ts';
import type { ReadyTarget } from '../settings/targets.ts';
import { libpqVariables, withoutLibpq } from './libpq-environment.ts';

/**
 * What the commands of a run get from outside their texts, and the secrets that its journal must not hold. Secrets
 * live here and in the environment of the commands, nowhere else.
 */
export class Surroundings {
  /** Connection to the target, with credentials; none without a target. */
  readonly url: string | undefined;
  /** Variables of every command. */
  readonly base: Readonly<Record<string, string>>;
  /** The environment underneath. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Where the first command starts. */
  readonly cwd: string;
  readonly #secrets: Map<string, string>;
  readonly #release: () => Promise<void>;
  #redaction: Redaction;

  constructor(parts: {
    readonly url: string | undefined;
    readonly base: Readonly<Record<string, string>>;
    /** Drillbook's own without it. */
    readonly inherited?: NodeJS.ProcessEnv;
    readonly cwd: string;
    readonly secrets: ReadonlyMap<string, string>;
    readonly release: () => Promise<void>;
  }) {
    this.url = parts.url;
    this.base = parts.base;
    this.inherited = parts.inherited ?? process.env;
    this.cwd = parts.cwd;
    this.#secrets = new Map(parts.secrets);
    this.#release = parts.release;
    this.#redaction = this.#redact();
  }

  get redaction(): Redaction {
    return this.#redaction;
  }

  /** For the journal: follows secrets that come later. */
  readonly mask = (text: string): string => this.#redaction.text(text);

  keepSecret(name: string, value: string): void {
    this.#secrets.set(name, value);
    this.#redaction = this.#redact();
  }

  hasSecret(name: string): boolean {
    return this.#secrets.has(name);
  }

  readonly secretOf = (name: string): string | undefined => this.#secrets.get(name);

  release(): Promise<void> {
    return this.#release();
  }

  #redact(): Redaction {
    const password = this.url && connectionOf(this.url)?.password;
    return new Redaction([...this.#secrets.values(), ...(password ? [password] : [])]);
  }
}

/**
 * Prepares the surroundings of a run below its folder: a `drillbook` on PATH that is this very program, a libpq
 * password file (0600) that is removed at the end, and libpq's variables so that a command that names no server goes to
 * the target and not where the operator's environment leads. `release` is called last.
 */
export async function prepareSurroundings(
  folder: string,
  run: string,
  ready: ReadyTarget | undefined,
  environment: NodeJS.ProcessEnv,
  release: () => Promise<void>,
): Promise<Surroundings> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true, mode: 0o700 });
  const entry = process.argv[1] ?? '';
  const program = join(bin, 'drillbook');
  await writeFile(program, `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(entry)} "$@"\n`);
  await chmod(program, 0o700);

  const passwords = join(folder, 'pgpass');
  const lines = ready?.passwordLines ?? [];
  if (lines.length > 0) await writeFile(passwords, `${lines.join('\n')}\n`, { mode: 0o600 });
  const values = Object.entries(ready?.values ?? {});
  const postgres = ready?.target.engine === 'postgres' ? ready.url : undefined;
  const base: Record<string, string> = {
    ...(postgres === undefined ? {} : libpqVariables(postgres, environment)),
    ...Object.fromEntries(
      values.filter(([name]) => /^[A-Za-z_]\w*$/.test(name)).map(([name, { value }]) => [name, value]),
    ),
    PATH: [bin, ...(ready?.path ?? []), environment.PATH ?? ''].join(delimiter),
    DRILLBOOK_RUN: run,
    ...(lines.length > 0 ? { PGPASSFILE: passwords } : {}),
  };
  const secrets = new Map(
    values.filter(([, { secret }]) => secret).map(([name, { value }]) => [name, value]),
  );
  return new Surroundings({
    url: ready?.url,
    base,
    inherited: postgres === undefined ? environment : withoutLibpq(postgres, environment),
    cwd: process.cwd(),
    secrets,
    release: async () => {
      await rm(passwords, { force: true });
      await release();
    },
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
