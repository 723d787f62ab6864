// The scripts of the cluster resource: composed with what stands there, written or handed over, taken back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { Task } from '../../src/task/task.ts'
import cachedScripts from '../../tasks/cached-scripts.ts'
import clusterScripts from '../../tasks/cluster-scripts.ts'
import scriptsByHand from '../../tasks/cluster-scripts-by-hand.ts'
import stopWait from '../../tasks/stop-wait.ts'
import wantedCopies from '../../tasks/wanted-copies.ts'
import { type ClusterDirectory, cluster, resourceDn, standIn, whose } from '../kit/cluster-directory.ts'
import { generate, settingsOf, storages, templateOf } from '../kit/cluster-scripts.ts'
import { answerOf, apply, problemOf, type Things } from '../kit/fake-world.ts'

const settings = settingsOf(storages.plain)
const args = {
  ...whose,
  load_script: templateOf('load script'),
  unload_script: templateOf('unload script'),
  settings,
}
const load = generate('load script', settings)
const unload = generate('unload script', settings)
const standing = {
  load: '#!/bin/bash\n. /opt/novell/ncs/lib/ncsfuncs\nexit_on_error add_secondary_ipaddress 10.88.1.100\nexit 0\n',
  unload: '#!/bin/bash\n. /opt/novell/ncs/lib/ncsfuncs\nignore_error del_secondary_ipaddress 10.88.1.100\nexit 0\n',
}
const there = {
  type: 'scripts',
  dn: resourceDn,
  load_script: standing.load,
  unload_script: standing.unload,
  load_timeout: '600',
  unload_timeout: '600',
}
const scripts = (seen: object = {}): Things => ({ [`cluster-scripts MESSENGER of ${cluster}`]: { ...there, ...seen } })
const copies = (pair: { readonly load: string; readonly unload: string } | undefined): Things =>
  Object.fromEntries(
    (['load', 'unload'] as const).map((script): [string, Json] => [
      `text /var/opt/novell/ncs/MESSENGER.${script}`,
      pair ? { type: 'text', text: pair[script] } : { type: 'absent' },
    ]),
  )

const changeOf = async (task: Task, more: object, things: Things) => {
  const answer = await answerOf(task, { ...args, ...more }, { things })
  if (answer.type !== 'differs') throw new Error(JSON.stringify(answer))
  return answer.changes
}

