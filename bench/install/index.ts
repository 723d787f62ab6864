// Installations of the whole job, each beside as many commands by OpenSSH's client.
import type { Part } from '../part.ts'
import { measureCluster } from './cluster.ts'
import { tableOf } from './rows.ts'

export const install: Part = {
  name: 'install',
  async measure({ sizes, rounds, isQuick, ...asked }) {
    const parts: string[] = []
    for (const size of sizes ?? (isQuick ? [2] : [3, 10])) {
      const rows = await measureCluster({ ...asked, size, rounds: rounds ?? (isQuick ? 1 : 5) })
      parts.push(`### ${size} nodes`, tableOf(rows))
    }
    return parts.join('\n\n')
  },
}
