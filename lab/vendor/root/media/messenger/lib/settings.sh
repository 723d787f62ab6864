# The settings of the system: variables of the script, and a file on the partition that every server reads.
names='tree context ldap_host ldap_port root_certificate user_dn password user_contexts
  agents server_address bind_only certificate key key_password ma_port aa_port'

# Nobody reads a password in passing; it is no protection.
scrambled() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'; }

# Nobody joins before the file has its name.
prepare_settings() {
  mkdir -p "$shared" && (
    umask 077
    for name in $names; do
      eval "value=\$$name"
      case $name in *password) value=$(scrambled "$value") ;; esac
      printf "%s=%s\n" "$name" "$value"
    done >"$shared/config.new"
  )
}

publish_settings() { mv "$shared/config.new" "$shared/config"; }

# A password stays scrambled: it goes into the startup files as it is.
read_settings() {
  is_scrambled=y
  while IFS='=' read -r name value; do
    case " $(echo $names) " in *" $name "*) eval "$name=\$value" ;; esac
  done <"$shared/config"
}

in_file() { if [ "${is_scrambled-}" = y ]; then printf %s "$1"; else scrambled "$1"; fi; }

line() { printf '  %-22s %s\n' "$1" "$2"; }

list_settings() {
  line 'Tree' "$tree"
  line 'Server context' "$context"
  line 'LDAP host' "$ldap_host"
  line 'LDAP port' "$ldap_port"
  [ -z "$root_certificate" ] || line 'Root certificate file' "$root_certificate"
  line 'User' "$user_dn"
  line 'Password' '********'
  line 'User contexts' "$user_contexts"
  line 'Agents' "$(agents_in_words)"
  line 'Server address' "$server_address"
  line 'Bind to this address' "$bind_only"
  line 'TLS certificate' "${certificate:-none}"
  [ -z "$certificate" ] || line 'TLS key' "$key"
  line 'Messaging Agent port' "$ma_port"
  [ "$agents" = ma ] || line 'Archive Agent port' "$aa_port"
}

agents_in_words() {
  if [ "$agents" = ma ]; then echo 'Messaging Agent'; else echo 'Messaging Agent, Archive Agent'; fi
}
