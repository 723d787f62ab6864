# What all three strangers do with their answers: the work of the stand-in beside them, none of its words.
root=${LAB_ROOT-}
media=$root/media/messenger
node=$(cat "$root/etc/lab/node" 2>/dev/null || command -v node)
PATH=$root/usr/local/sbin:$PATH
umask 022
certificate='' key='' key_password='' root_certificate='' bind_only=n administration=n

fail() {
  echo "$2" >&2
  exit "$1"
}

. "$media/lib/settings.sh"
. "$media/lib/node.sh"
[ -t 0 ] || fail 2 'No terminal.'
saved=$(stty -g)
trap 'stty "$saved"' EXIT
trap 'exit 130' INT TERM

# take: one line into $answer, as it is typed.
take() { read -r answer || fail 1 'Aborted.'; }

# take_unseen: the same without echo.
take_unseen() {
  stty -echo
  take
  stty echo
  echo
}

# take_key: one key into $key_typed, without Enter and without echo.
take_key() {
  stty -icanon -echo min 1
  key_typed=$(dd bs=1 count=1 2>/dev/null)
  stty "$saved"
}

# directory check|create, without a word on the screen.
directory() {
  for name in $names mount_point; do
    eval "printf '%s=%s\n' $name \"\$$name\""
  done | "$node" "$media/lib/directory.mjs" "$1" >/dev/null 2>&1
}

# make_system: what the first server creates.
make_system() {
  shared=$root${mount_point%/}/novell/messenger
  [ ! -e "$shared/config" ] || fail 4 "System exists on $mount_point."
  copy_files >/dev/null
  prepare_settings || fail 7 "$mount_point"
  directory create || fail 5 'Directory.'
  publish_settings || fail 7 "$mount_point"
}

# find_system: what a further server goes by.
find_system() {
  shared=$root${mount_point%/}/novell/messenger
  [ -r "$shared/config" ] || fail 4 "No system on $mount_point."
  read_settings
}
