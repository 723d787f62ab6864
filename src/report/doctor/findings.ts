// What a doctor found, node beside node: a fold over what each one said. Pure.
import type { Json } from '../../model/json.ts'
import type { Told } from '../../task/question.ts'
import {
  type Asked,
  type Cell,
  type Doctor,
  type Finding,
  type FoundLine,
  type NodeReport,
  type Reply,
  type Row,
  sameValue,
} from './model.ts'

export const doctorOf = (cluster: string, questions: readonly Asked[], nodes: readonly NodeReport[]): Doctor => ({
  cluster,
  hosts: nodes.map(({ host }) => host),
  unreachable: nodes.flatMap(({ host, outOfReach }) => (outOfReach ? [host] : [])),
  rows: questions.flatMap(asked => rowOf(asked, nodes)),
  findings: [...nodes.flatMap(outOfReach), ...questions.flatMap(asked => findingsOf(asked, nodes))],
  notAsked: questions.flatMap(asked => notAsked(asked, nodes)),
  lines: [
    ...nodes.flatMap(({ host, lines = [] }) => lines.map(line => ({ ...line, host }))),
    ...agreed(questions, nodes),
  ],
})

const outOfReach = ({ host, outOfReach: problem }: NodeReport): readonly Finding[] => {
  if (!problem) return []
  const { summary, seen, help } = problem.fields
  return [{ kind: 'unknown', hosts: [host], about: 'login', summary, ...(seen && { seen }), ...(help && { help }) }]
}

type Said = { readonly host: string; readonly told: Told }

const saidTo = ({ name }: Asked, nodes: readonly NodeReport[]): readonly Said[] =>
  nodes.flatMap(({ host, replies }) => {
    const reply = replies.get(name)
    return reply?.type === 'told' ? [{ host, told: reply }] : []
  })

/** A row that no node has anything in is told elsewhere: why it was not asked. */
const rowOf = (asked: Asked, nodes: readonly NodeReport[]): readonly Row[] => {
  const told = nodes.flatMap(({ host, replies }) => {
    const reply = replies.get(asked.name)
    return reply && reply.type !== 'not-asked' ? [cellOf(host, reply)] : []
  })
  const together = new Set(apart(asked, saidTo(asked, nodes)).map(({ host }) => host))
  const cells = told.map(cell => (together.has(cell.host) ? { ...cell, sign: 'wrong' as const } : cell))
  return cells.length > 0 ? [{ name: asked.name, cells }] : []
}

const cellOf = (host: string, reply: Exclude<Reply, { type: 'not-asked' }>): Cell => {
  if (reply.type === 'failed') return { host, sign: 'unknown', text: `not known: ${reply.problem.message}` }
  const sign = reply.wrong !== undefined ? 'wrong' : reply.mind !== undefined ? 'mind' : 'ok'
  return { host, sign, text: reply.text }
}

const findingsOf = (asked: Asked, nodes: readonly NodeReport[]): readonly Finding[] => [
  ...ofEachNode(asked, nodes),
  ...betweenNodes(asked, saidTo(asked, nodes)),
]

/** What several nodes have in common is told once. */
const ofEachNode = ({ name }: Asked, nodes: readonly NodeReport[]): readonly Finding[] => {
  const all = nodes.flatMap(({ host, replies }) => findingsIn(replies.get(name)).map(each => ({ ...each, host })))
  const first = all.filter((each, at) => all.findIndex(other => isAlike(each, other)) === at)
  return first.map(({ host: _, ...finding }) => ({
    ...finding,
    about: name,
    hosts: all.filter(other => isAlike(finding, other)).map(({ host }) => host),
  }))
}

type Own = Pick<Finding, 'kind' | 'summary' | 'seen' | 'help'>

const findingsIn = (reply: Reply | undefined): readonly Own[] => {
  if (reply?.type === 'failed') {
    const { summary, seen, help } = reply.problem.fields
    return [{ kind: 'unknown', summary, ...(seen && { seen }), ...(help && { help }) }]
  }
  if (reply?.type !== 'told') return []
  const { wrong, mind } = reply
  return [
    ...(wrong === undefined ? [] : [{ kind: 'wrong' as const, summary: wrong }]),
    ...(mind === undefined ? [] : [{ kind: 'mind' as const, summary: mind }]),
  ]
}

const isAlike = (one: Own, other: Own): boolean =>
  one.kind === other.kind && one.summary === other.summary && one.seen === other.seen

const betweenNodes = (asked: Asked, said: readonly Said[]): readonly Finding[] => {
  const hosts = apart(asked, said).map(({ host }) => host)
  if (hosts.length === 0) return []
  const seen = said.map(({ host, told }) => `${host}: ${told.text}`).join('\n')
  return [
    {
      kind: 'wrong',
      hosts,
      about: asked.name,
      summary: `${asked.name}: ${apartWords(asked)}`,
      seen,
      ...(asked.help !== undefined && { help: asked.help }),
    },
  ]
}

const apartWords = ({ together }: Asked): string => {
  if (together === 'once') return 'on more than one node'
  return together === 'same' ? 'not the same on every node' : 'the nodes are too far apart'
}

const comparedOf = ({ told }: Said): Json => (told.value === undefined ? told.text : told.value)

/** The nodes that do not fit together: all of them, since nobody knows which one is right. */
const apart = ({ together }: Asked, said: readonly Said[]): readonly Said[] => {
  if (together === undefined) return []
  if (together === 'same') {
    const [first] = said
    return first && said.some(each => !sameValue(comparedOf(each), comparedOf(first))) ? said : []
  }
  if (together === 'once') {
    const there = said.filter(each => comparedOf(each) !== null)
    return there.length > 1 ? there : []
  }
  const numbers = said.map(comparedOf).filter(value => typeof value === 'number')
  return Math.max(...numbers) - Math.min(...numbers) > together.within ? said : []
}

const notAsked = ({ name }: Asked, nodes: readonly NodeReport[]): Doctor['notAsked'] => {
  const replies = nodes.flatMap(({ replies }) => replies.get(name) ?? [])
  const [first] = replies
  return first?.type === 'not-asked' && replies.every(({ type }) => type === 'not-asked')
    ? [{ name, because: first.because }]
    : []
}

/** Lines that all nodes agree on; where they do not, nobody should paste one. */
const agreed = (questions: readonly Asked[], nodes: readonly NodeReport[]): readonly FoundLine[] => {
  const all = questions.flatMap(asked => saidTo(asked, nodes).flatMap(({ told }) => told.lines ?? []))
  const first = all.filter((line, at) => all.findIndex(other => isSamePlace(line, other)) === at)
  return first.filter(line =>
    all.every(other => !isSamePlace(line, other) || sameValue(line.value, other.value) || other.isForAPerson),
  )
}

const isSamePlace = (one: FoundLine, other: FoundLine): boolean =>
  Boolean(one.isForAPerson) === Boolean(other.isForAPerson) &&
  one.path.join('\0') === other.path.join('\0') &&
  (!one.isForAPerson || sameValue(one.value, other.value))
