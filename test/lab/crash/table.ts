// The crashes as a table: a row a kind of event, how often a run was killed there, and how it came to its end.
import type { CrashResult } from './crash.ts'

const head = ['killed right after', 'kills', 'went on by itself', '`--again`', '`--done`', 'not as undisturbed']

export const crashTable = (results: readonly CrashResult[]): string => {
  const kinds = [...new Set(results.map(({ kind }) => kind))].sort()
  const rows = kinds.map(kind =>
    rowOf(
      kind,
      results.filter(one => one.kind === kind),
    ),
  )
  return [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows, rowOf('all', results)]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const rowOf = (kind: string, results: readonly CrashResult[]): readonly string[] => {
  const count = (holds: (one: CrashResult) => boolean) => `${results.filter(holds).length}`
  return [
    kind,
    `${results.length}`,
    count(({ said }) => said.length === 0),
    count(({ said }) => said.includes('--again')),
    count(({ said }) => said.includes('--done')),
    count(({ faults }) => faults.length > 0),
  ]
}
