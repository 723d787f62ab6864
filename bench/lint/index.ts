// A lint of 10,000 lines beside an inventory of 200 hosts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figureOf } from '../figures.ts'
import type { Measure } from '../measure.ts'
import { measureWell } from '../measure-well.ts'
import type { Part } from '../part.ts'
import { table, told } from '../table.ts'
import { longPlaybook, wideInventory } from './long-playbook.ts'

export const lint: Part = {
  name: 'lint',
  async measure({ root, isQuick, rounds, signal, tell }) {
    const dir = mkdtempSync(join(tmpdir(), 'run-bench-'))
    try {
      const words = layOut(root, dir)
      const at = { cwd: dir, log: join(dir, 'log'), signal }
      // The first start of a version keeps what later ones begin with.
      await measureWell(words, at)
      const taken: Measure[] = []
      for (let round = 1; round <= (rounds ?? (isQuick ? 1 : 5)); round += 1) {
        const one = await measureWell(words, at)
        taken.push(one)
        tell(`lint, round ${round}: ${one.wallMs.toFixed(0)} ms`)
      }
      return tableOf(taken)
    } finally {
      rmSync(dir, { recursive: true })
    }
  },
}

const layOut = (root: string, dir: string): readonly string[] => {
  mkdirSync(join(dir, 'playbooks'))
  writeFileSync(join(dir, 'run.yml'), 'inventory: inventory.yml\n')
  writeFileSync(join(dir, 'inventory.yml'), wideInventory(200))
  writeFileSync(join(dir, 'playbooks/long.yml'), longPlaybook(10_000))
  return [process.execPath, join(root, 'bin/run.js'), 'lint', 'long']
}

const tableOf = (taken: readonly Measure[]): string => {
  const figure = (of: (one: Measure) => number, digits: number) => told(figureOf(taken.map(of)), 1000, digits)
  return table(
    [
      ['wall, s (goal: ≤ 2)', 'CPU, s', 'peak, MB'],
      [figure(({ wallMs }) => wallMs, 2), figure(({ cpuMs }) => cpuMs, 2), figure(({ peakKb }) => peakKb, 0)],
    ],
    [],
  )
}
