// The directory of an inventory as the engine reaches it: one connection for each node that asks, when it first asks.
import { resolve } from 'node:path'
import { type DirectorySettings, directoryOfHost } from '../inventory/directory.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Directory } from '../task/directory.ts'
import type { Variables } from '../template/render.ts'
import type { OpenDirectory } from '../transport/directory/directory.ts'
import type { DirectoryTarget, DirectoryWay } from '../transport/directory/target.ts'
import { fromHere, throughNode } from '../transport/directory/ways.ts'
import type { Forward } from './connections.ts'
import type { Settings } from './settings.ts'

export type DirectoryOf = (host: string) => DirectorySettings | undefined

export type Directories = {
  readonly problems: readonly Problem[]
  readonly secrets: readonly Secret[]
  readonly directoryOf: DirectoryOf
  /** What a reviewer has to know of them, a sentence each. */
  readonly risks: readonly string[]
}

/** @param facts What templates can name of the nodes' provider. */
export const readDirectories = (
  { hosts }: Pick<Inventory, 'hosts'>,
  { site }: Pick<Settings, 'site'>,
  facts: Variables,
): Directories => {
  const read = hosts.map(host => ({ host, ...directoryOfHost(host, { ...host.variables, ...facts }) }))
  const named = new Map(
    read.flatMap(({ host, directory }) => (directory ? [[host.name, atSite(directory, site)]] : [])),
  )
  return {
    problems: [...new Map(read.flatMap(each => each.problems).map(problem => [tell(problem), problem])).values()],
    secrets: [...named.values()].map(({ password }) => password),
    directoryOf: host => named.get(host),
    risks: [...new Set([...named.values()].flatMap(risksOf))],
  }
}

/** Of a variable that all hosts share, each fault is told once. */
const tell = ({ fields: { code, summary, span } }: Problem): string => JSON.stringify([code, summary, span])

const atSite = (directory: DirectorySettings, site: string): DirectorySettings =>
  directory.rootCertificate === undefined
    ? directory
    : { ...directory, rootCertificate: resolve(site, directory.rootCertificate) }

const risksOf = ({ address, encryption, legacyTls }: DirectorySettings): readonly string[] => {
  if (encryption === 'plain') return [`the directory at ${address} is asked in the clear, with its password`]
  return legacyTls ? [`the directory at ${address} may use TLS 1.0, SHA-1 and short keys`] : []
}

export type OpenDirectories = { directory(host: string): Directory | undefined; close(): void }

/** @param forward A connection that a node opens. */
export const openDirectories = (directoryOf: DirectoryOf, forward: Forward): OpenDirectories => {
  const open = new Map<string, OpenDirectory>()
  return {
    directory(host) {
      const settings = directoryOf(host)
      if (!settings) return undefined
      const there = open.get(host) ?? openLate(targetOf(settings), waysOf(settings, host, forward))
      open.set(host, there)
      return there
    },
    close() {
      for (const directory of open.values()) directory.close()
    },
  }
}

/** What speaks to it is loaded with the first question: most runs ask none. */
const openLate = (target: DirectoryTarget, ways: readonly DirectoryWay[]): OpenDirectory => {
  let loaded: Promise<OpenDirectory> | undefined
  const opened = () => {
    loaded ??= import('../transport/directory/directory.ts').then(({ openDirectory }) => openDirectory(target, ways))
    return loaded
  }
  return {
    search: async question => (await opened()).search(question),
    modify: async (dn, changes) => (await opened()).modify(dn, changes),
    close: () => void loaded?.then(directory => directory.close()),
  }
}

const targetOf = ({ via: _, ...target }: DirectorySettings): DirectoryTarget => target

const waysOf = (settings: DirectorySettings, host: string, forward: Forward) => {
  const here = fromHere(settings)
  const node = throughNode(host, (address, port) => forward(host, address, port), settings)
  return { auto: [here, node], controller: [here], node: [node] }[settings.via]
}
