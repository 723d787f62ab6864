// Where a start goes: samples of V8 up to the first packet, added up by what our bundle is made of.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { table } from '../table.ts'

/** As V8 writes it. @source Chrome DevTools Protocol, Profiler.Profile */
type Profile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  /** Microseconds. */
  readonly timeDeltas: readonly number[]
}

type Node = Profile['nodes'][number]

/** @param words A command that finds nobody at home. @returns A table of shares, the largest first. */
export const profileOf = (words: readonly string[], dir: string, rounds: number): string => {
  const sums = new Map<string, number>()
  for (let round = 1; round <= rounds; round += 1)
    for (const [part, us] of partsOf(profiled(words, dir))) sums.set(part, (sums.get(part) ?? 0) + us)
  const all = [...sums.values()].reduce((sum, us) => sum + us, 0)
  const lines = [...sums]
    .map(([part, us]) => ({ part, share: us / all }))
    .filter(({ share }) => share >= 0.02)
    .toSorted((one, other) => other.share - one.share)
    .map(({ part, share }) => [part, `${(share * 100).toFixed(0)} %`])
  return table([['until the first packet, the time in', 'share'], ...lines], [0])
}

const profiled = (words: readonly string[], dir: string): Profile => {
  const profiles = mkdtempSync(join(dir, 'profile-'))
  const flags = ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', profiles]
  spawnSync(process.execPath, [...flags, ...words], { cwd: dir, stdio: 'ignore', env: { ...process.env, HOME: dir } })
  const [file = ''] = readdirSync(profiles)
  const profile: Profile = JSON.parse(readFileSync(join(profiles, file), 'utf8'))
  rmSync(profiles, { recursive: true })
  return profile
}

/** Where a connection is opened: not each of them is met by a sample. */
const connecting: ReadonlySet<string | undefined> = new Set(
  ['session', 'socket', 'handshake'].map(name => `src/transport/${name}.ts`),
)

const partsOf = ({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<string, number> => {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const parents = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node.id] as const)))
  const sources = sourcesOf()
  const sums = new Map<string, number>()
  for (const [at, id] of samples.entries()) {
    const stack = stackOf(id, byId, parents)
    const files = stack.map(node => sources(node))
    if (files.some(file => connecting.has(file))) break
    const part = partOf(stack, files)
    if (part !== undefined) sums.set(part, (sums.get(part) ?? 0) + (timeDeltas[at] ?? 0))
  }
  return sums
}

/** The innermost first. */
const stackOf = (
  id: number,
  byId: ReadonlyMap<number, Node>,
  parents: ReadonlyMap<number, number>,
): readonly Node[] => {
  const stack: Node[] = []
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const node = byId.get(at)
    if (node) stack.push(node)
  }
  return stack
}

/** Nothing for the time in which nothing is done. */
const partOf = ([leaf]: readonly Node[], files: readonly (string | undefined)[]): string | undefined => {
  const name = leaf?.callFrame.functionName ?? ''
  if (name === '(idle)') return undefined
  if (name === '(garbage collector)') return 'collecting garbage'
  if (name === 'Script') return 'V8 taking in what it has kept'
  const file = files.find(each => each !== undefined)
  const [, library] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file ?? '') ?? []
  if (library !== undefined) return `the library ${library}`
  const [, floor] = /^src\/(\w+)\//.exec(file ?? '') ?? []
  if (floor !== undefined) return `\`src/${floor}/\``
  if (file === undefined) return 'Node.js itself'
  return file === 'tasks' || file.startsWith('tasks/') ? 'the tasks' : 'the bundle as a whole'
}

/** By the comments that esbuild leaves in a bundle, each above what came from one file. */
const sourcesOf = () => {
  const known = new Map<string, readonly string[]>()
  return ({ callFrame: { url, lineNumber } }: Node): string | undefined => {
    if (!url.endsWith('.cjs')) return undefined
    const file = url.replace(/^file:\/\//, '')
    // Of a bundle of tasks V8 has kept where it lay when it was made.
    const lines = known.get(file) ?? (existsSync(file) ? filesByLine(readFileSync(file, 'utf8')) : [])
    known.set(file, lines)
    return lines[lineNumber] ?? 'tasks'
  }
}

const filesByLine = (text: string): readonly string[] => {
  let file = 'the bundle'
  return text.split('\n').map(line => {
    file = /^\/\/ ((?:src|node_modules|tasks)\/\S+|\S+\.ts)$/.exec(line)?.[1] ?? file
    return file
  })
}
