import { execa } from 'execa';

/** Reading a table of contents takes no time; a path that hangs (a dead mount) must not hold anything up. Milliseconds. */
const patience = 5000;

/** Options of pg_restore that take the next word as their value. */
const withValue =
  /^(?:-[dfFIjLnNpPSTUhxt]|--(?:dbname|file|format|index|jobs|use-list|schema|exclude-schema|port|function|superuser|trigger|table|username|host|role|section))$/;
/** Options by which only a part of the archive is restored: its table of contents says nothing then. */
const selecting =
  /^(?:-[aIlLnNPtTs]|--(?:data-only|schema-only|index|list|use-list|schema|exclude-schema|function|table|trigger|section))(?:$|=)|^-[aIlLnNPtTs]./;

/**
 * The archive that the `pg_restore` of a command reads, where that can be told from the text: the last word, with simple
 * variables put in by `known`. Undefined where it comes by a pipe, where only a part of it is restored, or where only a
 * shell could tell.
 */
export function archiveOf(text: string, known: (name: string) => string | undefined): string | undefined {
  const line = text.replaceAll(/\\\n/g, ' ').match(/\bpg_restore\b(.*?)(?=\s\d*[<>]|[|;&<>\n#]|$)/)?.[1];
  const words = line?.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  if (words.some((word) => selecting.test(word))) return undefined;
  const last = words.at(-1);
  if (last === undefined || last.startsWith('-') || withValue.test(words.at(-2) ?? '')) return undefined;
  if (/^'[^']*'$/.test(last)) return last.slice(1, -1);
  const plain = last.replaceAll('"', '');
  if (/[`*?[\]~\\']|\$[^A-Za-z_{]|\$\{\w*[^\w}]/.test(plain)) return undefined;
  let whole = true;
  const path = plain.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => {
    const value = known(braced ?? bare);
    whole &&= value !== undefined && value !== '';
    return value ?? '';
  });
  return whole ? path : undefined;
}

/** How many entries the table of contents of an archive has, by `pg_restore --list`; undefined where it cannot be told. */
export async function entriesOf(
  archive: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const { exitCode, stdout } = await execa('pg_restore', ['--list', '--', archive], {
    cwd: folder,
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: patience,
  });
  if (exitCode !== 0) return undefined;
  const entries = stdout.split('\n').filter((line) => /^\d/.test(line)).length;
  return entries > 0 ? entries : undefined;
}
