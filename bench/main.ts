// The measurement: part by part, each with hosts of its own; at the end nothing is left but the figures.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { beside } from './beside/index.ts'
import { install } from './install/index.ts'
import { lint } from './lint/index.ts'
import { type Options, type PartName, readOptions } from './options.ts'
import type { Part } from './part.ts'
import { withFigures } from './readme.ts'
import { start } from './start/index.ts'
import { upload } from './upload/index.ts'

const parts: Record<PartName, Part> = { start, lint, beside, upload, install }

export const main = async (root: string): Promise<void> => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    await measureAll(root, readOptions(process.argv.slice(2)), stop.signal)
  } catch (error) {
    process.stderr.write(`${stop.signal.aborted ? 'interrupted' : (error as Error).message}\n`)
    process.exitCode = stop.signal.aborted ? 130 : 1
  }
}

const measureAll = async (root: string, { parts: names, ...options }: Options, signal: AbortSignal): Promise<void> => {
  const tell = (line: string) => void process.stderr.write(`${line}\n`)
  for (const name of names) {
    const loadBefore = load()
    const told = await parts[name].measure({ root, ...options, signal, tell })
    const figures = [surroundings(`${loadBefore} before, ${load()} after`), told].join('\n\n')
    process.stdout.write(`${figures}\n`)
    if (options.writes) writeDown(root, name, figures)
  }
}

const writeDown = (root: string, name: PartName, figures: string): void => {
  const readme = join(root, 'bench/README.md')
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), name, figures))
}

/** Of the last minute; it tells whether others were at work. */
const load = (): string => (loadavg()[0] ?? 0).toFixed(1)

/** Without them a figure says nothing. */
const surroundings = (loads: string): string => {
  const [cpu] = cpus()
  return [
    `${new Date().toISOString().slice(0, 10)} · ${cpus().length} × ${cpu?.model ?? 'unknown processor'}`,
    `load of the machine ${loads} · Node.js ${process.versions.node}`,
    ...versions.flatMap(words => versionOf(words)),
    'median (least–most)',
  ].join(' · ')
}

const versions = ['ssh -V', 'ansible --version']

const versionOf = (words: string): readonly string[] => {
  const { stdout, stderr } = spawnSync('sh', ['-c', words], { encoding: 'utf8' })
  const [line = ''] = `${stdout}${stderr}`.split('\n')
  return /\d/.test(line) ? [line.split(',')[0] ?? ''] : []
}
