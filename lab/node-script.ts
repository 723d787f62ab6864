// The shell scripts that make a node: what lies on its root, how it starts, how it mounts.
import { dataDevice } from './words.ts'

/** Where the lab keeps its own things on a node; gone at a restart. */
const labRun = '/run/lab'

export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Devices of every node: name, major, minor. */
export const devices = "'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0'"

/** The agents' user, as the lab's directory knows it too: the same uid on every node. */
const user = { name: 'nvlmsgr', uid: 6001, group: 'msgrgroup', gid: 6000 }

/**
 * Lays out the files that every node starts from, in $FILES.
 *
 * Under an overlay, what is not wanted of the machine's root is covered by a whiteout; a directory made over a
 * whiteout is empty. Otherwise the few directories that a system needs are made, and /etc is copied. `/tmp` and the
 * home directories are never the machine's.
 */
export const furnish = `set -e
umask 022
if [ "$KIND" = overlay ]; then
  for entry in /* /.[!.]*; do
    case $entry in /usr|/bin|/sbin|/lib*|/etc|/var|/nix) ;; *) [ ! -e "$entry" ] || mknod "$FILES$entry" c 0 0 ;; esac
  done
  for path in $HIDE /var/tmp /var/mail; do
    if [ -e "$path" ] && [ ! -e "$FILES$path" ]; then mkdir -p "$FILES\${path%/*}" && mknod "$FILES$path" c 0 0 || :; fi
  done
  mount -t overlay -o "lowerdir=/,upperdir=$FILES,workdir=$WORK" overlay "$ROOT"
  # Where scripts of SUSE call it.
  [ -e /usr/sbin/chkconfig ] || ln -s ../local/sbin/chkconfig "$ROOT/usr/sbin/chkconfig"
else
  [ "$KIND" = copy ] || mount --bind "$FILES" "$ROOT"
  cd "$ROOT"
  mkdir -p usr/local/bin usr/local/sbin etc var/log var/lib var/cache var/spool
  for link in bin sbin lib lib32 lib64 libx32; do [ ! -e "/$link" ] || ln -s "usr/$link" "$link"; done
  [ "$KIND" != copy ] || for link in bin sbin lib lib32 lib64 libx32 share; do ln -s "..${labRun}/tools/$link" "usr/$link"; done
  ln -s /run var/run
  cp -R /etc/. etc/ 2>/dev/null || :
fi
cd "$ROOT"
mkdir -p dev proc sys run tmp var/tmp home mnt media opt srv boot var/opt
mkdir -p -m 700 root
chmod 1777 tmp var/tmp
for file in passwd group; do
  { grep -v -e '^root:' -e '^${user.name}:' -e '^${user.group}:' /etc/$file || :; } >"$OWN/$file"
done
{ echo 'root:x:0:0:root:/root:/bin/sh'; cat "$OWN/passwd"; echo '${user.name}:x:${user.uid}:${user.gid}::/home/${user.name}:/bin/sh'; } >etc/passwd
{ echo 'root:x:0:'; cat "$OWN/group"; echo '${user.group}:x:${user.gid}:'; } >etc/group
rm -f etc/shadow; sed 's/:.*/:*:19000:0:99999:7:::/' etc/passwd >etc/shadow; chmod 600 etc/shadow
rm -f etc/mtab etc/resolv.conf etc/hosts etc/hostname "$OWN/passwd" "$OWN/group"
ln -s ../proc/self/mounts etc/mtab
printf '%s\\n' "$HOSTS" >etc/hosts
mkdir -p home/${user.name} etc/lab
[ "$USERS" != 1 ] || chown ${user.uid}:${user.gid} home/${user.name}
echo ${labRun}/node >etc/lab/node
printf '%s\\n' preferred-server=directory ldap-port=389 base-name=o=acme >etc/nam.conf`

/** Ready is who stands in the root of the node: who enters sooner would be on the machine's. */
export const lastly =
  'echo ready; exec </dev/null >/dev/null 2>&1; cd /root; while :; do sleep infinity & wait $!; done'

/**
 * Starts one node: its root, its devices, its address, and a first process that reaps.
 *
 * Says `pid N` at once, waits for a line that tells that the cable is plugged in, and says `ready`. The first
 * process is a shell that waits: it reaps the daemons that are left to it.
 */
