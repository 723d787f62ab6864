// One node while it is up: its first process, which the whole node goes with.
import { mkdir, rm } from 'node:fs/promises'
import { addressOf, type Network } from './network.ts'
import { bindingMount, boot } from './node-script.ts'
import { bound, gone, line } from './programs.ts'
import type { Storage } from './storage.ts'
import type { Grants } from './words.ts'

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
  /** Lets it go on when it is plugged in, and waits until it is up. */
  finish(): Promise<void>
  /** Ends it with everything that runs on it, and waits until its last process is gone. */
  stop(): Promise<void>
}

export type Making = {
  /** Where the lab keeps its files. */
  readonly files: string
  readonly grants: Grants
  readonly storage: Storage
  readonly network: Network
}

/** Starts the namespaces and the root of a node; it then waits for its cable. */
export const startNode = async (index: number, { files, grants, storage, network }: Making): Promise<RunningNode> => {
  const place = placeOf(files, index)
  await rm(place.work, { recursive: true, force: true })
  await mkdir(place.work, { recursive: true })
  await mkdir(place.root, { recursive: true })
  const namespaces = ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--propagation', 'slave']
  return begin(index, ['unshare', ...namespaces, '--', 'sh', '-c', boot], {
    KIND: grants.root,
    LANE: grants.lane,
    FILES: place.files,
    WORK: place.work,
    ROOT: place.root,
    NAME: nodeName(index),
    ADDRESS: addressOf(network.part, index),
    NODE_PROGRAM: process.execPath,
    UUID: storage.uuid,
    IMAGE: storage.image,
    DEVICE: storage.device() ?? '',
    MOUNT: bindingMount(storage.shared ?? '', place.root, storage.uuid),
  })
}

/** Starts a program that says `pid N`, waits for a line, and says `ready` when it is the first process of a node. */
export const begin = async (
  index: number,
  argv: readonly string[],
  settings: Record<string, string>,
): Promise<RunningNode> => {
  const child = bound(argv, settings)
  const pid = Number(await line(child, 'pid'))
  return {
    ...{ index, pid },
    async finish() {
      const ready = line(child, 'ready')
      child.stdin?.end('plugged\n')
      await ready
    },
    async stop() {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It is gone already.
      }
      await gone(child)
    },
  }
}
