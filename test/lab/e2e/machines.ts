// The nodes of a lab as this machine sees them from outside: their processes, mounts and addresses in /proc.
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf } from '../../../lab/enter.ts'
import type { Lab } from '../../../lab/index.ts'

export type Machine = {
  readonly name: string
  /** Its first process, as this machine counts. */
  readonly pid: number
}

/** The nodes as they run now; a restore starts them anew. */
export const machinesOf = (lab: Lab): readonly Machine[] =>
  familyOf(lab.pid)
    .filter(isFirst)
    .map(pid => ({ pid, name: read(`/proc/${pid}/root/etc/hostname`).trim() }))
    .sort((one, other) => one.name.localeCompare(other.name))

/** Waits until the nodes have come to rest after their start: the first process of each waits for a child that sleeps. */
export const atRest = async (lab: Lab): Promise<void> => {
  const isAtRest = ({ pid }: Machine) => childrenOf(pid).some(child => read(`/proc/${child}/comm`).trim() === 'sleep')
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
    const machines = machinesOf(lab)
    if (machines.length === lab.nodes.length && machines.every(isAtRest)) return
  }
  throw new Error('the nodes do not come to rest')
}

/** All processes of a node, also those that came in from outside. */
export const processesOf = (lab: Lab, machine: Machine): readonly number[] => {
  const namespace = namespaceOf(machine.pid)
  return familyOf(lab.pid).filter(pid => namespaceOf(pid) === namespace)
}

/** Nodes that have the shared partition mounted anywhere. */
export const mountedOn = (lab: Lab, machines: readonly Machine[] = machinesOf(lab)): readonly string[] =>
  machines.filter(({ pid }) => read(`/proc/${pid}/mounts`).includes(`${lab.device} `)).map(({ name }) => name)

/** Nodes on which a process of that name runs. */
export const runningOn = (lab: Lab, program: string): readonly string[] =>
  machinesOf(lab)
    .filter(machine => processesOf(lab, machine).some(pid => read(`/proc/${pid}/comm`).trim() === program))
    .map(({ name }) => name)

/** A process and all that descends from it. */
export const familyOf = (pid: number): readonly number[] => [pid, ...childrenOf(pid).flatMap(familyOf)]

/** A file of /proc; empty when the process has ended while we looked. */
export const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const namespaceOf = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return ''
  }
}

/** `NSpid` counts the process in each namespace that it is in, innermost last. */
const isFirst = (pid: number): boolean => /^NSpid:\t\d+.*\t1$/m.test(read(`/proc/${pid}/status`))
