// Which rows an event is worth without a terminal; what nobody needs unless something is odd comes with `verbose` only.
import type { RunEvent } from '../model/events.ts'
import type { Count } from '../model/outlook.ts'
import { formatDuration } from '../text/duration.ts'
import { asSign, inWords, type TellSign, tellChange } from './changes.ts'
import { plural } from './counts.ts'
import { endingOf } from './ending.ts'
import { formatElapsed, tellCount, tellOutlook } from './outlook-words.ts'
import { oneLine, printableLines } from './printable.ts'
import { diffLineInWords, signWord } from './spoken/words.ts'
import type { RunStarted, StepEnded } from './state.ts'

export type Row = {
  /** `run` for what belongs to no host. */
  readonly host: string
  /** A step, `hold/…`, or what else it is about; without blanks. */
  readonly subject: string
  readonly word: string
  readonly evidence?: string
  readonly text: string
}

export type RowOptions = {
  /** Also commands, looks, connections, transcripts. */
  readonly verbose?: boolean
  /** Also what each change is made of. */
  readonly diff?: boolean
  /** For somebody who hears it: no sign is the only carrier of a meaning. */
  readonly isSpoken?: boolean
  /** Of a loop: which of its items the step is. */
  readonly item?: Count
}

export const plainRows = (event: RunEvent, options: RowOptions): readonly Row[] => {
  switch (event.type) {
    case 'run-started':
      return startRows(event)
    case 'notice':
      return [row('run', '-', 'notice', event.text)]
    case 'host-unreachable':
      return [row(event.host, '-', 'unreachable', `${event.problem.summary} [${event.problem.code}]`)]
    case 'step-intended':
      return [row(event.host, event.step, 'applying', tellIntent(event.changes.length, options.item))]
    case 'prompt-answered': {
      const count = event.count ? ` (${event.count.at} of ${event.count.of})` : ''
      return [row(event.host, event.step, 'answered', `${event.prompt} ← ${event.answer}${count}`)]
    }
    case 'step-progressed':
      return [row(event.host, event.step, 'working', [event.text, ...tellOutlook(event.outlook ?? [])].join('; '))]
    case 'step-lasts':
      return [
        row(
          event.host,
          event.step,
          'working',
          `${formatElapsed(event.ms)} so far, ${tellOutlook(event.outlook).join('; ')}`,
        ),
      ]
    case 'step-ended':
      return endRows(event, options)
    case 'block-rescued':
      return [row(event.host, event.step.replace(/@.*$/, '') || '-', 'rescued', `by the block "${event.block}"`)]
    case 'hold-intended':
      return options.verbose ? [row(event.host, `hold/${event.hold}`, 'acquiring', '')] : []
    case 'hold-acquired':
      return [row(event.host, `hold/${event.hold}`, 'acquired', tellTime(event.ms))]
    case 'hold-kept':
      return [row(event.host, `hold/${event.hold}`, 'kept', 'stays when the run has ended')]
    case 'hold-released':
      return [row(event.host, `hold/${event.hold}`, 'released', tellTime(event.ms))]
    case 'hold-failed':
      return [row(event.host, `hold/${event.hold}`, 'failed', `${event.problem.summary} [${event.problem.code}]`)]
    case 'released-assumed':
      return [row(event.host, '-', 'on-trust', `holds nothing: ${event.reason}`)]
    case 'receipt-withdrawn':
      return [row(event.host, event.step, 'due-again', event.because)]
    case 'lock-broken':
      return [
        row(
          'run',
          '-',
          'lock-broken',
          `${event.cluster} (${event.places.join(', ')}), by ${event.by}: ${event.reason}`,
        ),
      ]
    case 'run-interrupted':
      return [row('run', '-', 'interrupted', event.signal)]
    default:
      return options.verbose ? verboseRows(event) : []
  }
}

