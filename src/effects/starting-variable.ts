import type { Call, Reader } from './call.ts';
import { readEvaluated } from './evaluated.ts';
import { type Span, type Word, wordOf } from './word.ts';

/** What a variable makes of the commands that look at it, after their manual pages. */
type Means =
  /** Folders that commands are taken from. */
  | 'folders'
  /** Libraries that every program loads. */
  | 'library'
  /** A shell command that is started. */
  | 'command'
  /** A file of shell commands, of SQL, or of settings that may start something. */
  | 'script'
  | 'sql'
  | 'settings'
  /** Text that the shell expands before it shows it. */
  | 'prompt'
  /** Options that stand in front of those that are written. */
  | 'options'
  /** Options of an interpreter, of which a few load code. */
  | 'interpreter';

interface Starting {
  readonly name: RegExp;
  readonly means: Means;
  /** Commands that look at it; none: all that are programs. */
  readonly of?: RegExp;
  /** Where such settings usually stand: the tool would take them from there by itself. */
  readonly usual?: RegExp;
}

const home = String.raw`(?:~|\$HOME|\$\{HOME\}|/root|/home/[^/]+|/Users/[^/]+)`;

const shells = /^(ba|da|z|k|a|rba)?sh$/;
const ofNode = /^(npm|npx|yarn|pnpm|node|bunx|railway|vercel|netlify|wrangler|prisma|knex|sequelize|heroku)$/;
const ofPython =
  /^(python[\d.]*|aws|awslocal|az|gcloud|gsutil|bq|ansible\S*|pip3?|pipx|poetry|alembic|flask|django-admin|s3cmd|barman|patronictl|pgcli|docker-compose|borg|certbot|supervisorctl|salt)$/;
const ofRuby = /^(ruby|rails|rake|bundle|gem|knife)$/;
// Debian's clients of PostgreSQL are started by a script of Perl.
const ofPerl =
  /^(perl|ack|pgbadger|rename|exiftool|psql|createdb|dropdb|createuser|dropuser|vacuumdb|reindexdb|clusterdb|pgbench|pg_\w+)$/;

