// What a doctor found, node beside node: a fold over what each one said. Pure.

export type Probed = {
  readonly name: string
  readonly expect?: string | undefined
  readonly same?: boolean
  readonly at_most_one?: boolean
  readonly paste?: string | undefined
  readonly help?: string | undefined
}

/** What one node said; nothing where it could not be asked. */
export type Said = { readonly text: string; readonly isAnswer: boolean }

export type NodeReport = {
  readonly host: string
  /** Why it could not be reached. */
  readonly unreachable?: { readonly code: string; readonly summary: string; readonly help?: string | undefined }
  readonly said: ReadonlyMap<string, Said>
}

export type Row = { readonly name: string; readonly cells: readonly string[] }

export type Doctor = {
  readonly cluster: string
  readonly hosts: readonly string[]
  readonly rows: readonly Row[]
  readonly findings: readonly string[]
  /** Lines for the inventory. */
  readonly paste: readonly string[]
}

export const doctorOf = (cluster: string, probes: readonly Probed[], nodes: readonly NodeReport[]): Doctor => ({
  cluster,
  hosts: nodes.map(({ host }) => host),
  rows: probes.map(({ name }) => ({ name, cells: nodes.map(node => cellOf(node, name)) })),
  findings: [...nodes.flatMap(unreached), ...probes.flatMap(probe => findingsOf(probe, nodes))],
  paste: probes.flatMap(probe => pasteOf(probe, nodes)),
})

const cellOf = ({ unreachable, said }: NodeReport, name: string): string =>
  unreachable ? `not known (${unreachable.code})` : said.get(name)?.text || 'nothing'

const unreached = ({ host, unreachable }: NodeReport): readonly string[] =>
  unreachable
    ? [`${host} cannot be asked: ${unreachable.summary}${unreachable.help ? `. ${unreachable.help}` : ''}`]
    : []

type Answer = { readonly host: string; readonly text: string }

const answersTo = (name: string, nodes: readonly NodeReport[]): readonly Answer[] =>
  nodes.flatMap(({ host, said }) => {
    const found = said.get(name)
    return found?.isAnswer ? [{ host, text: found.text }] : []
  })

const findingsOf = (probe: Probed, nodes: readonly NodeReport[]): readonly string[] => {
  const answers = answersTo(probe.name, nodes)
  const help = probe.help ? `. ${probe.help}` : ''
  const there = answers.filter(({ text }) => text !== '')
  const told = (each: readonly Answer[]) => each.map(({ host, text }) => `${host} ${text || 'nothing'}`).join(', ')
  const pattern = probe.expect
  const odd = pattern === undefined ? [] : answers.filter(({ text }) => text !== pattern)
  return [
    ...(probe.same && new Set(answers.map(({ text }) => text)).size > 1
      ? [`${probe.name}: not the same everywhere (${told(answers)})${help}`]
      : []),
    ...(probe.at_most_one && there.length > 1 ? [`${probe.name}: on more than one node (${told(there)})${help}`] : []),
    ...(odd.length > 0 ? [`${probe.name}: ${told(odd)}, wanted ${pattern}${help}`] : []),
  ]
}

/** A value that all nodes agree on; where they do not, nobody should paste one. */
const pasteOf = ({ name, paste }: Probed, nodes: readonly NodeReport[]): readonly string[] => {
  if (paste === undefined) return []
  const [first, ...others] = answersTo(name, nodes).filter(({ text }) => text !== '')
  if (!first || others.some(({ text }) => text !== first.text)) return []
  return [`${paste}: ${/^[\w./-]+$/.test(first.text) ? first.text : JSON.stringify(first.text)}`]
}
