// Old data goes into new directories: by real shells on real files, whole or not at all, and back.
import { userInfo } from 'node:os'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { noDirectory } from '../../src/task/directory.ts'
import { contents, emptyDirectory } from '../../src/task/kinds/index.ts'
import moveData from '../../tasks/move-data.ts'
import { answerOf, livingWorld, problemOf } from '../kit/fake-world.ts'
import { shells } from '../kit/posix.ts'
import { type Sandbox, sandboxHost } from '../kit/sandbox-host.ts'

const isRoot = userInfo().uid === 0

const filled = `mkdir -p from/sub to && chmod 0750 to && echo one >from/one && echo 'a b' >'from/sub/a b' && chmod 0600 from/one
  ln -s one from/link && mkfifo from/pipe && touch -t 200101010000 from/one`

describe.each(shells)('moving data by $shell', ({ words, isHere }) => {
  let node: Sandbox
  const nodes: Sandbox[] = []
  beforeEach(async () => {
    if (!isHere) return
    node = sandboxHost(words)
    nodes.push(node)
    await node.prepare(isRoot ? `${filled} && chown daemon from/one` : filled)
  })
  afterAll(() => {
    for (const each of nodes) each.close()
  })

  const moves = () => ({ moves: [{ from: node.path('from'), to: node.path('to') }], unless_running: ['no-such-agent'] })

  const check = () => {
    const world = livingWorld(node)
    const proof = {
      rest: async () => undefined,
      stands: async () => ({ stands: false as const, because: '' }),
      resultOf: async () => undefined,
    }
    const place = { cluster: '', order: [], position: 0, lab: true }
    return moveData.check({
      world,
      proof,
      args: moveData.args.parse(moves()),
      place,
      wasBegun: false,
      isRegistered: false,
    })
  }

  const use = (changes: readonly Change[]): Parameters<typeof moveData.apply>[0] => ({
    $: hostDollar(node),
    controller: hostDollar(node),
    world: livingWorld(node),
    args: moveData.args.parse(moves()),
    changes,
    place: { cluster: '', order: [], position: 0, lab: true },
    wasBegun: false,
    stopping: new AbortController().signal,
    lasting: () => Promise.reject(),
    converse: () => Promise.reject(),
    upload: node.upload,
    directory: noDirectory,
    kept: node.path('kept'),
    person: { ask: async () => undefined },
    progress: () => {},
  })

  const due = async (): Promise<readonly Change[]> => {
    const answer = await check()
    return answer.type === 'differs' ? answer.changes : []
  }
  const asGrown = async (changes: readonly Change[]) => {
    const world = livingWorld(node)
    const seen = await Promise.all(
      changes.map(async change => ({ change, now: await world.look(contents(change.key)) })),
    )
    return moveData.grown?.({ args: moveData.args.parse(moves()), seen }) ?? []
  }
  const see = async (script: string) => (await node.run(script)).stdout
  const picture = `cd "$1" && { find . ! -name . -exec stat -c '%a %U %n' {} + ; find . -type f -exec cksum {} +; } | sort`
  const pictureOf = (at: string) => see(`set -- ${node.path(at)}; ${picture}`)

  it.skipIf(!isHere)('keeps names, owners, modes, times and links, and leaves the old directory empty', async () => {
    const before = await pictureOf('from')
    const changes = await due()
    await moveData.apply(use(changes))
    expect(await pictureOf('to')).toBe(before)
    expect(await see('ls -A from; stat -c %a to; readlink to/link; find to/one -mtime +1000; ls')).toBe(
      '750\none\nto/one\nfrom\nto\n',
    )
    expect((await check()).type).toBe('same')
    await moveData.undo?.(use(changes))
    expect(await pictureOf('from')).toBe(before)
    expect(await see('ls -A to')).toBe('')
  })

  it.skipIf(!isHere)('moves back what programs have made of it since', async () => {
    const changes = await due()
    await moveData.apply(use(changes))
    await node.prepare('echo more >to/new && rm to/one')
    const now = await pictureOf('to')
    const grown = await asGrown(changes)
    const [back, left] = [
      grown.find(({ key }) => key === node.path('from')),
      grown.find(({ key }) => key === node.path('to')),
    ]
    expect([back?.before, left?.before]).toEqual([left?.after, emptyDirectory])
    await moveData.undo?.(use(grown))
    expect([await pictureOf('from'), await see('ls -A to')]).toEqual([now, ''])
    // Typed again, all is as it was: nothing is left to take back.
    expect((await asGrown(changes)).find(({ key }) => key === node.path('from'))?.before).toEqual(back?.before)
  })

  it.skipIf(!isHere)('takes nothing back into a directory that has other data, nor while a program runs', async () => {
    const changes = await due()
    await moveData.apply(use(changes))
    await node.prepare('echo theirs >from/theirs')
    expect(await asGrown(changes)).toEqual(changes)
    const [name = ''] = (await see('read -r _ name _ </proc/self/stat; echo "$name"')).match(/\w+/) ?? []
    const args = moveData.args.parse({ ...moves(), unless_running: [name] })
    expect(await problemOf(moveData.undo?.({ ...use(changes), args }) ?? check())).toMatchObject({
      code: 'data-in-use',
    })
    expect(await see('ls -A from')).toBe('theirs\n')
  })

  it.skipIf(!isHere)('goes on with a way back that broke off when the data was in both', async () => {
    const before = await pictureOf('from')
    const changes = await due()
    await moveData.apply(use(changes))
    await node.prepare('rmdir from && cp -pPR to from')
    await moveData.undo?.(use((await asGrown(changes)).filter(({ key }) => key === node.path('to'))))
    expect([await pictureOf('from'), await see('ls -A to')]).toEqual([before, ''])
  })

  it.skipIf(!isHere)('goes on where it was broken off: in the copy, before the source went, and after', async () => {
    const before = await pictureOf('from')
    await node.prepare('mkdir to.run-copy && echo half >to.run-copy/one')
    await moveData.apply(use(await due()))
    expect(await pictureOf('to')).toBe(before)
    await node.prepare('rmdir from && cp -pPR to from')
    await moveData.apply(use(await due()))
    expect(await see('ls -A from')).toBe('')
    await node.prepare('mv from from.run-old && echo x >from.run-old/x')
    await moveData.apply(use(await due()))
    expect(await see('ls')).toBe('from\nto\n')
    expect(await pictureOf('to')).toBe(before)
    expect((await check()).type).toBe('same')
  })

  it.skipIf(!isHere)('takes nothing away when the copy cannot be proved', async () => {
    const before = await pictureOf('from')
    const changes = await due()
    node.install('cp', '/bin/cp "$@" && for last; do :; done && echo other >"$last/one"')
    expect(await problemOf(moveData.apply(use(changes)))).toMatchObject({ code: 'copy-differs' })
    expect(await pictureOf('from')).toBe(before)
    expect(await see('ls -A to; ls')).toBe('from\nto\n')
  })

  it.skipIf(!isHere)('does not mix two: where both have data, both stay', async () => {
    await node.prepare('echo theirs >to/other')
    expect(await problemOf(check())).toMatchObject({
      code: 'data-in-both',
      state: expect.stringContaining('nothing is lost'),
    })
  })

  it.skipIf(!isHere)('waits for nobody: a program that runs stops it', async () => {
    node.install('stat', 'exec /usr/bin/stat "$@"')
    const changes = await due()
    const [name = ''] = (await see('read -r _ name _ </proc/self/stat; echo "$name"')).match(/\w+/) ?? []
    const args = { ...moves(), unless_running: [name] }
    expect(await problemOf(moveData.apply({ ...use(changes), args: moveData.args.parse(args) }))).toMatchObject({
      code: 'data-in-use',
    })
    expect(await see('ls -A to')).toBe('')
  })
})

it('nothing of another file system that is mounted in an old directory', async () => {
  const data = { type: 'directory', things: 1, sum: '1 1' }
  const things = {
    'contents /from': data,
    'file /from.run-old': { type: 'absent' },
    'contents /to': emptyDirectory,
    'mounts-below /from': { at: ['/from/archive'] },
  }
  const checked = answerOf(moveData, { moves: [{ from: '/from', to: '/to' }] }, { things })
  expect(await problemOf(checked)).toMatchObject({ code: 'mounted-below', seen: '/from/archive is a mount point' })
})
