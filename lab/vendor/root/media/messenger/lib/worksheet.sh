# The questions of the Messenger worksheet, one after the other.

ask_worksheet() {
  ask_installation_path
  ask 'eDirectory tree' && tree=$answer
  ask 'Context of the Messenger server object' && context=$answer
  ask_ldap
  ask_login
  ask 'User contexts (; between them)' && user_contexts=$answer
  ask_agents
  ask_address
  ask_certificate
  ask_ports 8300 8310
  ask_yes_no 'Install the administration files?' n && administration=$answer
}

# Those that can be another on this server; what is the system's own is not asked.
ask_changes() {
  ask 'LDAP host' "$ldap_host" && ldap_host=$answer
  ask_port 'LDAP port' "$ldap_port" && ldap_port=$answer
  ask_address
  ask_ports "$ma_port" "$aa_port"
}

ask_installation_path() {
  while :; do
    ask_path 'Installation path' /opt/novell/messenger
    [ "${answer%/}" != /opt/novell/messenger ] || return 0
    echo 'The package of this stand-in cannot be relocated: please enter /opt/novell/messenger.'
  done
}

ask_ldap() {
  ask 'LDAP host' && ldap_host=$answer
  ask_port 'LDAP port (389, or 636 for SSL)' 389 && ldap_port=$answer
  root_certificate=
  [ "$ldap_port" != 636 ] || { ask_file 'Root certificate file' && root_certificate=$answer; }
}

# Ends when the directory cannot be asked; a wrong user or password is asked again.
ask_login() {
  while :; do
    ask 'User DN' "${user_dn-}" && user_dn=$answer
    ask_secret 'Password' && password=$answer
    directory check && return
    echo 'The directory does not accept this user and password.'
  done
}

ask_agents() {
  choose 'Messaging Agent and Archive Agent' 'Messaging Agent only'
  if [ "$answer" = 1 ]; then agents=both; else agents=ma; fi
}

ask_address() {
  ask 'Server address' "${server_address-}" && server_address=$answer
  ask_yes_no 'Bind to this address only?' "${bind_only:-n}" && bind_only=$answer
}

ask_certificate() {
  certificate='' key='' key_password=''
  ask_yes_no 'Use TLS for the agents?' n
  [ "$answer" = y ] || return 0
  ask_file 'TLS certificate file' && certificate=$answer
  ask_file 'TLS key file' && key=$answer
  ask_secret 'TLS key password (Enter for none)' && key_password=$answer
}

# ask_ports MA AA
ask_ports() {
  ask_port 'Messaging Agent port' "$1" && ma_port=$answer
  aa_port=$2
  [ "$agents" = ma ] || { ask_port 'Archive Agent port' "$2" && aa_port=$answer; }
}

# directory check|create: 1 means that user or password are wrong, all else ends the installation.
directory() {
  for name in $names mount_point; do
    eval "printf '%s=%s\n' $name \"\$$name\""
  done | "$node" "$media/lib/directory.mjs" "$1"
  code=$?
  [ "$code" -le 1 ] || exit "$code"
  return "$code"
}