describe('the scripts', () => {
  it('take the place of those that stand there on a Linux volume', async () => {
    expect(await changeOf(clusterScripts, {}, scripts())).toEqual([
      {
        kind: 'cluster-scripts',
        key: `MESSENGER of ${cluster}`,
        before: there,
        after: { ...there, load_script: load, unload_script: unload },
      },
    ])
  })

  it('are put into those that stand there where that is said, and stay then', async () => {
    const [change] = await changeOf(clusterScripts, { compose: 'insert' }, scripts())
    const after = change?.after as typeof there
    expect(after.load_script).toMatch(/ipaddress 10.88.1.100\n# begin run[\s\S]*# end run\n\nexit 0\n$/)
    expect(after.unload_script).toMatch(/ncsfuncs\n# begin run[\s\S]*# end run\n\nignore_error del_sec/)
    const again = await answerOf(clusterScripts, { ...args, compose: 'insert' }, { things: scripts(after) })
    expect(again).toMatchObject({ type: 'same', because: 'the directory has them (insert)' })
  })

  it('have timeouts in the unit of the directory', async () => {
    const more = { load_timeout: 300, unload_timeout: 600, timeout_unit: 'minutes' }
    const [change] = await changeOf(clusterScripts, more, scripts({ load_timeout: '10', unload_timeout: '10' }))
    expect(change?.after).toMatchObject({ load_timeout: '5', unload_timeout: '10' })
  })

  it.each<[string, object, object, string]>([
    ['a script of bytes', {}, { load_script: { base64: 'AP8=' } }, 'value-not-understood'],
    ['a script twice', {}, { unload_script: ['one\n', 'two\n'] }, 'value-not-understood'],
    ['a script with two kinds of line breaks', {}, { load_script: 'one\r\ntwo\n' }, 'value-not-understood'],
    ['a timeout in words', { load_timeout: 60 }, { load_timeout: '10 min' }, 'value-not-understood'],
    [
      'a timeout that is no whole unit',
      { load_timeout: 90, timeout_unit: 'minutes' },
      { load_timeout: '10' },
      'value-not-understood',
    ],
    ['a timeout that is not set', { load_timeout: 60 }, { load_timeout: null }, 'attribute-not-set'],
    ['an unload timeout that ends before the waits', { unload_timeout: 14 }, {}, 'wait-too-long'],
    ['one that stands there and ends before them', {}, { unload_timeout: '14' }, 'wait-too-long'],
    ['no place to insert', { compose: 'insert' }, { load_script: 'exit 0\n' }, 'script-other-address'],
    ['no script to insert into', { compose: 'insert' }, { load_script: null }, 'script-other-address'],
  ])('are refused: %s', async (_, more, seen, code) => {
    expect(await problemOf(answerOf(clusterScripts, { ...args, ...more }, { things: scripts(seen) }))).toMatchObject({
      code,
    })
  })

  it('leave a timeout alone that is not set, and of which nothing is said', async () => {
    const [change] = await changeOf(clusterScripts, {}, scripts({ unload_timeout: null }))
    expect(change?.after).toMatchObject({ unload_timeout: null })
  })

  it('are refused where the directory has no resource', async () => {
    const things = { [`cluster-scripts MESSENGER of ${cluster}`]: { type: 'absent', missing: 'resource' } }
    for (const task of [clusterScripts, cachedScripts])
      expect(await problemOf(answerOf(task, task === cachedScripts ? whose : args, { things }))).toMatchObject({
        code: 'cluster-object-not-found',
      })
  })

  it('are a step by hand for a reviewer where they are handed over', () => {
    expect(clusterScripts.byHand?.(clusterScripts.args.parse(args))).toBeUndefined()
    expect(clusterScripts.byHand?.(clusterScripts.args.parse({ ...args, by: 'hand' }))).toMatchObject({
      proof: 'the directory says the same',
    })
  })
})

describe('carried out', () => {
  let directory: ClusterDirectory
  beforeEach(async () => {
    directory = await standIn()
    await directory.set({ nCSCRMLoadScript: [standing.load], nCSCRMUnloadScript: [standing.unload] })
  })
  afterEach(() => directory.close())

  const run = async (more: object, options: { typed?: readonly string[]; undo?: boolean } = {}) =>
    apply(clusterScripts, { ...args, ...more }, [], {
      changes: await changeOf(clusterScripts, more, scripts()),
      directory: directory.directory,
      ...options,
    })

  it('they are written, and taken back to the letter', async () => {
    await run({ unload_timeout: 300 })
    expect(await directory.values('nCSCRMLoadScript')).toEqual([load])
    expect(await directory.values('nCSCRMUnloadTimeout')).toEqual(['300'])
    await run({ unload_timeout: 300 }, { undo: true })
    expect(await directory.values('nCSCRMLoadScript')).toEqual([standing.load])
    expect(await directory.values('nCSCRMUnloadScript')).toEqual([standing.unload])
    expect(await directory.values('nCSCRMUnloadTimeout')).toEqual(['600'])
    expect(await directory.values('nCSRevision')).toEqual(['5'])
  })

  it('by hand, the person gets the exact text, and the directory proves it, however iManager ends its lines', async () => {
    const asked = run({ by: 'hand' }, { typed: [''] })
    const { seen, help } = await problemOf(asked)
    expect(seen).toMatch(
      /^still otherwise in the directory: load_script \(line 2 is .*\), unload_script \(line 2 is .*\)$/,
    )
    expect(help).toContain(load.trimEnd())
    expect(help).toContain(unload.trimEnd())
    await directory.set({ nCSCRMLoadScript: [load.replaceAll('\n', '\r\n')], nCSCRMUnloadScript: [unload.trimEnd()] })
    const { told } = await run({ by: 'hand' }, { typed: [''] })
    expect(told.filter(text => text.startsWith('By hand'))).toHaveLength(1)
    expect(await directory.values('nCSRevision')).toEqual(['3'])
  })

  it.each([
    [
      'with blanks before its lines',
      load.replace(/^/gm, '  '),
      'line 1 is "  #!/bin/bash", and is to be "#!/bin/bash"',
    ],
    ['with something behind it', `${load}exit 1\n`, 'is "exit 1", and is to be not there'],
    ['cut', load.split('\n').slice(0, 4).join('\n'), 'line 4 is not there, and is to be ""'],
  ])('by hand, a text that was pasted %s is told by the line', async (_, pasted, told) => {
    await directory.set({ nCSCRMLoadScript: [pasted], nCSCRMUnloadScript: [unload] })
    expect((await problemOf(run({ by: 'hand' }, { typed: [''] }))).seen).toContain(told)
  })
})

describe('without a directory', () => {
  it('the copies on the node prove the scripts', async () => {
    expect(await answerOf(scriptsByHand, args, { things: copies({ load, unload }) })).toMatchObject({ type: 'same' })
  })

  it('a word counts until the node has new copies', async () => {
    const things = copies(standing)
    expect(await answerOf(scriptsByHand, args, { things })).toMatchObject({ type: 'differs', changes: [] })
    expect(await answerOf(scriptsByHand, args, { things, receipt: 'stands' })).toMatchObject({ type: 'same' })
  })

  it('nothing can be inserted into what cannot be read', async () => {
    const things = copies(undefined)
    expect(await problemOf(answerOf(scriptsByHand, { ...args, compose: 'insert' }, { things }))).toMatchObject({
      code: 'script-not-readable',
    })
    expect(await answerOf(scriptsByHand, args, { things })).toMatchObject({ type: 'differs' })
  })

  it('a person gets both texts, and a reviewer too', async () => {
    const absent = ['load', 'unload'].map(script => [
      new RegExp(`MESSENGER\\.${script}`),
      { exitCode: 44 },
    ]) satisfies readonly (readonly [RegExp, object])[]
    const { told } = await apply(scriptsByHand, args, absent, { typed: [''] })
    const text = scriptsByHand.byHand?.(scriptsByHand.args.parse(args))?.text ?? ''
    expect(text).toContain(load.trimEnd())
    expect(text).toContain(unload.trimEnd())
    expect(told.join('\n')).toContain(text)
    expect(await problemOf(apply(scriptsByHand, args, absent))).toMatchObject({ code: 'waits-for-person', exit: 5 })
  })
})

it.each<[string, Things, string]>([
  ['has none', copies(undefined), 'none'],
  [
    'has those of the directory',
    copies({ load: standing.load.replaceAll('\n', '\r\n'), unload: standing.unload }),
    'same',
  ],
  ['has older ones', copies({ load: 'old\n', unload: standing.unload }), 'older'],
])('a node that %s is no fault', async (_, things, told) => {
  expect(await answerOf(cachedScripts, whose, { things: { ...scripts(), ...things } })).toMatchObject({
    type: 'same',
    result: { copies: told },
  })
})

describe("a node's copies, as a verification sees them,", () => {
  const { cluster: _, ...made } = args
  const answer = (things: Things, more: object = {}) =>
    answerOf(wantedCopies, { ...made, in_use: true, ...more }, { things })

  it.each<[string, Things, object, string]>([
    ['are none yet', copies(undefined), {}, 'the node has no copies: they come with the resource'],
    [
      'are what the inventory makes',
      copies({ load, unload }),
      {},
      'the copies on the node are what the inventory makes',
    ],
    [
      'are others where the resource is not',
      copies({ load: 'old\n', unload }),
      { in_use: false },
      'the copies on the node are others: new ones come with the resource',
    ],
    [
      'have no place for our part where the resource is not',
      copies({ load: 'exit 0\n', unload }),
      { in_use: false, compose: 'insert' },
      'the copies on the node are others: new ones come with the resource',
    ],
  ])('%s: no fault', async (_, things, more, because) => {
    expect(await answer(things, more)).toMatchObject({ type: 'same', because })
  })

  it.each<[string, Things, object, string]>([
    ['one is another', copies({ load, unload: 'old\n' }), {}, 'copies-differ'],
    ['our part is not in them', copies(standing), { compose: 'insert' }, 'copies-differ'],
    ['our part has no place', copies({ load: 'exit 0\n', unload }), { compose: 'insert' }, 'script-other-address'],
  ])('are a finding where the resource runs: %s', async (_, things, more, code) => {
    expect(await problemOf(answer(things, more))).toMatchObject({ code })
  })
})

describe('the wait before the kill', () => {
  const wait = { stop_wait: 8, measured_by: 'install/agents-test' }
  const measured = (stop_ms: number): Readonly<Record<string, Json>> => ({ 'install/agents-test': { stop_ms } })

  it('is held against the stop that was measured on the node', async () => {
    expect(await answerOf(stopWait, wait, { results: measured(4100) })).toMatchObject({
      type: 'same',
      because: 'a stop took 4.1 s; 9 s are proposed, 8 s are set',
    })
    expect(await problemOf(answerOf(stopWait, wait, { results: measured(8000) }))).toMatchObject({
      code: 'wait-too-short',
      wanted: 'more than 8.0 s; proposed: 16',
    })
  })

  it('has to end before the unload timeout', async () => {
    const asked = answerOf(stopWait, { ...wait, unload_timeout: 14 }, { results: measured(1000) })
    expect(await problemOf(asked)).toMatchObject({ code: 'wait-too-long' })
  })

  it('rests on nothing where no stop was measured', async () => {
    expect(await answerOf(stopWait, wait)).toMatchObject({ type: 'same' })
  })
})
