// The words of the lab: what it is asked to be, what it is, and what can be asked of it while it is up.
import type { ProblemFields } from '../src/model/problem.ts'

/** `full`: as root. `user`: in a user namespace, without root. `plain`: as root, with nothing but a root of its own for each node. */
export type Lane = 'full' | 'user' | 'plain'

/** What the kernel of this machine grants to this user; found out by doing. */
export type Grants = {
  readonly lane: Lane
  /** `overlay`: the machine's root, written to aside. `tmpfs`: a root of its own with `/usr` read-only. `copy`: with a few programs. */
  readonly root: 'overlay' | 'tmpfs' | 'copy'
  /** `ext4`: a real one on a loop device. `stand-in`: a tmpfs that goes by the device's name. `rename`: a directory that moves. */
  readonly storage: 'ext4' | 'stand-in' | 'rename'
  /** What to put before a program so that it runs in this lane, such as `unshare -Ur`. */
  readonly enter: readonly string[]
  /** Whether more than one user exists in it. */
  readonly users: boolean
}

/** The vendor's stand-in, or OpenLDAP's server with the same entries. */
export type DirectoryKind = 'stand-in' | 'slapd'

/** How a lab is to be. It does not change while the lab is up. */
export type LabPlan = {
  /** State directory; everything of the lab is below it, and all of it goes at `down`. */
  readonly dir: string
  readonly nodes: number
  readonly grants: Grants
  /** First three numbers of all addresses. */
  readonly network: string
  readonly directory: DirectoryKind
  /** OpenSSH's `sshd` answers instead of the built-in server. */
  readonly sshd: boolean
  /** Directories of this machine that the nodes do not see, besides the home directories. */
  readonly hide: readonly string[]
  /** Directory with the vendor's files, laid out as on a node. */
  readonly vendorRoot: string
}

export type LabNode = {
  readonly name: string
  readonly address: string
  /** Where the SSH server of the node listens on 127.0.0.1. */
  readonly port: number
  /** Whether it has power. */
  readonly isUp: boolean
}

type LabDirectory = {
  readonly kind: DirectoryKind
  /** On 127.0.0.1, for the controller; StartTLS is there. */
  readonly port: number
  /** In the cluster's own network, on ports 389 and 636, for the nodes. */
  readonly address: string
}

/** A lab that is up. */
export type Lab = {
  readonly dir: string
  readonly pid: number
  readonly lane: Lane
  readonly network: string
  readonly root: Grants['root']
  readonly storage: Grants['storage']
  /** What this lane cannot show, in words for a person; tests skip by these. */
  readonly lacks: readonly Lack[]
  /** The shared partition, the same on every node. */
  readonly device: string
  readonly uuid: string
  readonly nodes: readonly LabNode[]
  readonly directory: LabDirectory
  readonly snapshots: readonly string[]
}

export type Lack =
  | 'chown to a second user'
  | 'a block device with a real file system'
  | 'a root over the whole machine'
  | 'a network of its own'
  | 'processes of its own'
  | 'the partition on two nodes at once'
  | 'an installation that outlives its controller'

/**
 * A fault that a node plays.
 *
 * With `when` it waits until that text goes from the client to the node (a command, or input of one), and then
 * happens once; without it, it happens at once and lasts until `none`.
 */
export type Fault = {
  readonly kind: FaultKind
  readonly when?: string /** For `max-sessions`. */
  readonly max?: number
}

export type FaultKind =
  | 'none'
  /** The connection is cut; a new one is welcome. */
  | 'drop'
  /** The connection stays, and nothing moves on it any more. */
  | 'freeze'
  /** Commands end, and their exit status is not told. */
  | 'no-exit-status'
  /** No key is good enough. */
  | 'refuse-login'
  /** Nobody listens, as on a node without power. */
  | 'unreachable'
  /** The server shows another host key. */
  | 'other-host-key'
  /** At most `max` channels on one connection. */
  | 'max-sessions'

export type Request =
  | { readonly ask: 'status' }
  | { readonly ask: 'down' }
  | { readonly ask: 'snapshot'; readonly name: string }
  | { readonly ask: 'restore'; readonly name: string }
  | { readonly ask: 'fault'; readonly node: string; readonly fault: Fault }
  | { readonly ask: 'directory' }
  /** Takes the power from a node, or gives it back. */
  | { readonly ask: 'kill' | 'boot'; readonly node: string }

export type Reply = { readonly answer: unknown } | { readonly problem: ProblemFields } | { readonly bug: string }

/** Snapshot that every lab has from its first moment. */
export const pristine = 'pristine'

export const dataDevice = '/dev/messenger/data'

/** Files of a state directory. */
export const paths = (dir: string) => ({
  control: `${dir}/control.sock`,
  lock: `${dir}/lock`,
  log: `${dir}/daemon.log`,
  key: `${dir}/id_ed25519`,
  knownHosts: `${dir}/known_hosts`,
  /** Certificate of the authority that signed the directory's. */
  rootCertificate: `${dir}/directory.pem`,
  /** Mount point of the tmpfs on which nodes, disk and snapshots lie; seen by the daemon alone. */
  files: `${dir}/files`,
})
