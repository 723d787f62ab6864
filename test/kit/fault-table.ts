// docs/faults.md: what a user sees of each fault, told by the tests that bring it about. FAULTS=write writes it anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { ProblemRecord, RunEvent } from '../../src/model/events.ts'
import { exitCodes, Problem } from '../../src/model/problem.ts'

/** What came of a fault: a command that has ended, or the problem that an operation ended with. */
export type Came = Problem | Ended

type Ended = { readonly status: number | null; readonly events: readonly RunEvent[]; readonly stderr?: string }

export type FaultRow = {
  readonly fault: string
  /** What is told of it, cell by cell. */
  readonly told: readonly string[]
  /** The tests that hold it. */
  readonly heldBy: string
}

const file = fileURLToPath(new URL('../../docs/faults.md', import.meta.url))
export const isWriting = process.env.FAULTS === 'write'

const rowLine = /^\| (.+) \|$/

export const faultRows = (): readonly FaultRow[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap(line => rowOf(line) ?? [])

/**
 * What came of a fault is what its row says.
 *
 * @param fault First cell of the row.
 */
export const heldAs = (fault: string, came: Came, _server: 'its own' | 'OpenSSH too' = 'its own'): void => {
  const told = toldOf(came)
  if (isWriting) writeRow(fault, row => ({ ...row, told }))
  const row = faultRows().find(each => each.fault === fault)
  expect({ fault, told: row?.told }, `the row of docs/faults.md; FAULTS=write writes it anew`).toEqual({ fault, told })
}

/** Changes one row of the page; one that is not there yet is added at the end, to be moved to its place. */
export const writeRow = (fault: string, change: (row: FaultRow) => FaultRow): void => {
  const lines = readFileSync(file, 'utf8').split('\n')
  const at = lines.findIndex(line => rowOf(line)?.fault === fault)
  const before = rowOf(lines[at] ?? '') ?? { fault, told: [], heldBy: '?' }
  const { told, heldBy } = change(before)
  const line = `| ${[fault, ...told, heldBy].join(' | ')} |`
  if (at >= 0) lines[at] = line
  else lines.splice(lines.findLastIndex(each => rowOf(each)) + 1 || lines.length, 0, line)
  writeFileSync(file, lines.join('\n'))
}

const rowOf = (line: string): FaultRow | undefined => {
  const cells = rowLine.exec(line)?.[1]?.split(/ \| /) ?? []
  const [fault = '', ...rest] = cells
  if (rest.length === 0 || fault === 'fault' || /^[-: ]*$/.test(fault)) return undefined
  return { fault, told: rest.slice(0, -1), heldBy: rest.at(-1) ?? '' }
}

const toldOf = (came: Came): readonly string[] =>
  (came instanceof Problem ? ofProblem(came) : ofRun(came)).map(text => inCell(settled(text)))

const ofProblem = ({ fields, exit }: Problem): readonly string[] => [
  exit === exitCodes.unknown ? 'unknown' : exit === exitCodes.unreachable ? 'nothing was begun' : 'failed',
  `${exit}`,
  says(fields),
  fields.state ?? '',
  fields.help ?? '',
]

const ofRun = ({ status, events, stderr = '' }: Ended): readonly string[] => {
  const problem =
    events.flatMap(event => (event.type === 'run-ended' ? (event.problem ?? []) : [])).at(-1) ?? printed(stderr)
  const [, goOn] = /^then {2}(.+)$/m.exec(stderr) ?? []
  return [
    outcomeOf(status, events),
    `${status}`,
    problem ? says(problem) : noticesOf(events),
    [problem?.state, partitionOf(events)].filter(Boolean).join('; '),
    [problem?.help, goOn && `\`${goOn}\``].filter(Boolean).join('\n'),
  ]
}

/** Of a run whose journal could not tell its end. */
const printed = (stderr: string): ProblemRecord | undefined => {
  const [, code, summary = ''] = /^error\[([\w-]+)\] (.+)$/m.exec(stderr) ?? []
  const field = (name: string) => new RegExp(`^  ${name} +(.+)$`, 'm').exec(stderr)?.[1]
  const [seen, state, help] = ['seen', 'state', 'help'].map(field)
  return code === undefined
    ? undefined
    : { code, summary, ...(seen && { seen }), ...(state && { state }), ...(help && { help }) }
}

const says = ({ code, summary, seen = '' }: ProblemRecord): string => {
  const lines = seen.split('\n')
  const shown = lines.length > 3 ? [...lines.slice(0, 2), '…'] : lines
  return [`\`${code}\` ${summary}`, ...shown].filter(Boolean).join('\n')
}

/** What is told where nothing failed. */
const noticesOf = (events: readonly RunEvent[]): string =>
  events
    .flatMap(event =>
      event.type === 'notice' ? [event.text] : event.type === 'run-interrupted' ? ['interrupted'] : [],
    )
    .join('\n')

const outcomeOf = (status: number | null, events: readonly RunEvent[]): string => {
  const outcomes = events.flatMap(event => (event.type === 'step-ended' ? [event.outcome] : []))
  if (outcomes.includes('unknown')) return 'unknown'
  if (outcomes.includes('failed')) return 'failed'
  if (status === 0) return 'carried out'
  return outcomes.some(outcome => outcome !== 'not-reached') ? 'stopped after a step' : 'nothing was begun'
}

/** How the partition stands after the last that was heard of it. */
const partitionOf = (events: readonly RunEvent[]): string => {
  const last = events.filter(({ type }) => type.startsWith('hold-')).at(-1)
  if (!last) return ''
  if (last.type === 'hold-released') return 'the partition is given back'
  return `the partition may be held on ${'host' in last ? last.host : 'a node'}`
}

/** Without what is another each time: places, ports, processes, names of runs, keys, times. */
const settled = (text: string): string =>
  text
    .replace(/(?:\/[\w.+-]+)*\/(?:run-e2e-|faulty-|sshd-|run-lab-|trust-)\w+/g, '…')
    .replace(/(\bport |-p |:)\d{4,5}\b/g, '$1PORT')
    .replace(/\b\d{4}-\d\d-\d\d-\d{4}(?:-\w+)?\b/g, 'RUN')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(me, 'USER@HOST')
    .replace(/the server takes [\w-]+(?:, [\w-]+)*/g, 'the server takes …')
    // One end or the other, by what was still on its way.
    .replaceAll('connection reset by the other side', 'closed by the other side')
    .replace(/heartbeat .* ago/g, 'heartbeat a moment ago')
    .replace(/exit status (?:unknown|143)/g, 'exit status …')
    .replace(/quiet for (\d+)\.\d s/g, 'quiet for $1 s')
    .replace(/(process \w+, of )\w+/g, '$1USER')
    .replace(/^\d+ \(/gm, 'N (')
    .replace(/SHA256:[\w+/]+/g, 'SHA256:…')
    .replace(/\b(process(?:es)?|pid|PID) \d+/g, '$1 N')

const me = `${userInfo().username}@${hostname()}`

const inCell = (text: string): string =>
  text
    .trim()
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, '<br>')
