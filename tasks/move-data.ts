// Moves what lies in old directories into new ones, while nobody works on it.
import {
  absolutePath,
  type Change,
  type Contents,
  change,
  contents,
  differs,
  emptyDirectory,
  file,
  type HostDollar,
  type Json,
  Problem,
  process,
  readNow,
  same,
  task,
  type World,
  z,
} from '#task'
import { besides, clearAside, emptySource, moveTree } from './lib/move-tree.ts'
import { assertNothingMounted } from './lib/remove-tree.ts'

const args = z.strictObject({
  moves: z.array(z.strictObject({ from: absolutePath, to: absolutePath })),
  unless_running: z.array(z.string()).default([]).meta({ description: 'programs that may not run meanwhile' }),
})

type Move = z.infer<typeof args>['moves'][number]

export default task({
  name: 'move-data',
  summary: 'Move what lies in old directories into new ones, with its owners, while its programs are stopped',
  example: `
- name: Old data
  move-data:
    moves:
      - { from: /var/opt/novell/messenger/ma/queue, to: /mnt/messenger/ma/queue }
    unless_running: [nmma]
`,
  args,

  async check({ world, args: { moves, unless_running } }) {
    const all = (await Promise.all(moves.map(move => changesOf(world, move)))).flat()
    if (all.length === 0) return same('nothing lies in the old directories')
    for (const program of unless_running) {
      const seen = await world.lookIfKnown(process(program))
      if (seen.known && seen.value.count > 0) throw stillRunning(program)
    }
    return differs(...all)
  },

  async apply({ $, args: { moves, unless_running }, changes, progress }) {
    for (const program of unless_running)
      if ((await readNow($, process(program))).count > 0) throw stillRunning(program)
    for (const { from, to } of moves) {
      const isDue = (path: string) => changes.some(({ key }) => key === path)
      if (isDue(from)) progress(`moving ${from} to ${to}`)
      if (isDue(to)) await moveTree($, { from, to })
      else if (isDue(from)) await emptyProved($, { from, to })
      if (isDue(besides(from).old)) await clearAside($, from)
    }
  },

  /** Programs that ran since have worked on the data: it is moved back as it is now. */
  grown: ({ args: { moves }, seen }) => seen.map(one => asItIsNow(one, { moves, seen })),

  async undo({ $, args: { moves, unless_running }, changes, progress }) {
    for (const program of unless_running)
      if ((await readNow($, process(program))).count > 0) throw stillRunning(program)
    const isDue = (path: string) => changes.some(({ key }) => key === path)
    for (const { from, to } of moves.toReversed()) {
      if (!isDue(to)) continue
      progress(`moving ${to} to ${from}`)
      if (isDue(from)) await moveTree($, { from: to, to: from })
      else await emptyProved($, { from: to, to: from })
    }
  },
})

type Seen = { readonly change: Change; readonly now: Json }

/** The change as if what lies there now had been moved; where other data lies in each, as it was made. */
const asItIsNow = (
  { change, now }: Seen,
  { moves, seen }: { readonly moves: readonly Move[]; readonly seen: readonly Seen[] },
): Change => {
  // What a move that broke off had left aside nobody wants back.
  if (change.kind !== contentsKind) return { ...change, before: now }
  const move = moves.find(({ from, to }) => change.key === from || change.key === to)
  const nowIn = (path = '') =>
    dataIn(seen.find(one => one.change.kind === contentsKind && one.change.key === path)?.now)
  const [old, there] = [nowIn(move?.from), nowIn(move?.to)]
  if (!old || !there || (old.things > 0 && there.things > 0 && old.sum !== there.sum)) return change
  const data = there.things > 0 ? there : old
  return change.key === move?.to ? { ...change, after: data } : { ...change, before: data }
}

const contentsKind = contents('/').kind

const dataIn = (now: Json | undefined) => {
  const seen = now as Contents | undefined // what a look at contents gave
  return seen?.type === 'directory' ? seen : undefined
}

const changesOf = async (world: World, { from, to }: Move) => {
  const { old } = besides(from)
  const [source, aside] = await Promise.all([world.look(contents(from)), world.look(file(old))])
  const leftOver = aside.type === 'absent' ? [] : [change(file(old), aside, { type: 'absent' })]
  if (source.type === 'other') throw noDirectory(from)
  if (source.type === 'absent' || source.things === 0) return leftOver
  const there = await world.look(contents(to))
  if (there.type !== 'directory') throw noDirectory(to)
  await assertNothingMounted(world, from)
  const emptied = change(contents(from), source, emptyDirectory)
  if (there.sum === source.sum) return [emptied, ...leftOver]
  if (there.things > 0) throw inBoth({ from, to }, source, there)
  return [change(contents(to), there, source), emptied, ...leftOver]
}

/** The copy is whole already: it was proved before it took its place. Compared once more, since the source goes. */
const emptyProved = async ($: HostDollar, { from, to }: Move): Promise<void> => {
  const [source, there] = [await readNow($, contents(from)), await readNow($, contents(to))]
  if (source.type !== 'directory' || there.type !== 'directory' || source.sum !== there.sum)
    throw inBoth({ from, to }, source, there)
  await emptySource($, from)
}

const stillRunning = (program: string): Problem =>
  new Problem({
    code: 'data-in-use',
    summary: `${program} runs, and its data would be moved under its feet`,
    wanted: 'no process of it',
    state: 'nothing was moved',
    help: 'stop it; where the cluster starts it, take its resource offline',
  })

const noDirectory = (path: string): Problem =>
  new Problem({
    code: 'path-occupied',
    summary: `${path} is no directory`,
    wanted: 'a directory',
    state: 'nothing was moved',
    help: `look at it: \`ls -ld ${path}\``,
  })

const inBoth = ({ from, to }: Move, source: Contents, there: Contents): Problem =>
  new Problem({
    code: 'data-in-both',
    summary: `There is data in ${from} and other data in ${to}`,
    seen: `${tell(from, source)}; ${tell(to, there)}`,
    wanted: 'data in one of them',
    state: 'nothing was moved, and nothing is lost',
    help: 'find out which of it counts; move the other away by hand, then run it again',
  })

const tell = (path: string, seen: Contents): string =>
  `${seen.type === 'directory' ? seen.things : 'no'} files and directories in ${path}`
