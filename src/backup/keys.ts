import { type Resolved, resolveReference } from '../settings/reference.ts';
import { recipientFault, recipientOf } from './age.ts';
import { BackupError } from './error.ts';

/** What opens encrypted backups: age identities, in memory only. */
export interface Keys {
  readonly identities: readonly string[];
}

/**
 * Reads age identities from a reference: `file:PATH` (as age-keygen writes it) or `env:NAME`, where the variable holds
 * the identity itself or again a `file:PATH`. Throws a `BackupError` of kind `denied` that says what is wrong, never
 * with a key in it.
 */
export async function readKeys(reference: string, environment: NodeJS.ProcessEnv): Promise<Keys> {
  if (!/^(env|file):/.test(reference))
    throw new BackupError(
      'denied',
      /AGE-SECRET-KEY/i.test(reference)
        ? 'An identity on the command line is seen by everybody on this machine and kept in its history. Put it into a file or a variable and give file:PATH or env:NAME; take this one for known and change it.'
        : 'An identity is given as file:PATH or env:NAME.',
    );
  const text = await follow(reference, environment);
  const lines = text.split('\n').map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0) throw new BackupError('denied', `${reference} holds no identity.`);
  for (const [index, identity] of identities.entries()) {
    const place = `${reference}, identity ${index + 1}`;
    if (/^(age-encryption\.org|-----BEGIN AGE)/.test(identity))
      throw new BackupError(
        'denied',
        `${reference} is protected by a passphrase. Open it first (age -d -o /dev/shm/key ${reference.slice(5)}), and give the opened one.`,
      );
    if (/^(-----BEGIN|AGE-PLUGIN)/.test(identity))
      throw new BackupError('denied', `${place}: SSH keys and plug-ins are not known; use age-keygen's.`);
    await recipientOf(identity).catch(() => {
      throw new BackupError('denied', `${place} is no age identity (AGE-SECRET-KEY-1…).`);
    });
  }
  return { identities };
}

/**
 * The recipients that references name: `age1…` itself, `file:PATH` or `env:NAME` with one a line (or with commas
 * between), each once. Throws a `BackupError` of kind `url` for what is none.
 */
export async function readRecipients(
  references: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const reference of references) {
    const text = /^(env|file):/.test(reference) ? await follow(reference, environment) : reference;
    for (const line of text.split(/[\n,]/)) {
      const recipient = line.trim();
      if (recipient === '' || recipient.startsWith('#')) continue;
      if (/^AGE-SECRET-KEY/i.test(recipient))
        throw new BackupError(
          'url',
          'That is an identity, which is secret; a recipient is its public half, age1…: age-keygen -y FILE shows it.',
        );
      if (/^(env|file):/.test(recipient)) {
        found.push(...(await readRecipients([recipient], environment)));
        continue;
      }
      const fault = await recipientFault(recipient);
      if (fault !== undefined)
        throw new BackupError('url', `${recipient.slice(0, 70)} is no age recipient (age1…): ${fault}.`);
      found.push(recipient);
    }
  }
  return [...new Set(found)];
}

/** The text behind a reference; a variable may hold the reference to a file or to another variable. */
async function follow(reference: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const resolved = value(await resolveReference(reference, environment));
  return reference.startsWith('env:') && /^(file|env):/.test(resolved)
    ? value(await resolveReference(resolved, environment))
    : resolved;
}

function value(resolved: Resolved): string {
  if ('problem' in resolved) throw new BackupError('denied', `No key: ${resolved.problem}.`);
  return resolved.value;
}
