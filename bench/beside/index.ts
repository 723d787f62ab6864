// `run` beside Ansible and beside the floor: the same twenty steps, on the same hosts, in turn.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from '../part.ts'
import { plotOf } from './plot.ts'
import { measureBeside } from './rounds.ts'
import { besideTables } from './tables.ts'

export const beside: Part = {
  name: 'beside',
  async measure({ root, sizes, isQuick, isAlone, rounds, writes, signal, tell }) {
    const cells = await measureBeside({
      root,
      sizes: sizes ?? (isQuick ? [2] : [3, 10, 32, 100]),
      rtts: isQuick ? [0, 20] : [0, 20, 100],
      rounds: rounds ?? (isQuick ? 1 : 5),
      isAlone,
      signal,
      tell,
    })
    if (writes) writeFileSync(join(root, 'bench/beside/seconds.svg'), plotOf(cells))
    return besideTables(cells)
  },
}
