// A run without a terminal: one line per event, the host first, in columns that do not move.
import type { RunEvent } from '../model/events.ts'
import { hostsDone, hostsOf } from './counts.ts'
import { beside, fitted, leastColumn } from './fitted.ts'
import { fold } from './fold.ts'
import { plainRows, type Row, type RowOptions } from './plain-rows.ts'
import { oneLine, padTo, widthOf } from './printable.ts'
import { inSpeech, rowInSpeech } from './spoken/words.ts'
import { allSteps, nothingYet, type RunStarted, type RunState, stepAt } from './state.ts'
import { summaryLines } from './summary.ts'
import type { View } from './view.ts'

export type PlainOptions = RowOptions & {
  /** Where the run is written, as the user would type it. */
  readonly journal?: string
  /** How wide the screen is; without it each row is one line. */
  readonly columns?: number
}

/**
 * Writes `node1  install/mount  changed  exact  why`, fields apart by two blanks or more.
 *
 * The first three never hold a blank, so `grep ^node1` and `awk '$3 == "failed"'` do what one thinks.
 *
 * @param write Gets whole lines, each with its line break, and no escapes.
 */
export const plainView = (write: (text: string) => void, options: PlainOptions = {}): View => {
  let state = nothingYet
  let widths = widthsOf()
  const finished = new Set<string>()
  return {
    open() {},
    show(event) {
      state = fold(state, event)
      if (event.type === 'run-started') widths = widthsOf(event)
      const item = event.type === 'step-intended' ? stepAt(state, event)?.outlined.item : undefined
      const rows = plainRows(event, { ...options, ...(item && { item }) })
      const lines = [...rows, ...(options.isSpoken ? finishedRows(state, event, finished) : [])].flatMap(row =>
        options.isSpoken ? [rowInSpeech(row)] : formatRow(row, widths, options.columns),
      )
      const closing = event.type === 'run-ended' ? ['', ...summaryLines(state, options)] : []
      for (const line of [...lines, ...(options.isSpoken ? closing.map(inSpeech) : closing)]) write(`${line}\n`)
    },
    close() {},
  }
}

/** What a tree shows at its foot: how many of the nodes came to the end of their steps. */
const finishedRows = (state: RunState, event: RunEvent, finished: Set<string>): readonly Row[] => {
  const all = hostsOf(state).length
  if (all < 2 || !['step-started', 'play-started', 'run-ended'].includes(event.type)) return []
  const now = hostsDone(state, allSteps(state)).filter(host => !finished.has(host))
  return now.map(host => ({
    host,
    subject: '-',
    word: 'finished',
    text: `${finished.add(host).size} of ${all} nodes`,
  }))
}

type Widths = { readonly host: number; readonly subject: number }

/** All names are known from the outline, so no column ever has to grow on the way. */
const widthsOf = (started?: RunStarted): Widths => ({
  host: longest(['run', ...(started?.plays.flatMap(play => play.hosts) ?? [])]),
  subject: longest([started?.playbook ?? '', ...(started?.steps.map(({ step }) => step) ?? [])]),
})

const longest = (names: readonly string[]): number => Math.max(0, ...names.map(name => widthOf(oneLine(name))))

const wordWidth = 'would-change'.length
const evidenceWidth = 'predicted'.length

/** In columns where they leave room for a text; else only what the row has, and its text below. */
const formatRow = (row: Row, widths: Widths, columns = Number.POSITIVE_INFINITY): readonly string[] => {
  const { host, subject, word, evidence = '-', text } = row
  const lead = [
    padTo(oneLine(host), widths.host),
    padTo(oneLine(subject), widths.subject),
    padTo(word, wordWidth),
    padTo(evidence, evidenceWidth),
    '',
  ].join('  ')
  if (widthOf(lead) + leastColumn <= columns) return beside(lead, text, columns)
  const head = [host, subject, word, evidence].map(oneLine).filter(part => part !== '-')
  return [...fitted(head.join('  '), columns, 4), ...(text === '' ? [] : fitted(`    ${text}`, columns, 4))]
}
