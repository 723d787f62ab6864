# Questions on the terminal: each leaves its answer in $answer, and is put again until the answer can be used.

fail() {
  echo "$2" >&2
  exit "$1"
}

# read_line PROMPT: an end of the input is an end of the installation.
read_line() {
  printf '%s ' "$1"
  read -r answer || { echo && fail 1 'Installation cancelled.'; }
}

# ask QUESTION [DEFAULT]
ask() {
  while :; do
    read_line "$1${2:+ [$2]}:"
    answer=${answer:-${2-}}
    [ -z "$answer" ] || return 0
    echo 'Please enter a value.'
  done
}

# ask_optional QUESTION: an empty line is an answer.
ask_optional() { read_line "$1 (Enter for none):"; }

# ask_yes_no QUESTION [DEFAULT]
ask_yes_no() {
  while :; do
    read_line "$1 (y/n)${2:+ [$2]}:"
    case ${answer:-${2-}} in
      y | Y | yes) answer=y && return ;;
      n | N | no) answer=n && return ;;
    esac
    echo 'Please answer y or n.'
  done
}

# choose OPTION…: the answer is the number of one.
choose() {
  number=0
  echo
  for option; do
    number=$((number + 1))
    echo "  $number. $option"
  done
  while :; do
    read_line 'Select an option:'
    case $answer in
      [1-9]) [ "$answer" -le "$number" ] && return ;;
    esac
    echo "Please enter a number from 1 to $number."
  done
}

ask_path() {
  while :; do
    ask "$@"
    case $answer in /*) return ;; esac
    echo 'Please enter an absolute path.'
  done
}

# ask_file QUESTION [DEFAULT]
ask_file() {
  while :; do
    ask_path "$@"
    [ ! -r "$root$answer" ] || return 0
    echo "There is no file $answer."
  done
}

# ask_port QUESTION DEFAULT
ask_port() {
  while :; do
    ask "$@"
    case $answer in *[!0-9]* | ??????*) ;; *) [ "$answer" -ge 1 ] && [ "$answer" -le 65535 ] && return ;; esac
    echo 'Please enter a port from 1 to 65535.'
  done
}

# ask_secret QUESTION: what is typed is not shown.
ask_secret() {
  stty -echo
  read_line "$1:"
  stty echo
  echo
}
