// What each shell is told, so that it asks the command itself what could stand where the cursor is.

/** `words` are those after the command's own name, the last one as far as it is typed. */
const bash = `# Completion of run for bash: source <(run completion bash)
_run() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  case "\${COMPREPLY[0]}" in */) compopt -o nospace ;; esac
}
complete -o default -F _run run
`

const zsh = `#compdef run
# Completion of run for zsh: source <(run completion zsh), after compinit
_run() {
  local -a found
  found=("\${(@f)$("$words[1]" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -z "$found" ]]; then _files; return; fi
  if [[ "$found[1]" == */ ]]; then compadd -Q -S '' -a found; else compadd -Q -a found; fi
}
compdef _run run
`

const fish = `# Completion of run for fish: run completion fish | source
function __run_words
  set -l typed (commandline -opc)
  set -l found ($typed[1] completion words -- $typed[2..-1] (commandline -ct) 2>/dev/null)
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
