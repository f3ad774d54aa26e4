/** Tags of blocks that a shell runs. */
export const shellTags = new Set([
  'bash',
  'sh',
  'shell',
  'zsh',
  'ksh',
  'fish',
  'ash',
  'dash',
  'command',
  'cmd-line',
  'commandline',
  'bash-session',
  'azurecli',
  'azurecli-interactive',
  'shellscript',
]);
/** Tags of what a terminal shows: commands with what they print. */
export const sessionTags = new Set([
  'console',
  'shell-session',
  'shellsession',
  'sh-session',
  'terminal',
  'term',
  'session',
]);
/** Tags of SQL. */
export const sqlTags = new Set([
  'sql',
  'pgsql',
  'postgresql',
  'postgres',
  'psql',
  'plpgsql',
  'mysql',
  'sqlite',
]);
/** What is typed into another program, which the block does not start. */
export const clientTags: Readonly<Record<string, string>> = {
  mongo: 'mongo',
  mongosh: 'mongo',
  mongodb: 'mongo',
  redis: 'redis-cli',
  'redis-cli': 'redis-cli',
};
/** Tags, or none, that say nothing of what a block is. */
export const plainTags = new Set([
  '',
  'text',
  'txt',
  'plain',
  'plaintext',
  'none',
  'output',
  'log',
  'logs',
  'out',
]);
/** Tags of what stands in files. */
export const fileTags = new Set([
  'json',
  'yaml',
  'yml',
  'ini',
  'toml',
  'conf',
  'cfg',
  'xml',
  'hcl',
  'terraform',
  'tf',
  'typescript',
  'ts',
  'javascript',
  'js',
  'nginx',
  'dockerfile',
  'properties',
  'env',
  'dotenv',
  'systemd',
  'jsonc',
  'json5',
  'ruby',
  'python',
  'go',
  'cron',
  'crontab',
  'diff',
  'java',
  'config',
  'cnf',
]);

/** Tags of configuration: whatever its lines look like, nobody types them at a prompt. */
const configuration =
  /^(?:jsonc?|json5|ya?ml|toml|ini|xml|hcl|terraform|tf|tfvars|properties|conf|cfg|cnf|config|env|dotenv|nginx|dockerfile|systemd|diff|patch)$/;

/** True for the tag of a configuration's language. */
export function isConfiguration(tag: string): boolean {
  return configuration.test(tag);
}
