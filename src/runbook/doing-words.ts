/** Programs that runbooks call. A word of this list at the start of a line speaks for a command, nothing more. */
const programs = new Set(
  `[ [[ 7z age alias ansible ansible-playbook apk apt apt-get ar argocd aws awk az barman base64 bash basename bundle bunzip2 bzip2 cat cd cdk
  certbot chef chgrp chmod chown chroot circleci clear cmd cmp cnpg command comm composer cp cqlsh crictl cron crontab ctr curl cut cypher-shell date db dbt dd declare df diff
  dig dirname dmesg dnf docker docker-compose doctl dpkg dropdb createdb createuser dropuser du echo eksctl env etcdctl eval exec exit export expr
  false fdisk file find firewall-cmd flyctl fly free fsck fuser gcloud gds getent gh git gitlab-ctl gitlab-rails gitlab-rake glab go gpg grep
  groups gsutil gunzip gzip hash head helm helmfile heroku hexdump history host hostname hostnamectl htop id ifconfig initdb install
  iostat ip iptables iotop java journalctl jq just k k9s kill killall knife kubectl kubectx kubens kustomize last ldconfig less litestream ln local locale
  localectl logger logrotate ls lsblk lsof lvextend lvs make man mc md5sum minikube mkdir mkfs mkfifo mktemp mise mongo mongodump mongorestore mongosh
  mongod mongos mount mv my_print_defaults mysql mysqladmin mysqlbinlog mysqlcheck mysqldump nano nc ncat netcat netstat nft ng nginx node nohup nomad npm npx
  nslookup oc openssl openstack packer parallel passwd patch patronictl pbm pg_amcheck pg_basebackup pg_controldata pg_ctl
  pg_ctlcluster pg_dump pg_dumpall pg_isready pg_lsclusters pg_restore pg_rewind pg_upgrade pgbackrest pgbench pgrep php pig ping pip pip3
  pipenv pkill playbook pnpm podman poetry popd powershell printenv printf ps psql pup puppet pushd pv pvcreate pvs pwd python python2 python3
  rails railway rake rbenv rclone read readlink realpath reboot reindexdb render redis-cli redis-server resize2fs restic rm rmdir rook rsync
  ruby rundeck salt sar scp screen sed select service set sftp sh sha256sum shutdown sleep snap sort source split sqlite3 ss ssh
  ssh-add ssh-keygen stat strace stty su sudo supervisorctl swapoff swapon sync sysctl systemctl systemd-run tail tar tcpdump tee terraform tofu
  test time timedatectl timeout tmux top touch tr traceroute trap tree true truncate type ulimit umask umount uname uniq unset unxz
  unzip uptime useradd usermod vacuumdb vagrant vault vgextend vgs vi vim virsh virtctl visudo wait wal-g wal-e walg watch wc wget which
  while whoami xargs xfs_growfs xz yarn yq yum zcat zgrep zip zpool zfs zstd bun deno uv uvx hatch rsyslog rpm-ostree pgcopydb pgloader sops bin/rails ./`
    .split(/\s+/)
    .filter(Boolean),
);
const openers = new Set([
  'if',
  'for',
  'while',
  'until',
  'case',
  'function',
  '{',
  '(',
  'do',
  'done',
  'fi',
  'then',
  'else',
  'esac',
  '}',
]);

/** Why a line looks like the start of a shell command; undefined where it does not. */
export function commandSign(line: string): string | undefined {
  const text = line
    .trim()
    .replace(/^(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s;]*)\s+)+(?=\S)/, '')
    .replace(/^(?:sudo|time|nohup|exec|command|env)\s+(?:-\S+\s+)*(?=\S)/, '');
  if (/^[A-Za-z_]\w*\+?=(?!=)\S*/.test(text) && !/^\w+=\s/.test(text)) return 'it sets a variable';
  const word = /^[^\s;|&()<>]+/.exec(text)?.[0] ?? '';
  if (programs.has(word)) return `${word} is a known command`;
  if (openers.has(word)) return `${word} is shell grammar`;
  if (/^\.{0,2}\/[\w./-]+$/.test(word) || /^~\/[\w./-]+$/.test(word)) return `${word} is a path to a program`;
  if (/^(?:bin|scripts?|tools?)\/[\w./-]+$/.test(word)) return `${word} is a path to a program`;
  if (/^\/[\w./-]+\/s?bin\//.test(word)) return `${word} is a path to a program`;
  if (/^[\w-]+\.(?:sh|bash|py|rb|pl)$/.test(word)) return `${word} is a script`;
  if (/^[a-z][\w.]*(?:-(?:psql|ctl|cli|admin)|ctl)$/.test(word)) return `${word} is named like a program`;
  if (/^\$[{(]?\w+/.test(word)) return 'it starts with a variable';
  return undefined;
}

/** True where a short piece of text, such as inline code, is a whole command: a program with something to do. */
export function isWholeCommand(text: string): boolean {
  if (!/^\S+\s+\S/.test(text) || text.includes('\n') || text.length > 300) return false;
  const word = /^\S+/.exec(text)![0];
  if (!commandSign(text) || /^[A-Z_]+$/.test(word)) return false;
  if (/^\S+=/.test(text) && !/\s/.test(text.replace(/"[^"]*"/g, ''))) return false;
  return !/\s(?:is|are|the|a|an|will|should|command|and)\s/.test(text.replace(/(["']).*?\1/g, ''));
}

const sqlStart =
  /^\s*(?:\(?\s*SELECT|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+)?(?:TABLE|INDEX|DATABASE|USER|ROLE|SCHEMA|EXTENSION|VIEW|MATERIALIZED|FUNCTION|TRIGGER|SEQUENCE|PUBLICATION|SUBSCRIPTION|TYPE|TEMP|UNLOGGED|TABLESPACE|PROCEDURE|SERVER)|ALTER\s+\w+|DROP\s+\w+|GRANT\s+|REVOKE\s+|WITH\s+\w+\s+AS|BEGIN\b|COMMIT\b|ROLLBACK\b|EXPLAIN\b|SHOW\s+\w+|VACUUM\b|ANALY[ZS]E\b|REINDEX\s+|TRUNCATE\s+|COPY\s+|CHECKPOINT\b|SET\s+\w+\s*(?:=|TO)|DO\s+\$|CALL\s+\w+\(|CLUSTER\b|COMMENT\s+ON|LOCK\s+TABLE|REFRESH\s+MATERIALIZED|START\s+TRANSACTION|USE\s+\w+\s*;|FLUSH\s+\w+|CHANGE\s+MASTER|STOP\s+(?:SLAVE|REPLICA)|START\s+(?:SLAVE|REPLICA))/i;

/** True where a line starts an SQL statement. */
export function startsSql(line: string): boolean {
  return sqlStart.test(line);
}
