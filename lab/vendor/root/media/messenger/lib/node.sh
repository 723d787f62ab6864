# What the installation leaves on this node: package, directories, startup files, start with the node.

copy_files() {
  echo
  echo 'Copying files ...'
  rpm -ih "$media/packages/novell-messenger" || fail 7 'The files could not be copied. Is the disk full?'
  [ "${administration-n}" = y ] || return 0
  mkdir -p "$shared/admin" && cp -R "$media/admin/." "$shared/admin/" || fail 7 "Cannot write to $mount_point."
}

configure_node() {
  mkdir -p "$root/etc/opt/novell/messenger" || fail 7 'Cannot write to /etc/opt/novell/messenger.'
  configure_agent ma "cn=MessagingAgent,$(server_dn)" "$ma_port,$((ma_port + 1))"
  provide ma/queue
  [ "$agents" = ma ] && return
  configure_agent aa "cn=ArchiveAgent,$(server_dn)" "$aa_port,$((aa_port + 1)),$((aa_port + 2))"
  provide aa/queue aa/store
}

server_dn() { echo "cn=MessengerServer,cn=MessengerService,$context"; }

# configure_agent ma|aa DN PORTS
configure_agent() {
  file=$root/etc/opt/novell/messenger/strtup.$1
  (umask 077 && startup_file "$2" "$3" >"$file") || fail 7 "Cannot write $file."
  mkdir -p "$root/var/opt/novell/log/messenger/$1" || fail 7 'Cannot write to /var/opt/novell/log.'
  chkconfig "novell-nm$1" on
}

switch() { printf -- '--%s %s\n' "$1" "$2"; }

startup_file() {
  echo '# Startup switches of this agent; it reads the rest in eDirectory.'
  switch dn "$1"
  switch ldapserver "$ldap_host"
  switch ldapport "$ldap_port"
  [ -z "$root_certificate" ] || switch rootcertificate "$root_certificate"
  switch user "$user_dn"
  switch password "$(in_file "$password")"
  switch port "$2"
  [ "$bind_only" = n ] || switch ip "$server_address"
  [ -z "$certificate" ] && return
  switch certfile "$certificate"
  switch keyfile "$key"
  [ -z "$key_password" ] || switch keypassword "$(in_file "$key_password")"
}

provide() {
  for directory; do
    mkdir -p "$root/var/opt/novell/messenger/$directory" || fail 7 'Cannot write to /var/opt/novell/messenger.'
  done
}

start_agents() {
  "$root/etc/init.d/novell-nmma" start
  [ "$agents" = ma ] || "$root/etc/init.d/novell-nmaa" start
}