const startings: readonly Starting[] = [
  { name: /^PATH$/, means: 'folders' },
  { name: /^(LD_(PRELOAD|LIBRARY_PATH|AUDIT)|DYLD_\w+|GCONV_PATH)$/, means: 'library' },
  { name: /^LESS(OPEN|CLOSE)$/, means: 'command', of: /^(less|man|git|psql|journalctl|systemctl|zless)$/ },
  { name: /^(\w*_)?(PAGER|MANPAGER|BROWSER|VISUAL|SHELL)$|^\w*EDITOR$/, means: 'command' },
  {
    name: /^(GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND)$/,
    means: 'command',
    of: /^(git|gh|glab|npm|yarn|pnpm|pip3?|go|cargo|bundle|composer|terraform|helm)$/,
  },
  { name: /^(\w+_)?ASKPASS$/, means: 'command', of: /^(git|gh|ssh|scp|sftp|rsync|sudo|ssh-add|autossh)$/ },
  { name: /^(RSYNC_RSH|RSYNC_CONNECT_PROG)$/, means: 'command', of: /^rsync$/ },
  { name: /^BORG_(RSH|PASSCOMMAND)$/, means: 'command', of: /^borg$/ },
  { name: /^RESTIC_PASSWORD_COMMAND$/, means: 'command', of: /^restic$/ },
  { name: /^RCLONE_(CONFIG_\w+|PASSWORD_COMMAND)$/, means: 'command', of: /^rclone$/ },
  { name: /^KUBECTL_EXTERNAL_DIFF$/, means: 'command', of: /^(kubectl|oc|k)$/ },
  { name: /^PROMPT_COMMAND$/, means: 'command', of: shells },
  { name: /^PS[0-4]$/, means: 'prompt', of: shells },
  { name: /^(BASH_ENV|ENV)$/, means: 'script', of: shells },
  { name: /^PSQLRC$/, means: 'sql', of: /^psql$/ },
  { name: /^(VIMINIT|EXINIT|GVIMINIT)$/, means: 'settings', of: /^(vi|vim|nvim|view|ex|gvim|vimdiff)$/ },
  { name: /^(GIT_(CONFIG\w*|EXEC_PATH|TEMPLATE_DIR))$/, means: 'settings', of: /^(git|gh|glab)$/ },
  {
    name: /^KUBECONFIG$/,
    means: 'settings',
    of: /^(kubectl|oc|k|helm|helmfile|k9s|flux|argocd|velero|cmctl|istioctl|kustomize|stern|kubectx|kubens)$/,
    usual: new RegExp(`^(?:${home}/\\.kube/[\\w./-]+|/etc/(?:kubernetes|rancher)/[\\w./-]+)$`),
  },
  {
    // A profile in it may name a `credential_process`.
    name: /^AWS_(CONFIG_FILE|SHARED_CREDENTIALS_FILE)$/,
    means: 'settings',
    of: /^(aws|awslocal|terraform|tofu|terragrunt|wal-g|pgbackrest|restic|rclone|s5cmd|eksctl|kubectl|cdk|sam)$/,
    usual: new RegExp(`^${home}/\\.aws/[\\w./-]+$`),
  },
  {
    // Where `.psqlrc`, `.gitconfig`, `.ssh/config` and their like are taken from.
    name: /^HOME$/,
    means: 'settings',
    of: /^(psql|pgcli|mysql\w*|mariadb\w*|sqlite3|mongosh?|git|gh|glab|ssh|scp|sftp|rsync|autossh|curl|wget|docker|kubectl|oc|helm|aws|vi|vim|nvim|view|ex|gdb|npm|npx|yarn|pnpm|pip3?|screen|tmux)$/,
    usual: new RegExp(`^${home}/?$`),
  },
  {
    name: /^XDG_CONFIG_HOME$/,
    means: 'settings',
    of: /^(git|gh|glab|nvim|tmux|systemctl|pip3?)$/,
    usual: new RegExp(`^${home}/\\.config/?$`),
  },
  { name: /^DOCKER_CONFIG$/, means: 'settings', of: /^docker$/, usual: new RegExp(`^${home}/\\.docker/?$`) },
  {
    name: /^PGSYSCONFDIR$/,
    means: 'settings',
    of: /^(psql|pgcli)$/,
    usual: /^\/etc\/postgresql(-common)?\/?$/,
  },
  { name: /^CURL_HOME$/, means: 'settings', of: /^curl$/ },
  { name: /^(WGETRC|SYSTEM_WGETRC)$/, means: 'settings', of: /^wget$/ },
  { name: /^OPENSSL_(CONF|ENGINES|MODULES)$/, means: 'settings', of: /^openssl$/ },
  { name: /^LESSKEY(IN|_CONTENT)?$/, means: 'settings', of: /^(less|man|git)$/ },
  { name: /^PYTHON(STARTUP|PATH|HOME|INSPECT|BREAKPOINT)$/, means: 'settings', of: ofPython },
  { name: /^(PERL5LIB|PERL5DB)$/, means: 'settings', of: ofPerl },
  { name: /^RUBYLIB$/, means: 'settings', of: ofRuby },
  { name: /^NODE_PATH$/, means: 'settings', of: ofNode },
  { name: /^(LESS|MORE)$/, means: 'options', of: /^(less|more)$/ },
  { name: /^TAR_OPTIONS$/, means: 'options', of: /^g?tar$/ },
  { name: /^TF_CLI_ARGS(_\w+)?$/, means: 'options', of: /^(terraform|tofu|terragrunt)$/ },
  { name: /^NODE_OPTIONS$/, means: 'interpreter', of: ofNode },
  { name: /^PERL5OPT$/, means: 'interpreter', of: ofPerl },
  { name: /^RUBYOPT$/, means: 'interpreter', of: ofRuby },
  {
    name: /^(_JAVA_OPTIONS|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS)$/,
    means: 'interpreter',
    of: /^(java|flyway|liquibase|mvn|gradle)$/,
  },
];

/** Whether a variable makes commands start, or be, something else than their names say. */
export function isStarting(name: string): boolean {
  return startings.some((one) => one.name.test(name));
}

/** Folders whose commands are what their names say. */
const systemFolder =
  /^(\/usr|\/usr\/local|\/opt\/homebrew|\/opt\/local|)\/s?bin\/$|^\/usr\/(lib|local)\/(postgresql|pgsql)(\/[\d.]+)?\/bin\/$|^\/usr\/pgsql-[\d.]+\/bin\/$|^\/snap\/bin\/$|^\/opt\/homebrew\/opt\/(libpq|postgresql@\d+)\/bin\/$|^\/Library\/PostgreSQL\/[\d.]+\/bin\/$|^\/Applications\/Postgres\.app\/Contents\/Versions\/[\w.]+\/bin\/$/;

/** Whether a folder, with its last slash, is one of the system's. */
export function isSystemFolder(folder: string): boolean {
  return systemFolder.test(folder);
}

/**
 * What variables set in front of a command, or by an earlier one, make it start. Where that is text that reads, nothing
 * is said: `PAGER=cat`. `earlier`: those of earlier commands, which those in front cover.
 */
export function readStartings(
  call: Call,
  earlier: ReadonlyMap<string, readonly Word[]>,
  programs: boolean,
): undefined {
  for (const [name, value] of call.environment) one(name, value, call, programs);
  for (const [name, values] of earlier)
    if (!call.environment.has(name)) for (const value of values) one(name, value, call, programs);
}