const verboseRows = (event: RunEvent): readonly Row[] => {
  switch (event.type) {
    case 'host-connected':
      return [row(event.host, '-', 'connected', formatDuration(event.ms))]
    case 'play-started':
      return [row('run', '-', 'play', String(event.play + 1))]
    case 'step-started':
      return [row(event.host, event.step, 'started', '')]
    case 'step-asked':
      return [row(event.host, event.step, 'asking', event.because)]
    case 'step-checked':
      return [row(event.host, event.step, 'checked', `${event.answer}: ${event.because}`), ...lookRows(event)]
    case 'command':
      return [
        ...rows({ host: event.host, step: subjectOf(event) }, '$', event.script),
        row(event.host, subjectOf(event), 'exit', `${event.exitCode}  ${formatDuration(event.ms)}`),
      ]
    case 'cluster-locked':
      return [row('run', '-', 'locked', event.places.join(', '))]
    case 'transcript':
      return rows(event, 'screen', event.text)
    case 'handler-notified':
      return [row(event.host, event.handler, 'notified', `by ${event.by}`)]
    case 'receipt-written':
      return [row(event.receipt.host, event.receipt.step, 'receipt', 'written')]
    default:
      return []
  }
}

/** A foreign program says beforehand what it is for, not always what it will change. */
const tellIntent = (changes: number, item: Count | undefined): string =>
  [item && tellCount('item', item), changes === 0 ? '' : plural(changes, 'change')].filter(Boolean).join('; ')

const row = (host: string, subject: string, word: string, text: string): Row => ({
  host,
  subject,
  word,
  text: oneLine(text),
})

const rows = ({ host, step }: OfStep, word: string, text: string): readonly Row[] =>
  printableLines(text).map(line => ({ host, subject: step, word, text: line }))

type OfStep = { readonly host: string; readonly step: string }

/** A hold mounts and releases by commands too. */
const subjectOf = (event: Extract<RunEvent, { type: 'command' }>): string =>
  'step' in event ? event.step : `hold/${event.hold}`

const startRows = ({ playbook, mode, cluster, inventory, lab, order, risks = [] }: RunStarted): readonly Row[] => [
  row(
    'run',
    // `undo of RUN` is one word here, as every subject is.
    playbook.replaceAll(' ', '-'),
    mode,
    `cluster ${cluster} · inventory ${inventory}${lab ? ' (lab)' : ''} · order ${order.join(' → ')}`,
  ),
  ...risks.map(({ host = 'run', text }) => row(host, '-', 'risk', text)),
]

const lookRows = (event: Extract<RunEvent, { type: 'step-checked' }>): readonly Row[] =>
  event.looks.map(({ kind, key, origin }) => row(event.host, event.step, 'looked', `${kind} ${key} (${origin.type})`))

const endRows = (event: StepEnded, { verbose, diff, isSpoken = false }: RowOptions): readonly Row[] => {
  if (event.outcome === 'not-reached' && !verbose) return []
  const told = tellEnd(event, isSpoken ? signWord : asSign)
  const end = { ...row(event.host, event.step, event.outcome, told), evidence: event.evidence ?? '-' }
  const rowsOf = isSpoken ? spokenChangeRows : changeRows
  return [end, ...(diff && !event.hidesDiff ? event.changes.flatMap(change => rowsOf(event, change)) : [])]
}

const tellEnd = (event: StepEnded, tellSign: TellSign): string => {
  const { problem, ignored, ms } = event
  const code = problem ? `[${problem.code}]` : ''
  return [[endingOf(event, tellSign), code].filter(Boolean).join(' '), ignored ? '(ignored)' : '', tellTime(ms)]
    .filter(Boolean)
    .join('  ')
}

/** Time is worth a word only where somebody waited. */
const tellTime = (ms: number): string => (ms < 1000 ? '' : `(${formatDuration(ms)})`)

const changeRows = (event: StepEnded, change: StepEnded['changes'][number]): readonly Row[] => [
  row(event.host, event.step, 'change', tellChange(change)),
  ...inWords(change).diff.map(text => ({ host: event.host, subject: event.step, word: 'diff', text })),
]

const spokenChangeRows = (event: StepEnded, change: StepEnded['changes'][number]): readonly Row[] => [
  row(event.host, event.step, 'change', tellChange(change, signWord)),
  ...inWords(change).diff.map(line => {
    const [word, text] = diffLineInWords(line)
    return { host: event.host, subject: event.step, word, text }
  }),
]
