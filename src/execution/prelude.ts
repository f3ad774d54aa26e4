import { waitAtGate } from './start-gate.ts';

/**
 * The shell code that runs before a command's own text. It is kept in its own file in the command's scratch
 * folder and sourced, so that nothing of it stands in an argument list.
 *
 * - `__drillbook_dump` prints the shell's whole state as NUL-separated records of kind, name and text. Every
 *   value is printed by bash itself (`declare -p` and its like), one name a call, so that no value can be taken
 *   for another record.
 * - the EXIT trap calls it in a subshell, where it may set options and IFS as it likes. An EXIT trap of the
 *   user's is put behind it: `trap` is a function that does so, and that lists only what the user set.
 * - a SIGINT while one of our own children runs would be taken as meant for that child alone and be lost: until the
 *   text begins, a trap passes it on to the shell itself.
 * - `end` is the last record: without it the dump was cut off and is not used.
 */
export const prelude = `builtin trap 'builtin trap - INT; builtin kill -INT "$$"' INT
__drillbook_folder=$DRILLBOOK_SHELL
unset -v DRILLBOOK_SHELL
__drillbook_dump() {
  builtin printf 'status\\0\\0%s\\0' "$__drillbook_status"
  builtin printf 'pipe\\0\\0%s\\0' "$__drillbook_pipe"
  builtin printf 'trap\\0\\0%s\\0' "\${__drillbook_trap+set}"
  builtin printf 'folder\\0\\0%s\\0' "$PWD"
  builtin printf 'background\\0\\0%s\\0' "$__drillbook_background"
  builtin printf 'umask\\0\\0'; builtin umask; builtin printf '\\0'
  builtin printf 'options\\0\\0'; builtin set +o; builtin printf '\\0'
  builtin printf 'shopt\\0\\0'; builtin shopt -p; builtin printf '\\0'
  builtin set -f +eCuvxkn
  builtin printf 'variable\\0IFS\\0'; builtin declare -p IFS; builtin printf '\\0'
  IFS=$' \\t\\n'
  builtin printf 'aliases\\0\\0'; builtin alias -p; builtin printf '\\0'
  for __drillbook_name in "\${DIRSTACK[@]}"; do builtin printf 'stacked\\0\\0%s\\0' "$__drillbook_name"; done
  for __drillbook_name in "\${FUNCNAME[@]}"; do builtin printf 'frame\\0\\0%s\\0' "$__drillbook_name"; done
  for __drillbook_name in "$@"; do builtin printf 'argument\\0\\0%s\\0' "$__drillbook_name"; done
  for __drillbook_name in $(builtin compgen -A function); do
    case $__drillbook_name in __drillbook_*|trap) continue ;; esac
    builtin printf 'function\\0%s\\0' "$__drillbook_name"
    builtin declare -f "$__drillbook_name"
    builtin printf '\\0'
  done
  builtin printf 'function-attributes\\0\\0'; builtin declare -F; builtin printf '\\0'
  # compgen leaves out what is declared without a value; a line that only looks like it has no such variable.
  IFS=$'\n'
  for __drillbook_name in $(builtin compgen -v) $(builtin declare -p); do
    case $__drillbook_name in
      __drillbook_*|IFS|PIPESTATUS|FUNCNAME|DIRSTACK|*=*) continue ;;
      'declare -'*' '*) __drillbook_name=\${__drillbook_name##* } ;;
    esac
    case $__drillbook_name in ''|[0-9]*|*[!A-Za-z0-9_]*) continue ;; esac
    builtin printf 'variable\\0%s\\0' "$__drillbook_name"
    builtin declare -p "$__drillbook_name"
    builtin printf '\\0'
  done
  builtin printf 'end\\0\\0\\0'
}
__drillbook_save() {
  __drillbook_status=$1
  __drillbook_pipe=
  __drillbook_count=$2
  shift 2
  while (( __drillbook_count-- > 0 )); do __drillbook_pipe="$__drillbook_pipe $1"; shift; done
  if [[ -n \${__drillbook_end-} ]]; then
    __drillbook_status=\${__drillbook_end%% *}
    __drillbook_pipe=\${__drillbook_end#* }
  fi
  __drillbook_background=\${!-}
  ( __drillbook_dump "$@" >| "$__drillbook_folder/after" ) || :
  return "$__drillbook_status"
}
__drillbook_arm() {
  builtin trap -- '{ __drillbook_save "$?" "\${#PIPESTATUS[@]}" "\${PIPESTATUS[@]}" "$@" && :; } >/dev/null 2>&1
'"\${__drillbook_trap-}" EXIT
}
__drillbook_traps() {
  if [[ -n \${__drillbook_trap+set} ]]; then
    case " $* " in
      "  "|*" EXIT "*|*" exit "*|*" 0 "*) builtin printf "trap -- '%s' EXIT\\n" "\${__drillbook_trap//\\'/\\'\\\\\\'\\'}" ;;
    esac
  fi
  (( $# )) && builtin trap -p "$@" | __drillbook_skip || builtin trap -p | __drillbook_skip
}
__drillbook_skip() {
  while IFS= builtin read -r __drillbook_line; do
    case $__drillbook_line in
      *'__drillbook_save'*) while [[ $__drillbook_line != *"' EXIT" ]] && IFS= builtin read -r __drillbook_line; do :; done ;;
      *) builtin printf '%s\\n' "$__drillbook_line" ;;
    esac
  done
}
trap() {
  case $BASH_VERSION in
    [123].*|4.[0-3].*) ;;
    *) { local -; set +x; } 2>/dev/null ;;
  esac
  __drillbook_trapped "$@"
}
__drillbook_trapped() {
  if [[ \${BASHPID:-$$} != "$$" ]]; then
    case \${1-} in ''|-p) ;; *) builtin trap "$@"; return ;; esac
  fi
  case \${1-} in
    -l|-lp|-pl|--help) builtin trap "$@"; return ;;
    -p) shift; [[ \${1-} == -- ]] && shift; __drillbook_traps "$@"; return ;;
    --) shift ;;
  esac
  (( $# )) || { __drillbook_traps; return; }
  local __drillbook_action=$1 __drillbook_reset= __drillbook_signal
  local -a __drillbook_rest=()
  case $1 in
    -) __drillbook_reset=1; shift ;;
    *[!0-9]*|'') if (( $# == 1 )); then __drillbook_reset=1; else shift; fi ;;
    *) __drillbook_reset=1 ;;
  esac
  for __drillbook_signal in "$@"; do
    case $__drillbook_signal in
      EXIT|exit|Exit|0)
        if [[ -n $__drillbook_reset ]]; then unset -v __drillbook_trap; else __drillbook_trap=$__drillbook_action; fi
        __drillbook_arm ;;
      *) __drillbook_rest+=("$__drillbook_signal") ;;
    esac
  done
  (( \${#__drillbook_rest[@]} )) || return 0
  if [[ -n $__drillbook_reset ]]; then builtin trap - "\${__drillbook_rest[@]}"
  else builtin trap -- "$__drillbook_action" "\${__drillbook_rest[@]}"; fi
}
__drillbook_status=0 __drillbook_pipe= __drillbook_background=
builtin printf %s "$$" >| "$__drillbook_folder/shell"
( __drillbook_dump >| "$__drillbook_folder/before" )
IFS= builtin read -r -d '' __drillbook_text < "$__drillbook_folder/command"
command rm -f "$__drillbook_folder/command"
${waitAtGate(process.pid)}builtin trap - INT
__drillbook_arm
`;
