// What a process may do in a container without privileges, tried on a machine where the tests are root: the rights that Docker
// leaves, and a root below the real one, from where the kernel grants no user namespace. All in a view of its own.
import { spawnSync } from 'node:child_process'

const left =
  'chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap,net_bind_service,net_raw,sys_chroot,mknod,audit_write,setfcap'

/** Goes before a command, which is carried out in `dir`. */
export const confined = (dir: string): readonly string[] => [
  ...['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', narrow, dir],
]

const narrow = `mount --rbind / /mnt
exec setpriv --inh-caps=-all --bounding-set=-all,+${left.replaceAll(',', ',+')} chroot /mnt sh -c 'cd "$0" && exec "$@"' "$0" "$@"`

/** Why it cannot be tried here; nothing where it can. */
export const whyNotConfined = (): string | undefined => {
  const [program = '', ...args] = [
    ...confined('/'),
    'sh',
    '-c',
    'chroot / true && ! unshare --user true && ! unshare -m true',
  ]
  return spawnSync(program, args).status === 0 ? undefined : 'only root can take rights from itself and keep chroot'
}
