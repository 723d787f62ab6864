// What each shell is told, so that it asks the command itself what could stand where the cursor is.

/** `words` are those after the command's own name, the last one as far as it is typed. */
const bash = `# Completion of run for bash: source <(run completion bash)
_run() {
  local IFS=$'\\n' rest=\${COMP_LINE:0:COMP_POINT} word= last= cut each i
  local -a typed=() plain=()
  # Bash cuts words at = : and @ too: those that stand together are one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      typed+=('')
    fi
    if ((i == COMP_CWORD)); then word=$rest; fi
    typed[\${#typed[@]}-1]+=$word
    rest=\${rest#"$word"}
  done
  for each in "\${typed[@]}"; do plain+=("\${each//[\\\\\\"\\']/}"); done
  last=\${typed[\${#typed[@]}-1]}
  # Only what is behind the cut is put there anew; an @ is.
  case $word in = | :) cut=$last ;; *) cut=\${last%"$word"} ;; esac
  cut=\${cut%@}
  COMPREPLY=()
  for each in $("\${plain[0]}" completion words -- "\${plain[@]:1}" 2>/dev/null); do
    case $each in */) compopt -o nospace ;; esac
    each=\${each#"$cut"}
    case $last in [\\"\\']*) ;; *) [[ $each != *[!A-Za-z0-9_.,:=@/+-]* ]] || printf -v each %q "$each" ;; esac
    COMPREPLY+=("$each")
  done
}
complete -o default -F _run run
`

const zsh = `#compdef run
# Completion of run for zsh: source <(run completion zsh), after compinit
_run() {
  local -a found plain
  plain=("\${(@Q)words[2,CURRENT]}")
  # A quote that is still open.
  plain[-1]=\${plain[-1]#[\\"\\']}
  found=("\${(@f)$("$words[1]" completion words -- "\${plain[@]}" 2>/dev/null)}")
  if [[ -z "$found" ]]; then _files; return; fi
  if [[ "$found[1]" == */ ]]; then compadd -S '' -a found; else compadd -a found; fi
}
compdef _run run
`

const fish = `# Completion of run for fish: run completion fish | source
function __run_words
  set -l typed (commandline -opc)
  set -l current (commandline -ct | string replace -a '\\\\' '' | string trim -c '"\\'')
  set -l found ($typed[1] completion words -- $typed[2..-1] "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c run -f -a '(__run_words)'
`

export const shells = ['bash', 'zsh', 'fish'] as const
export const completionScripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish }
