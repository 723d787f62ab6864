// One node while it is up: its first process, which the whole node goes with.
import type { ChildProcess } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { addressOf } from './network.ts'
import { boot, mountStandIn } from './node-script.ts'
import { bound, gone, line } from './programs.ts'
import type { Storage } from './storage.ts'
import { dataDevice, type Grants } from './words.ts'

/** Where the files of one node lie. */
export type NodePlace = { readonly files: string; readonly work: string; readonly root: string }

export const nodeName = (index: number): string => `node${index}`

export const placeOf = (files: string, index: number): NodePlace => {
  const own = `${files}/nodes/${nodeName(index)}`
  return { files: `${own}/files`, work: `${own}/work`, root: `${own}/root` }
}

export type RunningNode = {
  readonly index: number
  /** Its first process, as this machine counts. */
  readonly pid: number
  readonly child: ChildProcess
}

/** Starts the namespaces and the root of a node; it then waits for its cable. */
export const startNode = async (
  index: number,
  { place, grants, storage }: { place: NodePlace; grants: Grants; storage: Storage },
): Promise<RunningNode> => {
  await rm(place.work, { recursive: true, force: true })
  await mkdir(place.work, { recursive: true })
  await mkdir(place.root, { recursive: true })
  const namespaces = ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--propagation', 'slave']
  const child = bound(['unshare', ...namespaces, '--', 'sh', '-c', boot], {
    KIND: grants.root,
    LANE: grants.lane,
    FILES: place.files,
    WORK: place.work,
    ROOT: place.root,
    NAME: nodeName(index),
    ADDRESS: addressOf(index),
    NODE_PROGRAM: process.execPath,
    UUID: storage.uuid,
    IMAGE: storage.image,
    DEVICE: storage.device() ?? '',
    MOUNT: mountStandIn(storage.shared ?? '', place.root, dataDevice, storage.uuid),
  })
  return { index, pid: Number(await line(child, 'pid')), child }
}

/** Lets a node that is plugged in go on, and waits until it is up. */
export const finishNode = async ({ child }: RunningNode): Promise<void> => {
  const ready = line(child, 'ready')
  child.stdin?.end('plugged\n')
  await ready
}

/** Ends a node with everything that runs on it, and waits until its last process is gone. */
export const stopNode = async ({ pid, child }: RunningNode): Promise<void> => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
  await gone(child)
}