function one(name: string, value: Word, call: Call, program: boolean): undefined {
  const starting = startings.find((each) => each.name.test(name));
  if (!starting || (starting.of ? !starting.of.test(call.name) : !program)) return;
  const { reader, span } = call;
  const says = (what: string) => reader.add('unknown', what, span);
  const text = value.text.trim();
  switch (starting.means) {
    case 'folders': {
      const strange = strangeFolder(text);
      return strange === undefined
        ? undefined
        : says(`takes commands from ${strange || 'the current folder'}`);
    }
    case 'library':
      if (text.split(':').every((each) => /^$|^\/(usr|lib|lib64|opt\/homebrew)\//.test(`${each}/`))) return;
      return says(`${name} makes ${call.name} load ${text}`);
    case 'command':
      return command(name, value, call);
    case 'script': {
      if (text === '') return;
      const printed = /^<\(([\s\S]*)\)$/.exec(text)?.[1];
      if (printed) return reader.shell(wordOf(`${printed} | bash`, span), { span });
      const script = reader.fileText(value);
      says(
        `${name} makes ${call.name} run ${text} first${script === undefined ? ', which was not read' : ''}`,
      );
      return script === undefined ? undefined : reader.shell(wordOf(script, span), { span });
    }
    case 'sql':
      if (text === '' || text === '/dev/null' || call.options.has('-X', '--no-psqlrc')) return;
      return says(`${name} makes ${call.name} run ${text} first, which was not read`);
    case 'settings':
      if (text === '' || text === '/dev/null' || /^GIT_CONFIG_NOSYSTEM$/.test(name)) return;
      if (call.name === 'psql' && call.options.has('-X', '--no-psqlrc')) return;
      // Somebody may have put what is not theirs even there by `..`.
      if (starting.usual?.test(text) && !text.includes('..')) return;
      if (/INIT$/.test(name)) editorCommands(value, reader, span);
      return says(`${name} gives ${call.name} settings that may start something: ${text}`);
    case 'prompt':
      return readEvaluated(value, reader, span);
    case 'options': {
      if (text === '') return;
      const environment = new Map([...call.environment].filter(([each]) => each !== name));
      const words = text.split(/\s+/).map((each) => wordOf(each, span, value.known));
      // A letter alone is an option of less without its dash.
      const given = /^(LESS|MORE)$/.test(name) ? words.filter((each) => /^\+/.test(each.text)) : words;
      const verb = /^TF_/.test(name) ? call.args.slice(0, 1) : [];
      if (!value.known) says(`what ${name} adds to ${call.name} is known only when it runs`);
      if (given.length === 0 || environment.has(done)) return;
      environment.set(done, value);
      return reader.command([wordOf(call.name, span), ...verb, ...given, ...call.args.slice(verb.length)], {
        span,
        stdin: call.stdin,
        environment,
        external: true,
      });
    }
    case 'interpreter':
      if (
        !/(^|\s)(-r|--require|--import|--loader|--experimental-loader|-e|--eval|-M\S|-I|-javaagent|-agentlib|-agentpath)/.test(
          text,
        ) &&
        value.known
      )
        return;
      return says(`${name} makes ${call.name} load code: ${text}`);
    default:
      return starting.means satisfies never;
  }
}

/** Stands among the variables of a call whose options were read already. */
const done = '(options read)';

/** The first folder of a PATH that commands would be taken from before the system's. */
function strangeFolder(text: string): string | undefined {
  let system = false;
  for (const folder of text.replace(/^"|"$/g, '').split(':')) {
    if (/^\$\{?PATH\b/.test(folder)) {
      system = true;
      continue;
    }
    if (isSystemFolder(`${folder}/`)) continue;
    // Behind the system's, an absolute folder gives only what the system does not have.
    if (system && /^[/~$]/.test(folder)) continue;
    return folder;
  }
  return undefined;
}

const editors =
  /^(\S*\/)?(vi|vim|nvim|nano|emacs|emacsclient|ed|code|subl|micro|pico|mcedit|true|:)(\s+-{1,2}[\w-]+)*$/;

function command(name: string, value: Word, call: Call): undefined {
  const { reader, span } = call;
  const text = value.text.trim().replace(/^\|{1,2}-?\s*/, '');
  if (/^(cat|less|more|most)(\s+-\S+)*$/.test(text)) return;
  if (text === '' || (/EDITOR|VISUAL/.test(name) && editors.test(text))) return;
  if (/SHELL$/.test(name) && /^(\/usr(\/local)?)?\/bin\/\w*sh$/.test(text)) return;
  if (/BROWSER/.test(name) && /^[\w-]+$/.test(text) && !/^(rm|dd)$/.test(text)) return;
  // As the command would call it: with a host behind ssh, with a file in its place.
  const asked = /^\S*(ssh|rsh)\b/.test(text) ? `${text} host true` : text.replaceAll('%s', 'a-file');
  if (!value.known && /^"?\$/.test(asked))
    return reader.add('unknown', `${name} makes ${call.name} start ${text}`, span);
  return reader.shell(wordOf(asked, span, value.known), { span, stdin: { kind: 'nothing' } });
}

/** Commands of an editor behind an exclamation mark. */
function editorCommands(value: Word, reader: Reader, span: Span): undefined {
  const shell = /!(?!=)\s*(.+)$/s.exec(value.text)?.[1];
  if (shell) reader.shell(wordOf(shell, span, value.known), { span });
}
