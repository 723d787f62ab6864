// A large file: one step that copies it, beside `scp`.
import { randomFillSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listRuns, readJournal } from '../../src/journal/index.ts'
import { openHosts } from '../beside/hosts.ts'
import { figureOf } from '../figures.ts'
import type { Measure } from '../measure.ts'
import { measureWell } from '../measure-well.ts'
import type { Asked, Part } from '../part.ts'
import { table, told } from '../table.ts'

/** @property sendingMs Of the one command that carries the bytes, as the journal has it. */
type Pair = { readonly run: Measure & { readonly sendingMs: number }; readonly scp: Measure }

export const upload: Part = {
  name: 'upload',
  async measure(asked) {
    const hosts = await openHosts(asked.root, 2)
    try {
      const lines: (readonly string[])[] = []
      for (const megabytes of asked.isQuick ? [1, 10] : [10, 100])
        lines.push(lineOf(megabytes, await measureSize(asked, { hosts, megabytes })))
      return table([head, ...lines], [])
    } finally {
      hosts.close()
    }
  },
}

type At = { readonly hosts: Awaited<ReturnType<typeof openHosts>>; readonly megabytes: number }

const measureSize = async (asked: Asked, { hosts, megabytes }: At): Promise<readonly Pair[]> => {
  const { dir } = hosts
  const { inventory, list } = await hosts.way(0)
  const [{ port, key }] = JSON.parse(readFileSync(list, 'utf8'))
  const [playbook, file] = [join(dir, 'upload.yml'), join(dir, 'files/large')]
  mkdirSync(join(dir, 'files'), { recursive: true })
  writeFileSync(file, randomFillSync(Buffer.alloc(megabytes * 1e6)))
  writeFileSync(playbook, '- hosts: host1\n  tasks:\n    - copy: { src: large, dest: /srv/large }\n')
  const at = { cwd: dir, log: join(dir, 'log'), signal: asked.signal, env: { HOME: dir } }
  const scp = ['scp', '-q', '-i', key, '-P', port, '-o', `UserKnownHostsFile=${dir}/.ssh/known_hosts`]
  const words = [...hosts.run, 'playbook', playbook, '-i', inventory, '--yes']
  const pairs: Pair[] = []
  // The first start of a version keeps what later ones begin with.
  await measureWell(words, at)
  for (let round = 1; round <= (asked.rounds ?? (asked.isQuick ? 1 : 5)); round += 1) {
    await hosts.reset()
    const byScp = await measureWell([...scp.map(String), file, 'root@127.0.0.1:/srv/large'], at)
    await hosts.reset()
    const byRun = await measureWell(words, at)
    pairs.push({ run: { ...byRun, sendingMs: sendingMs(join(dir, '.run/runs')) }, scp: byScp })
    asked.tell(`${megabytes} MB, round ${round}: run ${byRun.wallMs.toFixed(0)} ms, scp ${byScp.wallMs.toFixed(0)} ms`)
  }
  return pairs
}

const sendingMs = (runs: string): number => {
  const [last] = listRuns(runs)
  const events = last ? readJournal(runs, last.run) : []
  return Math.max(...events.flatMap(event => (event.type === 'command' ? [event.ms] : [])))
}

const head = ['MB', '`scp`, s', '`run`, s', 'sending, s', '`scp` ÷ `run`', '`scp` ÷ sending', 'peak of `run`, MB']

const lineOf = (megabytes: number, pairs: readonly Pair[]): readonly string[] => {
  const figure = (of: (pair: Pair) => number, unit: number, digits: number) =>
    told(figureOf(pairs.map(of)), unit, digits)
  return [
    `${megabytes}`,
    figure(({ scp }) => scp.wallMs, 1000, 2),
    figure(({ run }) => run.wallMs, 1000, 2),
    figure(({ run }) => run.sendingMs, 1000, 2),
    figure(({ run, scp }) => scp.wallMs / run.wallMs, 1, 2),
    figure(({ run, scp }) => scp.wallMs / run.sendingMs, 1, 2),
    figure(({ run }) => run.peakKb, 1000, 0),
  ]
}
