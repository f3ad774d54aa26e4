/** A command line as it is typed, and what it does. */
export type Example = readonly [line: string, what: string];

/**
 * Examples of every command and of every command within one, by its words. They stand below the help and in the manual
 * page; every one parses.
 */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  init: [
    ['drillbook init', 'looks around, asks, shows the file and writes it on Enter'],
    ['drillbook init --print', 'only shows what it would write'],
    ['drillbook init --yes --environment MAIN_DATABASE_URL=staging', 'without a terminal'],
  ],
  doctor: [
    ['drillbook doctor', 'looks at everything'],
    ['drillbook doctor --target members-staging --json', 'one target, for a script'],
  ],
  run: [
    ['drillbook run runbooks/postgres-restore.md', 'guided'],
    ['drillbook run restore.md#restore --mode drill --target sandbox --plain', 'without a person'],
    [
      'drillbook run restore.md --mode incident --target staging --plain --yes --confirm members',
      'confirmed',
    ],
  ],
  resume: [
    ['drillbook resume', 'the newest run that is not finished'],
    ['drillbook resume k3f9 --plain --settle "failed: no rows"', 'says how an interrupted command ended'],
  ],
  watch: [
    ['drillbook watch k3f9', 'follows a run of this machine'],
    ['drillbook watch k3f9 --store s3://ops/drillbook', 'one of another machine'],
  ],
  handover: [['drillbook handover give k3f9 --to anna', 'gives a stopped run to somebody else']],
  'handover give': [
    ['drillbook handover give k3f9 --to anna --note "the backup is verified"', 'with a word'],
  ],
  'handover list': [['drillbook handover list --json', 'what waits, for a script']],
  'handover take': [
    ['drillbook handover take k3f9', 'goes on with it here'],
    ['drillbook handover take k3f9 --gone --reason "her laptop is stolen"', 'from a machine that is gone'],
  ],
  show: [
    ['drillbook show restore.md', 'procedures, steps and commands with their lines'],
    ['drillbook show restore.md#restore --questions', 'what a run would ask for'],
  ],
  list: [
    ['drillbook list', "the project's runbooks and those that ship"],
    ['drillbook list docs --search pg_restore', 'those of a folder that have the word'],
  ],
  explain: [
    ["drillbook explain 'pg_restore --clean -d live x.dump'", 'what the command would do'],
    ['drillbook explain restore.md --json', 'every command of a runbook, for a script'],
  ],
  lint: [
    ['drillbook lint docs/runbooks', 'finds faults'],
    ['drillbook lint restore.md --fix', 'mends what is certain, after showing it'],
    ['drillbook lint docs --sarif', 'for code scanning'],
  ],
  backup: [['drillbook backup create --store ./backups', 'backs up $DATABASE_URL']],
  'backup create': [
    ['drillbook backup create --target members-staging', 'database, store and keys of a target'],
    ['drillbook backup create --url env:DATABASE_URL --store ./backups --kind pre-deployment', 'and why'],
  ],
  'backup list': [['drillbook backup list --store ./backups', 'what is there, newest first']],
  'backup show': [['drillbook backup show latest --target members-staging', 'the manifest of the newest']],
  'backup verify': [
    ['drillbook backup verify latest --level archive', 'reads the archive to its end'],
    ['drillbook backup verify latest --level restore', 'restores it into a scratch database'],
  ],
  'backup restore': [
    ['drillbook backup restore latest --plan', 'says what would happen'],
    ['drillbook backup restore latest --into members_restored', 'beside the live database'],
  ],
  'backup undo': [['drillbook backup undo --look', 'whether there is a way back']],
  'backup prune': [
    ['drillbook backup prune --daily 30 --weekly 12 --plan', 'what would go'],
    ["drillbook backup prune --last 10 --confirm 'PRUNE members'", 'removes, as the plan said'],
  ],
  'backup pin': [["drillbook backup pin latest --reason 'legal hold' --until 2030-01-01", 'keeps it']],
  'backup health': [
    ['drillbook backup health --daily 30 --rpo 24h', 'age, integrity, room, retention'],
    ['drillbook backup health --prometheus', 'for node_exporter'],
  ],
  'backup copy': [
    ['drillbook backup copy latest --to s3://copies/members', 'into another store'],
    ['drillbook backup copy --all --to ./copies', 'all of them'],
  ],
  'backup store': [['drillbook backup store --store s3://backups/members', 'is it there, is it safe']],
  drill: [['drillbook drill due', 'which drills are due']],
  'drill run': [
    ['drillbook drill run members', 'a drill of a target, as its settings say'],
    ['drillbook drill run --due --plain', 'those that are due, without a person'],
  ],
  'drill due': [['drillbook drill due --json', 'for a script']],
  'drill list': [['drillbook drill list', 'targets and when they were drilled']],
  'drill history': [['drillbook drill history members --limit 12', 'the last twelve drills']],
  'drill export': [['drillbook drill export k3f9 --to ./evidence', 'the evidence of a drill']],
  compare: [
    ['drillbook compare --with env:OTHER_URL', 'two databases'],
    ['drillbook compare --backup latest --tolerance 5', 'with what a backup says it holds'],
  ],
  schedule: [
    ['drillbook schedule members --systemd --daily 30', 'units to look at and to install'],
    ["drillbook schedule members --cron --backup-at '0 2 * * *'", 'lines for a crontab'],
  ],
  replay: [['drillbook replay k3f9 --speed 4', 'four times as fast']],
  log: [['drillbook log list', 'the runs, newest first']],
  'log list': [['drillbook log list --mode drill --since 2026-01-01 --json', 'the drills of a year']],
  'log show': [['drillbook log show k3f9', 'the entry of a run']],
  'log draft': [['drillbook log draft k3f9', 'the entry of a run that still goes on']],
  'log search': [['drillbook log search pg_restore --outcome failed', 'where it failed']],
  'log verify': [
    ['drillbook log verify', 'every run, also against the heads that stores keep'],
    ['drillbook log verify k3f9 --local', 'one run, without a network'],
  ],
  'log stats': [['drillbook log stats --mode incident --json', 'recovery times, outcomes']],
  'log export': [
    ['drillbook log export --format csv --since 2026-01-01', 'a table for a spreadsheet'],
    ['drillbook log export --html k3f9 -o incident.html', 'one page for a browser'],
  ],
  'log commit': [['drillbook log commit k3f9', 'the entry into git']],
  'log patch': [
    ['drillbook log patch k3f9', 'what a run would change in its runbook, as a diff'],
    ['drillbook log patch k3f9 --apply', 'changes it, after asking'],
  ],
  'log follow-up': [['drillbook log follow-up list', 'what is still to be done']],
  'log follow-up list': [['drillbook log follow-up list --all --json', 'the closed ones too']],
  'log follow-up close': [["drillbook log follow-up close k3f9-1 --note 'index added'", 'done']],
  'log follow-up add': [['drillbook log follow-up add Add an alert on replication lag', 'one more']],
  'log outbox': [['drillbook log outbox --retry', 'tries what could not be told']],
  target: [['drillbook target list', 'what runs can work on here']],
  'target list': [['drillbook target list --json', 'for a script']],
  'target add': [
    ['drillbook target add members-staging --environment staging --url env:STAGING_URL', 'by a variable'],
    ['drillbook target add shop --environment local --engine sqlite --url sqlite:./shop.db', 'a file'],
  ],
  'target remove': [['drillbook target remove members-staging', 'forgets it']],
  preferences: [
    ['drillbook preferences', 'shows them'],
    ['drillbook preferences --notify bell --notify-after 2m', 'only the bell, after two minutes'],
    ['drillbook preferences --screen-reader on --motion reduced', 'for a screen reader'],
    ['drillbook preferences --key note=ctrl+n', 'a key of your own; note= for the usual one'],
  ],
  train: [
    ['drillbook train', 'choose what is broken'],
    ['drillbook train deleted-rows', 'this scenario'],
  ],
  'train list': [['drillbook train list', 'the scenarios']],
  'train results': [
    ['drillbook train results', 'yours, the newest first'],
    ['drillbook train results --all', 'of everybody on this machine'],
    ['drillbook train results k3f9', 'the debrief of one'],
  ],
  sandbox: [['drillbook sandbox start', 'a private PostgreSQL with sample data']],
  'sandbox start': [['drillbook sandbox start', 'stays until it is stopped']],
  'sandbox stop': [['drillbook sandbox stop', 'its data stay']],
  'sandbox status': [['drillbook sandbox status --json', 'for a script']],
  'sandbox reset': [['drillbook sandbox reset', 'as it was made']],
  'sandbox psql': [["drillbook sandbox psql -c 'SELECT count(*) FROM members'", 'one question']],
  completion: [
    ['source <(drillbook completion bash)', 'in ~/.bashrc'],
    ['source <(drillbook completion zsh)', 'in ~/.zshrc, behind compinit'],
    ['drillbook completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
  help: [
    ['drillbook help backup restore', 'the help of a command'],
    ['drillbook help --man', 'the manual page, as roff'],
    ['drillbook help --json', 'what the JSON of each listing holds'],
  ],
};
