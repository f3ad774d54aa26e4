import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';

/** `drillbook completion bash|zsh|fish`: prints what makes a shell complete. Returns the exit code. */
export async function completion(args: readonly string[]): Promise<number> {
  const command = commandLine(
    'completion',
    'Prints a script by which a shell completes commands, flags, runbooks, procedures, targets and runs.',
  )
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => {
      const script = scripts[shell];
      if (!script) throw new Refusal(`there is no completion for ${shell}: bash, zsh and fish have one.`);
      process.stdout.write(script);
    });
  await parse(command, args);
  return exit.done;
}

/**
 * bash, zsh and fish, each asking the program itself (`__complete`). bash splits words at `=` and replaces only what
 * stands behind it; candidates that are files of no runbook are left to the shell.
 */
const scripts: Readonly<Record<string, string>> = {
  bash: `# Completion of drillbook for bash: source <(drillbook completion bash)
_drillbook() {
  local line value files=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    printf -v value '%q' "\${line%%$'\\t'*}"
    COMPREPLY+=("\${value//\\\\#/#}")
  done < <("$1" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $files && \${#COMPREPLY[@]} -eq 0 ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _drillbook drillbook
`,
  zsh: `#compdef drillbook
# Completion of drillbook for zsh: source <(drillbook completion zsh), behind compinit
_drillbook() {
  local line value files=
  local -a values shown
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    value=\${line%%$'\\t'*}
    values+=("$value")
    if [[ $line == *$'\\t'* ]]; then shown+=("$value  -- \${line#*$'\\t'}"); else shown+=("$value"); fi
  done < <("$words[1]" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( $#values )); then compadd -l -d shown -a values
  elif [[ -n $files ]]; then _files
  fi
}
compdef _drillbook drillbook
`,
  fish: `# Completion of drillbook for fish: drillbook completion fish | source
function __drillbook_complete
    set -l words (commandline -opc)
    set -l found (command $words[1] __complete $words[2..-1] (commandline -ct) 2>/dev/null)
    for line in $found
        if test "$line" = ':files'
            if test (count $found) -eq 1
                __fish_complete_path (commandline -ct)
            end
        else
            echo $line
        end
    end
end
complete -c drillbook -f -a '(__drillbook_complete)'
`,
};
