import type { Call } from '../call.ts';
import { type Word, wordOf } from '../word.ts';

/** Keys that start nothing, whatever they hold. Every other one is taken for a command. After "git-config". */
const harmless =
  /^(user\.(name|email|signingkey)|author\..*|committer\..*|color\..*|column\..*|advice\..*|init\.defaultbranch|safe\.directory|pull\.(rebase|ff)|push\.(default|autosetupremote|followtags)|fetch\.(prune|parallel)|rebase\.(autostash|autosquash|updaterefs)|merge\.(ff|conflictstyle)|commit\.gpgsign|tag\.(gpgsign|sort)|gc\..*|pack\..*|log\..*|format\.pretty|status\..*|submodule\.(recurse|fetchjobs)|clone\..*|diff\.(renames|algorithm|context|mnemonicprefix|noprefix|renamelimit|colormoved|submodule)|core\.(quotepath|autocrlf|eol|safecrlf|longpaths|filemode|symlinks|ignorecase|abbrev|compression|bigfilethreshold|precomposeunicode|excludesfile|bare|logallrefupdates|untrackedcache|sparsecheckout|preloadindex)|http\.(sslverify|postbuffer|version|proxy|extraheader|lowspeedlimit|lowspeedtime)|https?\..*\.(sslverify|extraheader|proxy)|remote\.[^.]+\.(url|fetch|push|pushurl|prune)|branch\..*|versionsort\..*|worktree\..*|blame\..*|rerere\..*|transfer\.fsckobjects|receive\.(denycurrentbranch|denynonfastforwards)|uploadpack\.allow\w*|maintenance\..*|feature\..*|index\..*|protocol\.version|lfs\.\w+)$/i;

/** Values that every git has of such keys. */
const usual =
  /^(|true|false|never|always|auto|\d+|less(\s+-\S+)*|more|cat|vi|vim|nano|emacs|code --wait|store|cache(\s+--timeout[= ]\d+)?|osxkeychain|manager(-core)?|libsecret|!gh auth git-credential|!aws codecommit credential-helper \$@|gpg2?|git-lfs (clean|smudge) -- %f|git-lfs filter-process)$/;

/** `KEY=VALUE` of `git -c`, or a key and its value of `git config`: what git starts because of it. */
export function readConfiguration(call: Call, key: string, value: Word): undefined {
  const { reader, span } = call;
  if (harmless.test(key) || usual.test(value.text)) return;
  reader.add('unknown', `${key} makes git start or load ${value.text}`, span);
  const [, inShell] = /^!([\s\S]*)$/.exec(value.text) ?? [];
  if (/^alias\./i.test(key) && inShell === undefined) {
    const words = value.text.split(/\s+/).filter(Boolean);
    return reader.command([wordOf('git', span), ...words.map((each) => wordOf(each, span, value.known))], {
      span,
      external: true,
    });
  }
  const text = inShell ?? value.text;
  const remote = /^\S*(ssh|rsh)\b/.test(text) ? `${text} host true` : text;
  return reader.shell(wordOf(remote, span, value.known), { span, stdin: { kind: 'nothing' } });
}

/** Options and addresses that start a command beside the configuration: `--upload-pack`, `ext::…`, `rebase --exec`. */
export function readStarted(call: Call): undefined {
  const { args, operands, options, reader, span } = call;
  for (const setting of options.values('-c', '--config')) {
    const [, key, value] = /^([^=]+)=([\s\S]*)$/.exec(setting.text) ?? [];
    // `git -c` stands before the verb; behind it the letter means something else to most verbs.
    if (key?.includes('.')) readConfiguration(call, key, { ...setting, text: value!, offset: -1 });
  }
  if (options.has('--config-env', '--exec-path', '--template'))
    reader.add('unknown', 'git takes settings or programs that may start something', span);
  for (const command of options.values(
    '--upload-pack',
    '--receive-pack',
    '--exec',
    '--extcmd',
    '--open-files-in-pager',
    '--tree-filter',
    '--index-filter',
    '--msg-filter',
    '--env-filter',
    '--commit-filter',
    '--parent-filter',
    '--tag-name-filter',
  ))
    if (!/^\S*git-(upload|receive|upload-archive)(-pack)?$/.test(command.text))
      reader.shell(command, { span });
  const verb = operands[0]?.text;
  const short: Readonly<Record<string, RegExp>> = {
    rebase: /^-x(.*)$/,
    difftool: /^-x(.*)$/,
    clone: /^-u(.*)$/,
    grep: /^-O(.+)$/,
  };
  const letter = short[verb ?? ''];
  for (const [at, word] of args.entries()) {
    const found = letter?.exec(word.text);
    const command = found && (found[1] ? wordOf(found[1], span, word.known) : args[at + 1]);
    if (command) reader.shell(command, { span });
    const ext = /^(?:[\w-]+=)?ext::([\s\S]+)$/.exec(word.text)?.[1];
    if (ext) reader.shell(wordOf(ext.replaceAll('%S', 'git-upload-pack'), span, word.known), { span });
  }
  const output = options.value('--output');
  if (output && /^(diff|log|show|archive|format-patch|diff-tree)$/.test(verb ?? '')) reader.writes(output);
  if (verb === 'archive') {
    const file = options.value('-o');
    if (file) reader.writes(file);
  }
  if (verb === 'config') {
    const [key, value] = operands.slice(/^(set|add)$/.test(operands[1]?.text ?? '') ? 2 : 1);
    if (key?.text.includes('.') && value) readConfiguration(call, key.text, value);
  }
}
