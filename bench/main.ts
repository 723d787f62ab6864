// The measurement: for each size a lab of its own, some rounds, a table; at the end nothing is left but the figures.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { measureCluster } from './cluster.ts'
import { type Options, readOptions } from './options.ts'
import { withFigures } from './readme.ts'
import { hasSsh } from './ssh.ts'
import { tableOf } from './table.ts'

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

const measureAll = async (root: string, options: Options, signal: AbortSignal): Promise<void> => {
  const loadBefore = load()
  const parts: string[] = []
  for (const size of options.sizes) {
    const rows = await measureCluster({
      root,
      size,
      ...options,
      signal,
      tell: line => process.stderr.write(`${line}\n`),
    })
    parts.push(`### ${size} nodes`, tableOf(rows))
  }
  const figures = [surroundings(options, `${loadBefore} before, ${load()} after`), ...parts].join('\n\n')
  process.stdout.write(`${figures}\n`)
  if (!options.writes) return
  const readme = join(root, 'bench/README.md')
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), figures))
}

/** Of the last minute; it tells whether others were at work. */
const load = (): string => (loadavg()[0] ?? 0).toFixed(1)

/** Without them a figure says nothing. */
const surroundings = ({ rounds, sshd }: Options, loads: string): string => {
  const [cpu] = cpus()
  const client = hasSsh() ? String(spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr).split(',')[0] : 'no ssh here'
  return [
    `${new Date().toISOString().slice(0, 10)} · ${cpus().length} × ${cpu?.model ?? 'unknown processor'}`,
    `load of the machine ${loads} · Node.js ${process.versions.node} · ${client}`,
    `nodes answer by ${sshd ? 'OpenSSH’s sshd' : 'the lab’s own SSH server'}`,
    `median (least–most) of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`,
  ].join(' · ')
}
