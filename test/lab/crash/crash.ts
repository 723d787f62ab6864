// One crash: a run is killed at one event, resumed to its end, and held against one that nobody disturbed.
import { existsSync, readdirSync } from 'node:fs'
import { stepAddress } from '../../../src/model/address.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import type { Ran } from '../e2e/command.ts'
import { differences, type Fingerprint } from '../e2e/fingerprint.ts'
import type { Site } from '../e2e/site.ts'
import { watchHolders } from '../e2e/watch.ts'
import { beginAnew } from './beginning.ts'
import { countedStep, countOn } from './counted.ts'
import { finalState } from './final-state.ts'
import { type At, killAt, kindOf } from './kill.ts'
import { answerOf } from './person.ts'
import { faultsOfReports } from './reports.ts'

export type Crash = {
  readonly playbook: string
  /** Where the run is killed; then, where its resume is; and so on. */
  readonly kills: readonly At[]
}

export type CrashResult = {
  readonly name: string
  /** The event that the run was killed at, in a few words, and of which step. */
  readonly kind: string
  readonly at: string
  /** Whether a program of others was under way, of which only a person can tell how it went. */
  readonly isForeign: boolean
  /** What a person had to say to have it go on; nothing where it went on by itself. */
  readonly said: readonly string[]
  readonly faults: readonly string[]
  readonly ms: number
}

export const crashName = ({ playbook, kills }: Crash): string =>
  [playbook, ...kills.map(at => JSON.stringify(at))].join(' ')

/** What a run that came to its end leaves behind. */
export type Undisturbed = {
  readonly state: Fingerprint
  /** How many events its journal has. */
  readonly events: number
  /** Addresses of the steps that start programs of others. */
  readonly foreign: ReadonlySet<string>
}

export const runCrash = async (site: Site, crash: Crash, undisturbed: Undisturbed): Promise<CrashResult> => {
  const begin = performance.now()
  await beginAnew(site, crash.playbook)
  const { value: chain, holders } = await watchHolders(site.lab, carryOut(site, crash))
  const dry = await site.run('playbook', crash.playbook, '--dry-run', '--detailed-exitcode')
  const last = chain.killed.at(0)?.events.at(-1)
  return {
    name: crashName(crash),
    kind: kindOf(last),
    at: last ? placeOf(last) : '',
    isForeign: last !== undefined && undisturbed.foreign.has(placeOf(last)),
    said: chain.said,
    faults: [
      ...(chain.end.status === 0 ? [] : [`it ended with ${chain.end.status}: ${chain.end.stderr}`]),
      ...differences(undisturbed.state, await finalState(site)),
      ...(await faultsOfCounts(site, chain.said)),
      ...holders.filter(nodes => nodes.length > 1).map(nodes => `the partition was mounted on ${nodes.join(' and ')}`),
      ...locksLeft(site),
      ...(await faultsOfReports(site.dir)),
      ...(dry.status === 0 ? [] : [`a dry run after it ended with ${dry.status}: ${dry.stdout}${dry.stderr}`]),
    ],
    ms: performance.now() - begin,
  }
}

/** A run that nobody disturbs. */
export const undisturbedRun = async (site: Site, playbook: string): Promise<Undisturbed> => {
  await beginAnew(site, playbook)
  const ran = await site.run('playbook', playbook)
  if (ran.status !== 0) throw new Error(`${playbook} does not come to its end:\n${ran.stderr}`)
  const foreign = ran.events.flatMap(event =>
    event.type === 'step-ended' && event.evidence === 'opaque' ? [placeOf(event)] : [],
  )
  return { state: await finalState(site), events: ran.events.length, foreign: new Set(foreign) }
}

type Chain = { readonly killed: readonly Ran[]; readonly end: Ran; readonly said: readonly string[] }

const mostTries = 4

const carryOut = async (site: Site, { playbook, kills }: Crash): Promise<Chain> => {
  const killed: Ran[] = []
  for (const at of kills) killed.push(await killAt(site, at, killed.length === 0 ? ['playbook', playbook] : ['resume']))
  // Of a run whose first line did not come to be written nobody knows.
  const args = killed.at(0)?.events.length === 0 ? ['playbook', playbook] : ['resume']
  const said: string[] = []
  for (let tries = 1; ; tries += 1) {
    const end = await site.run(...args, ...said)
    const answer = end.status === 7 && tries < mostTries ? await answerOf(site, end) : []
    if (answer.length === 0) return { killed, end, said }
    said.push(...answer)
  }
}

const placeOf = (event: RunEvent): string => {
  if ('step' in event && 'host' in event) return stepAddress(event.step as never, event.host)
  if ('hold' in event) return `${event.hold}@${event.host}`
  return 'host' in event ? event.host : ''
}

/** An installer is started once; a second time only where a person said so. */
const faultsOfCounts = async (site: Site, said: readonly string[]): Promise<readonly string[]> => {
  const faults = await Promise.all(
    site.lab.nodes.map(async ({ name }) => {
      const { started, ended } = await countOn(site, name)
      const isAllowed = said.some((word, index) => word === '--again' && said[index + 1] === `${countedStep}@${name}`)
      const allowed = isAllowed ? 2 : 1
      return [
        ...(started > allowed ? [`${started} installers were started on ${name}`] : []),
        ...(ended.filter(status => status === 0).length > 1 ? [`it was installed twice on ${name}`] : []),
      ]
    }),
  )
  return faults.flat()
}

const locksLeft = ({ dir }: Site): readonly string[] => {
  const place = `${dir}/.run/runs/.locks`
  return (existsSync(place) ? readdirSync(place) : []).map(name => `the lock ${name} is left on the controller`)
}
