// Finds out what the kernel grants by doing it, in a throw-away namespace, before a lab is started.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { exitCodes, Problem } from '../src/model/problem.ts'
import { attempt, type Ended } from './programs.ts'
import type { Grants, Lack } from './words.ts'

/** The ways into a lane, best first. */
const ways = [
  { lane: 'full', users: true, enter: [] },
  { lane: 'user', users: true, enter: ['unshare', '--user', '--map-root-user', '--map-auto', '--'] },
  { lane: 'user', users: false, enter: ['unshare', '--user', '--map-root-user', '--'] },
] as const

const namespaces = [
  'unshare',
  '--mount',
  '--net',
  '--uts',
  '--ipc',
  '--pid',
  '--fork',
  '--kill-child',
  '--',
  'sh',
  '-c',
]

/** Every step that a node needs; the last line on stdout names the one that was refused. */
const trial = `set -e
echo 'mount a tmpfs'; mount -t tmpfs -o mode=755 trial /mnt
echo 'mount /proc'; mkdir /mnt/proc; mount -t proc proc /mnt/proc
echo 'create a bridge and a veth pair'; ip link add br0 type bridge; ip link add v0 type veth peer name v1
echo 'end'`

const overlayTrial = `set -e
mount -t tmpfs -o mode=755 trial /mnt
mkdir /mnt/files /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/files,workdir=/mnt/work overlay /mnt/root
mknod /mnt/root/null c 1 3`

const loopTrial = `set -e
mount -t tmpfs -o mode=755 trial /mnt
truncate -s 2M /mnt/disk; mkfs.ext4 -q -F /mnt/disk; mkdir /mnt/data
mount -o loop /mnt/disk /mnt/data`

/** Another lab may be trying the same right now. */
const listenTrial = `const over = error => process.exit(error && error.code !== "EADDRINUSE" ? 1 : 0)
require("net").createServer().on("error", over).listen(389, "127.77.0.1", () => over())`

/** What nodes need that have a root of their own and nothing else. */
const plainTrial = `d=$(mktemp -d) && trap 'rm -rf "$d"' 0 && set -e
echo 'change the root'; chroot / true
echo 'make a device'; mknod "$d/null" c 1 3; : >"$d/null"
echo 'become another user'; chown 1:1 "$d"; setpriv --reuid 1 --regid 1 --clear-groups true
echo 'mark a process'; prlimit --rttime=9000000 grep -q 9000000 /proc/self/limits
echo 'listen on port 389'; "$0" -e '${listenTrial}'`

/**
 * What this user may do on this machine.
 *
 * @throws {Problem} `lab-namespaces-refused`, `lab-programs-missing`.
 */
export const findGrants = async (): Promise<Grants> => {
  await needPrograms()
  const refused: string[] = []
  for (const way of ways) {
    const ended = await attempt([...way.enter, ...namespaces, trial])
    if (ended.status === 0) return furtherGrants(way)
    refused.push(`${way.enter.slice(0, -1).join(' ') || 'as this user'}: ${refusal(ended)}`)
  }
  const plain = await attempt(['sh', '-c', plainTrial, process.execPath])
  if (plain.status === 0) return { lane: 'plain', users: true, enter: [], root: 'copy', storage: 'rename' }
  throw namespacesRefused([...refused, `without namespaces: ${refusal(plain)}`])
}

/** What a lab with these grants cannot show. */
export const lacksOf = ({ lane, users, root, storage }: Grants): readonly Lack[] => [
  ...(users ? [] : (['chown to a second user'] as const)),
  ...(storage === 'ext4' ? [] : (['a block device with a real file system'] as const)),
  ...(root === 'overlay' ? [] : (['a root over the whole machine'] as const)),
  ...(lane === 'plain' ? plainLacks : []),
]

const plainLacks = [
  'a network of its own',
  'processes of its own',
  'the partition on two nodes at once',
  'an installation that outlives its controller',
] as const

const furtherGrants = async (way: (typeof ways)[number]): Promise<Grants> => {
  if (way.lane === 'user') return { ...way, root: 'tmpfs', storage: 'stand-in' }
  const [overlay, loop] = await Promise.all([
    attempt([...namespaces, overlayTrial]),
    attempt([...namespaces, loopTrial]),
  ])
  return {
    ...way,
    root: overlay.status === 0 && isOneFileSystem() ? 'overlay' : 'tmpfs',
    storage: loop.status === 0 ? 'ext4' : 'stand-in',
  }
}

/** An overlay over `/` shows nothing of what is mounted below it. */
const isOneFileSystem = (): boolean => ['/usr', '/etc', '/var'].every(path => statSync(path).dev === statSync('/').dev)

const refusal = ({ stdout, stderr }: Ended): string =>
  [stdout.trim().split('\n').at(-1), stderr.trim().split('\n')[0]].filter(Boolean).join(': ')

const needPrograms = async (): Promise<void> => {
  const wanted = {
    unshare: 'util-linux',
    nsenter: 'util-linux',
    setpriv: 'util-linux',
    mount: 'mount',
    ip: 'iproute2',
    openssl: 'openssl',
  }
  const found = await attempt([
    'sh',
    '-c',
    'for it; do command -v "$it" >/dev/null || echo "$it"; done',
    'sh',
    ...Object.keys(wanted),
  ])
  const missing = Object.entries(wanted).filter(([name]) => found.stdout.split('\n').includes(name))
  if (missing.length === 0) return
  throw new Problem({
    code: 'lab-programs-missing',
    summary: `The lab needs ${missing.map(([name]) => name).join(', ')}, which this machine does not have`,
    help: `apt-get install ${[...new Set(missing.map(([, from]) => from))].join(' ')}`,
    exit: exitCodes.failed,
  })
}

const namespacesRefused = (refused: readonly string[]): Problem =>
  new Problem({
    code: 'lab-namespaces-refused',
    summary: 'This user may not make what the lab is built of: namespaces, or at least another root for each node',
    seen: [...new Set(refused)].join('\n'),
    wanted:
      'mount, PID, network, UTS and IPC namespaces: as root, or in a user namespace; or chroot and mknod, as root',
    help: wayOut(),
    exit: exitCodes.input,
  })

const setting = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8').trim() : '')

const containers = { docker: '/.dockerenv', podman: '/run/.containerenv' }

/** The one thing to grant, by what stands in the way here. */
const wayOut = (): string => {
  if (setting('/proc/sys/user/max_user_namespaces') === '0') return 'sudo sysctl -w user.max_user_namespaces=15000'
  if (setting('/proc/sys/kernel/unprivileged_userns_clone') === '0')
    return 'sudo sysctl -w kernel.unprivileged_userns_clone=1'
  if (setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1')
    return 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'
  const [engine] = Object.entries(containers).find(([, trace]) => existsSync(trace)) ?? []
  if (process.getuid?.() === 0)
    return `${engine ?? 'docker'} run --cap-add SYS_CHROOT --cap-add MKNOD …; with \`--privileged\` the lab lacks nothing`
  // Unless somebody says otherwise, the host name in a container is its id.
  const inside = engine ? `${engine} exec -it --user root -w '${process.cwd()}' ${hostname()}` : 'sudo env "PATH=$PATH"'
  return `${inside} run lab up`
}
