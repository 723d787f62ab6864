# The floor: all twenty steps of one host in one script, without a check before and after, a journal, or a word about it.
# The files that it writes stand in here-documents, which `floor.ts` puts before it as a function `content_of`.
app=/srv/app
list=/etc/app-services
now=$(mktemp) || exit

directory() { [ -d "$1" ] && [ "$(stat -c %a "$1")" = "$2" ] || { mkdir -p "$1" && chmod "$2" "$1"; }; }
written() {
  content_of "$3" >"$now"
  cmp -s "$now" "$1" && [ "$(stat -c %a "$1")" = "$2" ] || { cp "$now" "$1" && chmod "$2" "$1"; }
}
line() { grep -qxF "$1" "$list" || sed -i "\$a\\$1" "$list"; }

directory $app 755 && directory $app/etc 755 && directory $app/data 750 && directory $app/log 755 &&
  written $app/etc/motd 644 motd && written $app/licence.txt 644 licence && written $app/terms.txt 644 terms &&
  written $app/etc/app.conf 644 app && written $app/etc/agents.conf 640 agents &&
  written $app/etc/surroundings 644 surroundings &&
  line 'app 8300/tcp' && line 'level debug' && line 'names one' && line 'names two' || exit
[ "$(readlink $app/current.conf)" = $app/etc/app.conf ] || ln -sfn $app/etc/app.conf $app/current.conf || exit
[ -d /srv ] && grep -qxF '# kept' $list && stat $list >/dev/null && [ -e $list ] && [ -e $list ] || exit
/etc/init.d/app status >/dev/null || /etc/init.d/app start
rm -f "$now"
