// How a node was reached, as far as that went: its SSH server, the key that it showed, the algorithms.
import type { Reply } from '../../report/doctor/model.ts'
import type { InventoryLine } from '../../task/question.ts'
import type { Greeting } from '../../transport/greeting.ts'
import type { ReachableTarget } from '../connections.ts'

/** The rows that this file fills, in their order. */
export const metRows = ['login', 'host key', 'SSH server', 'SSH algorithms'] as const

export type Meeting = {
  readonly target: ReachableTarget
  readonly greeting: Greeting | undefined
  /** Fingerprint of the key that was verified; nothing where nobody got so far. */
  readonly hostKey: string | undefined
}

export type Met = { readonly replies: ReadonlyMap<string, Reply>; readonly lines: readonly InventoryLine[] }

export const metOf = ({ target, greeting, hostKey }: Meeting): Met => {
  const told = new Map<string, Reply>()
  const tell = (row: (typeof metRows)[number], text: string | undefined, mind?: string) => {
    if (text !== undefined) told.set(row, { type: 'told', text, ...(mind !== undefined && { mind }) })
  }
  if (hostKey !== undefined) {
    tell('login', loginWords(target))
    tell('host key', [greeting?.agreed?.hostKey, hostKey].filter(Boolean).join(' '))
  }
  tell('SSH server', greeting?.software)
  tell('SSH algorithms', greeting && algorithmWords(greeting), riskOf(target))
  return { replies: told, lines: greeting ? legacyLines(target, greeting) : [] }
}

const loginWords = ({ user, become, becomeMethod = 'sudo' }: ReachableTarget): string =>
  become === undefined || become === user ? user : `${user}, then ${become} by ${becomeMethod}`

/** Which were agreed on; where none could be, what the server has. */
const algorithmWords = ({ agreed, offered }: Greeting): string => {
  if (agreed) return [agreed.kex, agreed.cipher, agreed.mac].filter(Boolean).join(', ')
  return `only ${[offered.kex, offered.hostKey]
    .map(list => list?.join(', '))
    .filter(Boolean)
    .join('; ')}`
}

const riskOf = ({ legacyAlgorithms }: ReachableTarget): string | undefined =>
  legacyAlgorithms ? 'old SSH algorithms are allowed for it, which is a risk' : undefined

/** A host is allowed no more than it needs. */
const legacyLines = ({ legacyAlgorithms = false }: ReachableTarget, greeting: Greeting): readonly InventoryLine[] => {
  const path = ['ansible_legacy_algorithms']
  const because = `its SSH server (${greeting.software ?? 'unnamed'}) has only old algorithms: a risk`
  if (greeting.needs === 'legacy' && legacyAlgorithms !== true) return [{ path, value: true, because }]
  if (greeting.needs === 'oldest' && legacyAlgorithms !== 'oldest') return [{ path, value: 'oldest', because }]
  return []
}
