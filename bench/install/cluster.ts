// One cluster of one size: counted once, then measured round by round, each errand beside its floor.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listRuns, readJournal } from '../../src/journal/index.ts'
import { figuresOf, type Pair } from '../figures.ts'
import type { Measure } from '../measure.ts'
import { measureWell } from '../measure-well.ts'
import { commandCounter, type Sent } from './commands.ts'
import { type Errand, errands } from './errands.ts'
import type { Row } from './rows.ts'
import { openSite, type Site } from './site.ts'
import { hasSsh, sshFiles, sshScript } from './ssh.ts'

type ClusterOptions = {
  readonly root: string
  readonly size: number
  readonly rounds: number
  readonly signal: AbortSignal
  tell(line: string): void
}

/** One errand on its way through the rounds. */
type Course = { readonly errand: Errand; readonly sent: readonly Sent[]; readonly pairs: Pair[]; steps: string }

export const measureCluster = async (options: ClusterOptions): Promise<readonly Row[]> => {
  const { size, rounds, tell } = options
  tell(`${size} nodes: bringing the lab up`)
  const site = await openSite({ root: options.root, size })
  try {
    const courses = await countCommands(site, options)
    await warmUp(site, options)
    const floorOf = floorMeter(site, options)
    for (let round = 1; round <= rounds; round++) {
      await site.reset()
      for (const course of courses) {
        const run = await measureRun(course.errand, site, options)
        const floor = await floorOf(course)
        course.pairs.push({ run, floor })
        course.steps = stepsOfLastRun(site)
        tell(
          `${size} nodes, round ${round} of ${rounds}: ${course.errand.name} ${seconds(run)}, by ssh ${seconds(floor)}`,
        )
      }
    }
    return courses.map(rowOf)
  } finally {
    site.close()
  }
}

const seconds = (measure: Measure | undefined): string => (measure ? `${(measure.wallMs / 1000).toFixed(2)} s` : '–')

const countCommands = async (site: Site, { root, size, signal, tell }: ClusterOptions): Promise<readonly Course[]> => {
  tell(`${size} nodes: counting commands`)
  const count = commandCounter(root, site)
  const courses: Course[] = []
  for (const errand of errands) courses.push({ errand, sent: await count(errand, signal), pairs: [], steps: '' })
  return courses
}

/** What is bundled is bundled once, and is no part of a measure. */
const warmUp = async (site: Site, options: ClusterOptions): Promise<void> => {
  const [first] = errands
  await measureRun(first, site, options)
}

const measureRun = async ({ words }: Errand, { dir }: Site, options: ClusterOptions): Promise<Measure> => {
  const { root, signal } = options
  const log = join(dir, 'run.log')
  return await measureWell([process.execPath, join(root, 'bin/run.js'), ...words], { cwd: dir, log, signal })
}

/** @returns Measures the floor of an errand; nothing where there is no `ssh`. */
const floorMeter = ({ lab, dir }: Site, { signal }: ClusterOptions) => {
  if (!hasSsh()) return async () => undefined
  const files = sshFiles(lab, dir)
  const log = join(dir, 'ssh.log')
  const program = join(dir, 'ssh.sh')
  return async ({ sent }: Course): Promise<Measure> => {
    writeFileSync(program, sshScript(sent, files))
    return await measureWell(['sh', program], { cwd: dir, log, signal })
  }
}

const stepsOfLastRun = ({ runs }: Site): string => {
  const [last] = listRuns(runs)
  const ended = last && readJournal(runs, last.run).findLast(event => event.type === 'run-ended')
  if (ended?.type !== 'run-ended') throw new Error('the run left no journal')
  return Object.entries(ended.counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(' · ')
}

const rowOf = ({ errand, sent, pairs, steps }: Course): Row => ({
  errand: errand.name,
  commands: sent.length,
  steps,
  figures: figuresOf(pairs),
})