export const boot = `set -e
read -r pid rest </proc/self/stat
echo "pid $pid"
if [ "$KIND" = overlay ]; then
  mount -t overlay -o "lowerdir=/,upperdir=$FILES,workdir=$WORK" overlay "$ROOT"
else
  mount --bind "$FILES" "$ROOT"
  mount --rbind /usr "$ROOT/usr"
  mount -o remount,bind,ro "$ROOT/usr" 2>/dev/null || :
  mount --bind "$FILES/usr/local" "$ROOT/usr/local"
fi
cd "$ROOT"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys 2>/dev/null || mount --rbind /sys sys || :
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm dev/messenger dev/disk dev/disk/by-uuid
for device in ${devices}; do
  set -- $device
  if [ "$LANE" = full ]; then mknod -m 666 "dev/$1" c "$2" "$3"; else : >"dev/$1"; mount --bind "/dev/$1" "dev/$1"; fi
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
mkdir -p run/lab run/lock
: >run/lab/node; mount --bind "$NODE_PROGRAM" run/lab/node
if [ -n "$DEVICE" ]; then
  mknod -m 660 dev/messenger/data b $DEVICE
else
  cp --sparse=always "$IMAGE" dev/messenger/data
  : >run/lab/mount; mount --bind "$(command -v mount)" run/lab/mount
  printf '%s' "$MOUNT" >run/lab/stand-in; chmod 755 run/lab/stand-in
  mount --bind run/lab/stand-in "$ROOT$(command -v mount)"
fi
ln -s ../../messenger/data "dev/disk/by-uuid/$UUID"
for scope in all default; do echo 1 >"proc/sys/net/ipv6/conf/$scope/disable_ipv6" 2>/dev/null || :; done
ip link set lo up
hostname "$NAME" 2>/dev/null || echo "$NAME" >proc/sys/kernel/hostname
read -r plugged
ip -batch - <<END
addr add $ADDRESS/24 dev eth0
link set eth0 up
END
if [ -n "$DEVICE" ]; then
  pivot_root . .
  umount -l .
  exec env -i PATH=${searchPath} sh -c '${lastly}'
fi
exec env -i PATH=${searchPath} chroot "$ROOT" sh -c '${lastly}'`

/**
 * What `mount` is on a node that the kernel grants no block device.
 *
 * @param how Shell: mounts the partition at `$target`, with `$options`; and what becomes of all else.
 */
export const mountStandIn = (
  uuid: string,
  { partition, other }: { partition: string; other: string },
): string => `#!/bin/sh
# Stand-in of the lab for mount(8): mounts the shared partition without a block device.
other() {
  ${other}
}
source= target= options= type= count=0 previous=
for word; do
  case $previous in -t) type=$word previous=; continue ;; -o) options=$options,$word previous=; continue ;; esac
  case $word in
    -t|-o) previous=$word ;;
    -r) options=$options,ro ;;
    -w|-n|-v) ;;
    -*) other "$@" ;;
    *) count=$((count + 1)); if [ $count = 1 ]; then source=$word; else target=$word; fi ;;
  esac
done
[ $count = 2 ] || other "$@"
case $source in
  UUID=${uuid}|LABEL=messenger) ;;
  *) [ "$(readlink -f -- "$source")" = ${dataDevice} ] || other "$@" ;;
esac
case $type in ''|auto|ext4) ;; *)
  echo "mount: $target: wrong fs type, bad option, bad superblock on ${dataDevice}." >&2; exit 32 ;;
esac
[ -d "$target" ] || { echo "mount: $target: mount point does not exist." >&2; exit 32; }
target=$(cd -- "$target" && pwd -P)
if grep -q "^${dataDevice} $target " /proc/mounts; then
  echo "mount: $target: ${dataDevice} already mounted on $target." >&2; exit 32
fi
${partition}
`

/**
 * Binds the files of the partition.
 *
 * They lie outside of the node's root, where its /proc/mounts does not show them; entering its own mount namespace anew
 * leads a process there.
 */
export const bindingMount = (shared: string, root: string, uuid: string): string =>
  mountStandIn(uuid, {
    partition: `nsenter --mount=/proc/self/ns/mnt -- mount --bind '${shared}' '${root}'"$target" || exit 32
case ,$options, in *,ro,*) ${labRun}/mount -o remount,bind,ro "$target" ;; esac`,
    other: `exec ${labRun}/mount "$@"`,
  })
