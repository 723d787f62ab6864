// A cluster in memory: nodes with things on them, and one shelf of things that a single node may have at a time.
//
// A node knows five commands: `see KEY`, `set KEY VALUE`, `shelf`, `fetch`, `return`; and how to keep receipts and marks.
// Things whose key begins with `shelf/` lie on the shelf where a node has it, and else on the node itself, in its place.
import type { Nodes } from '../../src/engine/context.ts'
import { Problem } from '../../src/model/problem.ts'
import type { Receipt } from '../../src/model/receipt.ts'
import type { CommandOptions, CommandResult, HostShell } from '../../src/shell/host-shell.ts'
import { cannotLast } from '../../src/shell/lasting/scripts.ts'
import { canonicalJson } from '../../src/text/canonical.ts'
import { assertPosix } from './posix.ts'

export type MemoryNode = {
  readonly name: string
  readonly things: Map<string, string>
  /** Receipts as they lie on the node, by the name of their file. */
  readonly receipts: Map<string, string>
  /** Owners of locks and of marks beside holds, by their directory or file. */
  readonly owners: Map<string, string>
  /** Seconds since the last heartbeat of a lock. */
  silentForS: number
  /** Marks of acts that were begun, by their place. */
  readonly marks: Map<string, string>
  hasShelf: boolean
  isUp: boolean
  /** What its shell carries out. */
  atHand: Promise<unknown>
  /** Asked before the node itself; `undefined` leaves the command to the node. */
  meddle?: ((script: string) => Partial<CommandResult> | Promise<Partial<CommandResult>> | undefined) | undefined
}

export type MemoryCluster = {
  readonly nodes: Nodes
  readonly order: readonly string[]
  /** Things on the shelf. */
  readonly shelf: Map<string, string>
  shelfId: string
  node(name: string): MemoryNode
  /** The machine that runs are typed on: it has its locks, and what is kept there. */
  readonly controller: MemoryNode
  /** Each command with its node, such as `node1: set a 1`; receipts, locks and marks are not among them. */
  readonly commands: string[]
  /** Hears of each command before it is carried out. */
  onCommand?: ((line: string) => void) | undefined
  keptReceipts(name: string): readonly Receipt[]
  /** All of it as one text: what a dry run must leave as it was. */
  picture(): string
}

export const memoryCluster = (order: readonly string[] = ['node1', 'node2', 'node3']): MemoryCluster => {
  const all = new Map(order.map(name => [name, memoryNode(name)]))
  const node = (name: string) => {
    const found = all.get(name)
    if (!found) throw new Error(`the test has no node ${name}`)
    return found
  }
  const cluster: MemoryCluster = {
    order,
    shelf: new Map(),
    shelfId: 'shelf-1',
    node,
    controller: memoryNode('this controller'),
    commands: [],
    nodes: {
      async shell(name) {
        if (!node(name).isUp) throw unreachable(name)
        return shellOf(node(name), cluster)
      },
      get controller() {
        return shellOf(cluster.controller, cluster)
      },
      close: async () => {},
    },
    keptReceipts: name => [...node(name).receipts.values()].map(text => JSON.parse(text) as Receipt),
    picture: () => canonicalJson([[...cluster.shelf], [...all.values()].map(pictureOf)]),
  }
  return cluster
}

const memoryNode = (name: string): MemoryNode => ({
  name,
  things: new Map(),
  receipts: new Map(),
  owners: new Map(),
  silentForS: 0,
  marks: new Map(),
  hasShelf: false,
  isUp: true,
  atHand: Promise.resolve(),
})

const pictureOf = ({ name, things, receipts, owners, marks, hasShelf }: MemoryNode) => [
  name,
  [...things],
  [...receipts],
  [...owners],
  [...marks],
  hasShelf,
]

const shellOf = (node: MemoryNode, cluster: MemoryCluster): HostShell => ({
  host: node.name,
  // As a shell does: what is asked behind a command is carried out when that has ended.
  run(script, options = {}) {
    const mine = (options.beside ? Promise.resolve() : node.atHand).then(() =>
      carryOut(script, { options, node, cluster }),
    )
    if (!options.reads && !options.beside) node.atHand = mine.catch(() => {})
    options.onSent?.()
    return mine
  },
  follow: () => Promise.reject(new Error('nothing is followed here')),
  terminal: () => Promise.reject(new Error('nodes in memory have no terminal')),
  upload: () => Promise.reject(new Error('nodes in memory take no uploads')),
})

type At = { readonly options: CommandOptions; readonly node: MemoryNode; readonly cluster: MemoryCluster }

