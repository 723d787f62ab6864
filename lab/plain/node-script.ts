// The shell scripts of a node without namespaces: programs that it has, how it starts, and stand-ins for what no kernel does.
import { devices, lastly, mountStandIn, searchPath } from '../node-script.ts'
import { dataDevice } from '../words.ts'

/** What nodes, steps and the vendor's stand-ins call. No `script`: there are no terminals below a changed root. */
const programs = `awk base64 basename bash blkid cat chgrp chmod chown cksum cmp comm cp cut date dd df diff dirname env expr false
find flock getent grep gzip head id install kill ln ls md5sum mkdir mkfifo mknod mktemp mv nohup od openssl paste perl pgrep pkill
printf ps pwd readlink realpath rm rmdir sed seq setpriv setsid sh sha1sum sha256sum sleep sort stat stty sync tail tar tee test timeout
touch tr true tty uname uniq wc xargs`

/** Copies them with their libraries to $1, once; nodes have links to these files. */
export const gather = `set -e
mkdir -p "$1/bin" && cd "$1"
paths=
for name in ${programs.replaceAll('\n', ' ')}; do
  path=$(command -v "$name") && [ -x "$path" ] || path=/usr/bin/$name
  [ ! -x "$path" ] || { cp -L "$path" "bin/$name" && paths="$paths $path"; }
done
mv bin/stat bin/uname .
cp -L "$NODE_PROGRAM" node
for library in $(ldd $paths "$NODE_PROGRAM" 2>/dev/null | grep -o '/[^ :]*\\.so[^ :]*' | sort -u); do
  to=.\${library#/usr}
  mkdir -p "\${to%/*}" && cp -L "$library" "$to"
done
# What Debian calls perl-base is enough, and a tenth of all.
for place in $(perl -e '@all = map { m{^/usr/((?!local).*)} && -d ? $1 : () } @INC; @base = grep /base$/, @all; print join "\\n", @base ? @base : @all'); do
  (cd /usr && cp -rL --parents "$place" "$1")
done`

/** As \`boot\`: says \`pid N\`, waits for a line, and says \`ready\` from below the node's own root. */
export const bootPlain = `set -e
echo "pid $$"
cd "$FILES"
rm -rf dev proc run
mkdir -p dev/messenger dev/disk/by-uuid proc/self proc/net run/lab run/lock
mkdir -m 1777 dev/shm
cp -al "$TOOLS" run/lab/tools
ln run/lab/tools/node run/lab/node
for device in ${devices}; do
  set -- $device
  mknod -m 666 "dev/$1" c "$2" "$3"
done
cp --sparse=always "$IMAGE" dev/messenger/data
ln -s ../../messenger/data "dev/disk/by-uuid/$UUID"
ln -s ../mounts proc/self/mounts
echo '0 (sh) S 0' >proc/self/stat
echo "$ADDRESS/24" >run/lab/addresses
read -r plugged
exec env -i PATH=${searchPath} chroot . sh -c '${lastly}'`

/** Programs that are not the machine's own, by their names. */
export const standIns = (name: string, uuid: string): Readonly<Record<string, string>> => ({
  mount: mountStandIn(uuid, {
    partition: `exec ${ask} mount "$target"`,
    other: `[ $# -gt 0 ] || exec cat /proc/mounts
  echo "mount: this lab mounts ${dataDevice} alone" >&2
  exit 32`,
  }),
  umount: `#!/bin/sh
for word; do target=$word; done
exec ${ask} umount "$(readlink -f -- "$target")"
`,
  hostname: `#!/bin/sh\necho ${name}\n`,
  uname: `#!/bin/sh\n[ "$*" = -n ] && echo ${name} || exec /run/lab/tools/uname "$@"\n`,
  arping,
  ip,
  stat,
  'lab-ask': asking,
})

const ask = '/usr/local/sbin/lab-ask'

/** Asks the machine room through the one socket that the node has to it. */
const asking = `#!/usr/bin/perl
use strict;
use IO::Socket::UNIX;
my $room = IO::Socket::UNIX->new('/run/lab/ask') or die "the lab does not answer: $!\\n";
print $room join("\\0", @ARGV), "\\n";
$room->flush;
chomp(my $status = <$room>);
print { $status ? *STDERR : *STDOUT } <$room>;
exit $status;
`

/** What is mounted is a device of its own. */
const stat = `#!/bin/sh
if [ "$1 $2" = '-c %d' ] && grep -qF " $(readlink -f -- "$3") ext4 " /proc/mounts; then echo 1793; exit; fi
exec /run/lab/tools/stat "$@"
`

const arping = `#!/bin/sh
# With -D it ends with 1 where another node has the address.
probe=
for word; do case $word in -*D*) probe=1 ;; esac; address=$word; done
[ -z "$probe" ] || exec ${ask} taken "$address"
`

/** Addresses are a list: the kernel has all of 127.0.0.0/8 everywhere. */
const ip = `#!/bin/sh
list=/run/lab/addresses what=show address=
for word; do case $word in add|del|route|link) what=$word ;; [0-9]*) address=$word ;; esac; done
case $what in
  route) read -r own <$list; echo "$address dev eth0 src \${own%/*}" ;;
  link) ;;
  add) ! grep -qxF "$address" $list || { echo 'RTNETLINK answers: File exists' >&2; exit 2; }
    echo "$address" >>$list ;;
  del) grep -qxF "$address" $list || { echo 'RTNETLINK answers: Cannot assign requested address' >&2; exit 2; }
    grep -vxF "$address" $list >$list.new; mv $list.new $list ;;
  show) case $* in *dev*) ;; *) echo '1: lo    inet 127.0.0.1/8 scope host lo' ;; esac
    sed 's/.*/2: eth0    inet & scope global eth0/' $list ;;
esac
`
