// A run as JUnit's XML, for whoever gathers test reports: a suite for each node of a play, a case for each step.
import type { RunEvent } from '../model/events.ts'
import type { Place } from '../model/span.ts'
import { outcomeWords } from './counts.ts'
import { endingOf } from './ending.ts'
import { foldAll } from './fold.ts'
import { noColours } from './palette.ts'
import { printableLines } from './printable.ts'
import { problemLines } from './problem-lines.ts'
import type { HostState, PlayState, RunState, StepState } from './state.ts'

/** @source testmoapp/junitxml, "JUnit XML file format": the elements and attributes that readers agree on. */
export const junitXml = (events: readonly RunEvent[]): string => {
  const state = foldAll(events)
  const suites = state.plays.flatMap(play => play.hosts.map(host => suiteOf(play, host, state)))
  const all = [...suites, ...ownSuite(state)]
  const counts = { ...sumOf(all), ...(state.ended && { time: seconds(state.ended.ms) }) }
  const about = { name: `${state.started?.playbook ?? ''} on ${state.started?.cluster ?? ''}`, ...counts }
  return ['<?xml version="1.0" encoding="UTF-8"?>', element('testsuites', about, all.map(suiteXml)), ''].join('\n')
}

type Case = {
  readonly name: string
  readonly class: string
  /** Where it is written; what belongs to no step has no place. */
  readonly place?: Place
  readonly ms: number
  readonly kind: Kind
  readonly body: string
}
type Kind = 'passed' | 'skipped' | 'failures' | 'errors'
type Suite = { readonly name: string; readonly at?: string; readonly cases: readonly Case[] }

const suiteOf = ({ outlined }: PlayState, { host, steps }: HostState, { started }: RunState): Suite => {
  const at = steps.find(({ startedAt }) => startedAt !== undefined)?.startedAt
  return {
    name: `${outlined.name} on ${host}`,
    ...(at !== undefined && { at }),
    cases: steps.map(step => caseOf(step, started?.places?.[step.outlined.step])),
  }
}

const caseOf = (step: StepState, place: Place | undefined): Case => {
  const { outlined, ended } = step
  const [kind, body] = endOf(step)
  const { step: id, host } = outlined
  return { name: `${id}@${host}`, class: id, ...(place && { place }), ms: ended?.ms ?? 0, kind, body }
}

/** What nobody knows the end of is an error, what went wrong a failure; what was not reached tested nothing. */
const endOf = ({ ended, startedAt }: StepState): readonly [Kind, string] => {
  switch (ended?.outcome) {
    case undefined:
      return startedAt === undefined
        ? ['skipped', element('skipped', { message: 'not reached' })]
        : ['errors', element('error', { type: 'no-end', message: 'it was begun, and its end is unknown' })]
    case 'same':
    case 'changed':
    case 'would-change':
      return ['passed', told(`${outcomeWords[ended.outcome]}: ${endingOf(ended)}`)]
    case 'skipped':
    case 'not-reached':
      return ['skipped', element('skipped', { message: ended.because })]
    case 'unknown':
      return ['errors', problemXml('error', ended)]
    case 'failed':
      // `ignore_errors` let the run go on, so it is no failure of the run.
      return ended.ignored
        ? ['skipped', element('skipped', { message: ended.because })]
        : ['failures', problemXml('failure', ended)]
  }
}

const told = (text: string): string => element('system-out', {}, [escaped(text)])

const problemXml = (name: string, { problem, because, outcome }: NonNullable<StepState['ended']>): string => {
  const lines = problem ? problemLines(problem, noColours) : [because]
  return element(name, { type: problem?.code ?? outcome, message: problem?.summary ?? because }, [
    escaped(lines.join('\n')),
  ])
}

/** What failed the run and belongs to no step, such as a node that cannot be reached, has a case of its own. */
const ownSuite = ({ problems, started, ended }: RunState): readonly Suite[] => {
  const cases = problems
    .filter(({ step }) => step === undefined)
    .map(
      (problem): Case => ({
        name: problem.host === undefined ? problem.code : `${problem.code}@${problem.host}`,
        class: 'run',
        ms: 0,
        kind: 'failures',
        body: element('failure', { type: problem.code, message: problem.summary }, [
          escaped(problemLines(problem, noColours).join('\n')),
        ]),
      }),
    )
  return cases.length === 0 || ended?.exitCode === 0 ? [] : [{ name: 'run', ...(started && { at: started.at }), cases }]
}

const sumOf = (suites: readonly Suite[]) => {
  const cases = suites.flatMap(suite => suite.cases)
  const count = (wanted: Kind) => cases.filter(({ kind }) => kind === wanted).length
  return { tests: cases.length, failures: count('failures'), errors: count('errors'), skipped: count('skipped') }
}

const suiteXml = (suite: Suite): string => {
  const { name, at, cases } = suite
  const time = seconds(cases.reduce((sum, { ms }) => sum + ms, 0))
  const about = { name, ...sumOf([suite]), time, ...(at !== undefined && { timestamp: at.replace(/Z$/, '') }) }
  return element('testsuite', about, cases.map(caseXml))
}

const caseXml = ({ name, class: of, place, ms, body }: Case): string =>
  element('testcase', { name, classname: of, ...place, time: seconds(ms) }, [body])

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

type Attributes = Readonly<Record<string, string | number>>

/** @param inside XML already, one piece a line. */
const element = (name: string, attributes: Attributes, inside: readonly string[] = []): string => {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${inAttribute(`${value}`)}"`)
  return inside.length === 0 ? `<${name}${head.join('')}/>` : `<${name}${head.join('')}>${join(inside)}</${name}>`
}

const join = (inside: readonly string[]): string => {
  const [first = ''] = inside
  return inside.length === 1 && !first.startsWith('<') ? first : `\n${inside.join('\n')}\n`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** @source XML 1.0, 2.2 "Characters": no control characters, no halves of pairs, no U+FFFE and U+FFFF. */
const escaped = (text: string): string =>
  Buffer.from(printableLines(text).join('\n'))
    .toString()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, sign => entities[sign] ?? '')

/** A reader turns a line break in an attribute into a blank. */
const inAttribute = (text: string): string => escaped(text).replaceAll('\n', '&#10;')