const carryOut = async (script: string, { options, node, cluster }: At): Promise<CommandResult> => {
  assertPosix(script)
  if (!node.isUp) throw connectionLost(node.name)
  const kept = keepOwners(node, script, options) ?? keepNotes(node, script, options)
  if (!kept) {
    const line = `${node.name}: ${script}`
    cluster.commands.push(line)
    cluster.onCommand?.(line)
  }
  const result = (await node.meddle?.(script)) ?? kept ?? answer(script, node, cluster)
  return { exitCode: 0, stdout: '', stderr: '', ...result }
}

const answer = (script: string, node: MemoryNode, cluster: MemoryCluster): Partial<CommandResult> => {
  const [verb, key = '', value = ''] = script.replaceAll("'", '').split(' ')
  const place = key.startsWith('shelf/') && node.hasShelf ? cluster.shelf : node.things
  if (verb === 'see') return { stdout: place.get(key) ?? '' }
  if (verb === 'shelf') return { stdout: `${node.hasShelf ? 'here' : 'away'} ${cluster.shelfId}` }
  if (verb === 'set') place.set(key, value)
  else if (verb === 'fetch') node.hasShelf = true
  else if (verb === 'return') node.hasShelf = false
  else throw new Error(`${node.name} was not told about this command: ${script}`)
  return {}
}

/** The scripts of the engine that keep receipts and marks, by what they are recognised by. */
const keepNotes = (
  { receipts, marks }: MemoryNode,
  script: string,
  { input }: CommandOptions,
): Partial<CommandResult> | undefined => {
  if (script.includes('receipts') && script.includes('cat "$f"'))
    return { stdout: [...receipts.values(), ...marks.values()].join('\n') }
  const [, asked] = /^if \[ -f (\S+receipts\S+) \]; then echo done/.exec(script) ?? []
  if (asked) return { stdout: receipts.has(asked) ? 'done' : 'none' }
  const [, written] = /cat >(\S+receipts\S+)\.new\b/.exec(script) ?? []
  if (written && typeof input === 'string') receipts.set(written, input.trim())
  const [, removed] = /^rm -f (\S+receipts\S+)$/.exec(script) ?? []
  if (removed) receipts.delete(removed)
  if (written || removed) return {}
  return script.includes('setsid') ? { exitCode: cannotLast } : keepMarks(marks, script, input)
}

const keepMarks = (
  marks: MemoryNode['marks'],
  script: string,
  input: CommandOptions['input'],
): Partial<CommandResult> | undefined => {
  const [, begun] = /cat >(\S+begun\S+)\/mark\.new\b/.exec(script) ?? []
  if (begun && typeof input === 'string') marks.set(begun, input.trim())
  const [, ended] = /^rm -rf (\S+begun\S+)$/.exec(script) ?? []
  if (ended) marks.delete(ended)
  return begun || ended ? {} : undefined
}

/** What the scripts of locks and marks do; that they do it is tried in a real shell, in `engine/lock`. */
export const keepOwners = (
  node: MemoryNode,
  script: string,
  options: CommandOptions,
): Partial<CommandResult> | undefined => {
  const input = typeof options.input === 'string' ? options.input : ''
  const [, directory, what] = /^d=(\S+) # lock ([\w-]+)$/m.exec(script) ?? []
  if (directory !== undefined) {
    const answer = `${answerOfLock(node, directory, { what, input, token: /"token":"([\da-f]+)"/.exec(script)?.[1] })}\n`
    return { stdout: `${answer}${keepNotes(node, script, options)?.stdout ?? ''}` }
  }
  const [, file] = /(\/var\/lib\/run\/holds\/\S+?)(?:\.new)?(?: |$)/.exec(script.replace(/mkdir -p \S+/, '')) ?? []
  if (file === undefined) return undefined
  if (script.startsWith('cat ')) return { stdout: node.owners.get(file) ?? '' }
  if (script.startsWith('rm ')) node.owners.delete(file)
  else node.owners.set(file, input)
  return {}
}

type AskedOfLock = { readonly what: string | undefined; readonly input: string; readonly token: string | undefined }

const answerOfLock = ({ owners, silentForS }: MemoryNode, directory: string, asked: AskedOfLock): string => {
  const { what, input, token = 'of nobody' } = asked
  const there = owners.get(directory)
  const isOwn = there?.includes(token) ?? false
  if (what === 'beat') return isOwn ? 'lock kept' : 'lock lost'
  if (what === 'give-back') return isOwn && owners.delete(directory) ? 'lock free' : 'lock lost'
  if (what === 'take' ? there === undefined : what === 'supersede' && isOwn) {
    owners.set(directory, input)
    return 'lock taken'
  }
  return there === undefined ? 'lock free' : `lock held 1000 ${1000 - silentForS}\nowner ${there}`
}

export const unreachable = (host: string): Problem =>
  new Problem({ code: 'host-unreachable', summary: `${host} cannot be reached`, host, exit: 6 })

export const connectionLost = (host: string): Problem =>
  new Problem({ code: 'connection-lost', summary: `The connection to ${host} was lost`, host, exit: 7 })
