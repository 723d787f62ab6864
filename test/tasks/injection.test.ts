// No value becomes a command or an option: each probe and each task is given values that try, on a node that is watched.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import { Problem } from '../../src/model/problem.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { quote } from '../../src/shell/quote.ts'
import { noDirectory } from '../../src/task/directory.ts'
import * as kinds from '../../src/task/kinds/index.ts'
import { type Ref, readNow } from '../../src/task/resource.ts'
import type { Task } from '../../src/task/task.ts'
import type { World } from '../../src/task/world.ts'
import addressFree from '../../tasks/address-free.ts'
import agentsTest from '../../tasks/agents-test.ts'
import assert from '../../tasks/assert.ts'
import blockinfile from '../../tasks/blockinfile.ts'
import bootStart from '../../tasks/boot-start.ts'
import byHand from '../../tasks/by-hand.ts'
import cachedScripts from '../../tasks/cached-scripts.ts'
import clusterPolicies from '../../tasks/cluster-policies.ts'
import clusterScripts from '../../tasks/cluster-scripts.ts'
import clusterScriptsByHand from '../../tasks/cluster-scripts-by-hand.ts'
import command from '../../tasks/command.ts'
import copy from '../../tasks/copy.ts'
import debug from '../../tasks/debug.ts'
import directoryAttribute from '../../tasks/directory-attribute.ts'
import fail from '../../tasks/fail.ts'
import failoverList from '../../tasks/failover-list.ts'
import fetch from '../../tasks/fetch.ts'
import file from '../../tasks/file.ts'
import installation from '../../tasks/installation.ts'
import installer from '../../tasks/installer.ts'
import { activations } from '../../tasks/lib/activations.ts'
import { addresses } from '../../tasks/lib/addresses.ts'
import { clusterResource } from '../../tasks/lib/cluster-resource.ts'
import { commands } from '../../tasks/lib/commands.ts'
import { fetched } from '../../tasks/lib/fetched.ts'
import { identity } from '../../tasks/lib/hard-links.ts'
import { keepOwners } from '../../tasks/lib/kept.ts'
import { livenessProbes } from '../../tasks/lib/liveness.ts'
import { startupSwitches } from '../../tasks/lib/startup-switches.ts'
import { fileSystem, storage } from '../../tasks/lib/storage.ts'
import lineinfile from '../../tasks/lineinfile.ts'
import lumUser from '../../tasks/lum-user.ts'
import mount from '../../tasks/mount.ts'
import moveData from '../../tasks/move-data.ts'
import nssRights from '../../tasks/nss-rights.ts'
import partition from '../../tasks/partition.ts'
import pause from '../../tasks/pause.ts'
import resourcePlace from '../../tasks/resource-place.ts'
import resourceState from '../../tasks/resource-state.ts'
import resourceWhole from '../../tasks/resource-whole.ts'
import sameUid from '../../tasks/same-uid.ts'
import service from '../../tasks/service.ts'
import setFact from '../../tasks/set_fact.ts'
import shell from '../../tasks/shell.ts'
import slurp from '../../tasks/slurp.ts'
import stat from '../../tasks/stat.ts'
import stopWait from '../../tasks/stop-wait.ts'
import template from '../../tasks/template.ts'
import unsetSwitches from '../../tasks/unset-switches.ts'
import waitFor from '../../tasks/wait_for.ts'
import wantedCopies from '../../tasks/wanted-copies.ts'
import { hasDash } from '../kit/posix.ts'
import { type WatchedHost, watchedHost } from '../kit/watched-host.ts'

const node: WatchedHost = watchedHost()
afterAll(() => node.close())
beforeEach(() => void node.calls())

const $ = hostDollar(node)
const { canary } = node

/** What tries to be more than one word, and what tries to be an option. */
const attempts: readonly string[] = [
  `$(touch ${canary}) \`touch ${canary}\` \${x:-$(touch ${canary})}`,
  `x; touch ${canary}; x && touch ${canary} | touch ${canary} & touch ${canary} >${canary} #`,
  `x\ntouch ${canary}\n`,
  `'; touch ${canary}; '`,
  `"; touch ${canary}; "`,
  `) x ) touch ${canary} ;; * ~root`,
]
const options: readonly string[] = [
  '-Rx',
  `--eval=%(touch ${canary})`,
  `-esystem("touch ${canary}")`,
  `--config=global/x="touch ${canary}"`,
]

/** Nothing was carried out that nobody asked for, and no value was torn apart or taken for an option. */
const expectHarmless = (value: string): void => {
  expect(existsSync(canary)).toBe(false)
  for (const call of node.calls()) {
    expect(call[0]).not.toBe('touch')
    expect(call.filter(word => word === canary || word === 'touch')).toEqual([])
    const asOption = value.startsWith('-') ? call.indexOf(value) : -1
    if (asOption > 0) expect(call.slice(0, asOption)).toContain('--')
  }
}

/** A problem is an answer as good as any; a bug is none. */
const orProblem = async (work: () => PromiseLike<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}

const byPath = {
  file: kinds.file,
  text: kinds.text,
  sealed: kinds.sealed,
  checksum: kinds.checksum,
  contents: kinds.contents,
  emptiness: kinds.emptiness,
  inode: kinds.inode,
  mountsBelow: kinds.mountsBelow,
  owners: kinds.owners,
  modes: kinds.modes,
  identity,
  directoryOwners: kinds.directoryOwners,
  storage,
  fileSystem,
  startupSwitches,
  fetched,
}
const byName = {
  package: kinds.packageOf,
  user: kinds.user,
  process: kinds.process,
  service: kinds.service,
  serviceState: kinds.serviceState,
  mount: kinds.mount,
  port: kinds.port,
  commands,
  clusterResource,
  addresses,
}

describe.skipIf(!hasDash)('the probe of', () => {
  it.each(Object.entries(byPath))('%s takes any path', async (_, of) => {
    for (const value of [...attempts, ...options]) {
      const ref: Ref = of(`${node.root}/${value}`)
      await orProblem(() => readNow($, ref))
      expectHarmless(value)
    }
  })

  it.each(Object.entries(byName))('%s takes any name', async (name, of) => {
    // The one that looks at every process of this machine takes its time.
    const few = name === 'commands' ? [attempts[0] ?? '', attempts[4] ?? '', options[0] ?? ''] : undefined
    for (const value of few ?? [...attempts, ...options]) {
      const ref: Ref = of(value)
      await orProblem(() => readNow($, ref))
      expectHarmless(value)
    }
  })

  it('every kind that there is', () => {
    const known = [...Object.values(byPath), ...Object.values(byName), kinds.bootStart, kinds.output, kinds.probe]
    const all = Object.values(kinds).filter(each => typeof each === 'function')
    // No node is asked for what the directory has.
    const ofDirectory = [kinds.attribute, kinds.entry, kinds.holders, kinds.partsOf]
    const helpers: readonly unknown[] = [
      kinds.checksumOf,
      kinds.isBelow,
      kinds.parseMounts,
      kinds.sealOf,
      // It takes no value.
      kinds.self,
      ...ofDirectory,
    ]
    expect(all.filter(each => !helpers.includes(each) && !known.some(one => one === each))).toEqual([])
  })

  it('an agent that is asked for its life', async () => {
    for (const probe of Object.values(livenessProbes))
      for (const value of [...attempts, ...options]) {
        await orProblem(() => probe(hostDollar(node)({ nothrow: true }), { address: value, port: 1 }))
        expectHarmless(value)
      }
  }, 60_000)
})

/** The world as the watched node tells it; a look that fails is told as a problem. */
const world: World = {
  host: 'node1',
  look: ref => readNow($, ref),
  lookIfKnown: async ref => ({ known: true, value: await readNow($, ref) }),
  at: () => world,
}

const contextOf = (changes: readonly Change[]): Parameters<Task['apply']>[0] & Parameters<Task['check']>[0] => ({
  $,
  controller: $,
  world,
  proof: {
    rest: ref => readNow($, ref),
    stands: async () => ({ stands: false, because: '' }),
    resultOf: async () => undefined,
  },
  args: undefined,
  changes,
  place: { cluster: 'x', order: ['node1'], position: 0, lab: true },
  converse: async () => ({ exitCode: 0, transcript: [], captured: {} }),
  directory: noDirectory,
  wasBegun: false,
  isRegistered: true,
  stopping: new AbortController().signal,
  lasting: async ({ script, stdin }) => node.run(`sh -c -- ${quote(script)}`, { input: stdin ?? '' }),
  upload: node.upload,
  kept: `${node.root}/kept`,
  person: { ask: async () => undefined },
  progress: () => {},
})

const carryOut = async (task: Task, args: unknown, due: readonly Change[] = []): Promise<void> => {
  const read = task.args.safeParse(args)
  // What the schema refuses never comes to a node.
  if (!read.success) return
  const changes: Change[] = [...due]
  await orProblem(async () => {
    const answer = await task.check({ ...contextOf([]), args: read.data })
    if (answer.type === 'differs') changes.push(...answer.changes)
  })
  await orProblem(() => task.apply({ ...contextOf(changes), args: read.data }))
  if (task.undo && changes.length > 0)
    await orProblem(async () => task.undo?.({ ...contextOf(changes), args: read.data }))
}

const below = (value: string): string => `${node.root}/${value}`
const agent = {
  name: 'x',
  service: 'x',
  process: 'x',
  port: 1,
  probe: 'archive',
  queue: below('q'),
  startup: below('s'),
}
const quick = { start_within: 0, stop_within: 0 }

/** What is filled into a script is tried where scripts are generated; here it only must not come to a node. */
const clusterScriptsFor = (value: string) => ({
  load_script: { text: value, fill: () => value },
  unload_script: { text: value, fill: () => value },
  compose: 'replace',
  settings: {
    storage: { kind: 'plain', device: '/dev/x', fstype: 'ext4' },
    mount_point: '/mnt/x',
    address: '192.0.2.1',
    agents: [{ service: 'x', process: 'x' }],
  },
})

/** A resource that is looked at, with a value in one place or another. */
const wholeFor = ({ resource = 'x', device = '/dev/x', at = '/x', volume = 'x', process = 'x', marker = '/x' }) => ({
  resource,
  partition: { kind: 'plain', device, volume, at },
  address: '192.0.2.1',
  agents: [{ name: 'x', probe: 'archive', port: 1, process }],
  marker: { path: marker, text: 'x' },
})

/** Each argument of each module once with the value; scripts are the author's own and no values. */
const modules: Readonly<
  Record<
    string,
    { readonly task: Task; readonly with: (value: string) => readonly unknown[]; readonly due?: readonly Change[] }
  >
> = {
  'agents-test': {
    task: agentsTest,
    with: value => [
      { agents: [{ ...agent, service: value }], ...quick },
      { agents: [{ ...agent, process: value }], ...quick },
      { agents: [{ ...agent, queue: below(value), startup: below(value) }], ...quick },
      { agents: [agent], user: value, address: value, ...quick },
    ],
  },
  assert: { task: assert, with: value => [{ that: value, fail_msg: value }] },
  'boot-start': { task: bootStart, with: value => [{ service: value, state: 'on' }] },
  'by-hand': { task: byHand, with: value => [{ text: value, who: value, evidence: value }] },
  'cached-scripts': { task: cachedScripts, with: value => [{ resource: value, cluster: value }] },
  'cluster-policies': {
    task: clusterPolicies,
    with: value => [{ resource: value, cluster: value, nodes: [value] }],
  },
  'cluster-scripts': {
    task: clusterScripts,
    with: value => [{ resource: value, cluster: value, ...clusterScriptsFor(value) }],
  },
  'cluster-scripts-by-hand': {
    task: clusterScriptsByHand,
    with: value => [
      { resource: value, cluster: value, ...clusterScriptsFor(value) },
      { resource: 'MESSENGER', cluster: value, ...clusterScriptsFor(value) },
    ],
  },
  'failover-list': { task: failoverList, with: value => [{ resource: value, cluster: value, nodes: [value] }] },
  'stop-wait': { task: stopWait, with: value => [{ stop_wait: 8, measured_by: value }] },
  command: {
    task: command,
    with: value => [
      { argv: ['printf', '%s', value], reads: true },
      { argv: ['printf', '%s', value], creates: below(value), chdir: below(value), stdin: value },
      { argv: [value, value], removes: below(value) },
    ],
  },
  copy: {
    task: copy,
    with: value => [
      { dest: below(value), content: value, backup: true },
      { dest: below('plain'), src: below(value), remote_src: true },
      { dest: below('plain'), content: value, owner: value, group: value },
      { dest: below('plain'), content: value, mode: value },
      { dest: below(value), content: value, validate: 'test -f %s' },
    ],
  },
  lineinfile: {
    task: lineinfile,
    with: value => [
      { path: below(value), line: value, create: true },
      { path: below('plain'), regexp: 'x', line: value, create: true, owner: value },
    ],
  },
  mount: {
    task: mount,
    with: value => [
      { path: below(value), src: value, fstype: value, opts: value, state: 'mounted', fstab: below('fstab') },
      { path: below('x'), src: 'x', fstype: 'x', state: 'present', fstab: below(value) },
      { path: below(value), state: 'absent', fstab: below('fstab') },
    ],
  },
  blockinfile: { task: blockinfile, with: value => [{ path: below(value), block: value, create: true }] },
  stat: { task: stat, with: value => [{ path: below(value) }, { path: below(value), follow: true }] },
  fetch: {
    task: fetch,
    with: value => [
      { src: below(value), dest: below('desk') },
      { src: '/etc/hostname', dest: below(value) },
      { src: '/etc/hostname', dest: below(value), flat: true },
    ],
  },
  slurp: { task: slurp, with: value => [{ src: below(value) }] },
  debug: { task: debug, with: value => [{ msg: value }, { var: value }] },
  fail: { task: fail, with: value => [{ msg: value }] },
  template: {
    task: template,
    with: value => [{ dest: `${below(value)}/`, src: { name: value, content: value }, backup: true }],
  },
  file: {
    task: file,
    with: value => [
      { path: below(value), state: 'touch' },
      { path: below(value), state: 'link', src: value, force: true },
      { path: below(value), state: 'absent', recurse: true },
      { path: below(value), content: value },
      { path: below(value), state: 'directory', recurse: true, owner: 'root' },
      { path: below(value), state: 'directory', recurse: 'directories' },
      { path: below(value), state: 'directory', recurse: true, mode: '0700' },
      { path: below(value), state: 'hard', src: below('plain') },
      { path: below('plain'), state: 'hard', src: below(value) },
      { path: below(value), state: 'absent' },
      { path: below('plain'), owner: value, group: value },
      { path: below('plain'), mode: value },
    ],
  },
  'address-free': { task: addressFree, with: value => [{ ip: '192.0.2.1', resource: value }] },
  installation: { task: installation, with: value => [{ package: value, paths: [below(value)] }] },
  'resource-place': {
    task: resourcePlace,
    // The watched node has no cluster that would tell it.
    due: [{ kind: 'cluster-resource', key: 'x', before: { type: 'resource', state: 'Offline', node: '' }, after: {} }],
    with: value => [
      { resource: value, within: 0, answer_within: 0 },
      { resource: 'MESSENGER', node: value, within: 0, answer_within: 0 },
      { resource: 'MESSENGER', partition: { kind: 'plain', device: below(value), volume: value }, within: 0 },
      { resource: 'MESSENGER', state: 'offline', node: value, within: 0 },
    ],
  },
  'resource-state': { task: resourceState, with: value => [{ resource: value }] },
  'resource-whole': {
    task: resourceWhole,
    with: value => [
      { ...wholeFor({ resource: value }), on: value },
      wholeFor({ device: below(value), at: below(value), marker: below(value) }),
      wholeFor({ process: value, volume: value }),
    ],
  },
  'same-uid': { task: sameUid, with: value => [{ name: value }] },
  installer: {
    task: installer,
    with: value => [
      {
        command: '/x',
        dialogue: { prompts: [] },
        values: { a: value },
        system: below(value),
        evidence: [below(value)],
        directories: [below(value)],
        package: value,
      },
      {
        command: '/x',
        dialogue: { prompts: [] },
        values: {},
        system: below('x'),
        evidence: [below('x')],
        services: [value],
      },
    ],
  },
  'directory-attribute': {
    task: directoryAttribute,
    with: value => [{ below: value, value, object: value, attribute: value }],
  },
  'move-data': {
    task: moveData,
    with: value => [{ moves: [{ from: below(value), to: below(`${value}-to`) }], unless_running: [value] }],
  },
  'unset-switches': { task: unsetSwitches, with: value => [{ file: below(value), switches: [value] }] },
  'wanted-copies': {
    task: wantedCopies,
    with: value => [{ resource: value, in_use: true, ...clusterScriptsFor(value) }],
  },
  'lum-user': { task: lumUser, with: value => [{ name: value }] },
  'nss-rights': {
    task: nssRights,
    with: value => [
      { path: below(value), trustee: value },
      { path: below('x'), trustee: 'x', rights: value },
    ],
  },
  set_fact: { task: setFact, with: value => [{ name: value }] },
  service: {
    task: service,
    with: value => [
      { name: value, state: 'started', enabled: true },
      { name: 'x', state: 'restarted', arguments: value },
    ],
  },
  pause: { task: pause, with: value => [{ prompt: value }] },
  wait_for: {
    task: waitFor,
    with: value => [
      { path: below(value), timeout: 0 },
      { path: below(value), search_regex: 'x', timeout: 0 },
      { host: value, port: 1, timeout: 0, connect_timeout: 1 },
    ],
  },
  shell: { task: shell, with: value => [{ cmd: ':', chdir: below(value), creates: below(value), stdin: value }] },
}

describe.skipIf(!hasDash)('the task', () => {
  it.each(Object.entries(modules))(
    '%s takes any value',
    async (_, { task, with: argsFor, due }) => {
      for (const value of [...attempts, ...options])
        for (const args of argsFor(value)) {
          await carryOut(task, args, due)
          expectHarmless(value)
        }
    },
    120_000,
  )

  it('every task that there is, and the hold', () => {
    const files = readdirSync(new URL('../../tasks/', import.meta.url)).filter(name => name.endsWith('.ts'))
    expect(files.map(name => name.replace(/\.ts$/, '')).sort()).toEqual([...Object.keys(modules), 'partition'].sort())
  })

  it('partition takes any value', async () => {
    for (const value of [...attempts, ...options]) {
      const given = {
        kind: 'lvm',
        device: below(value),
        fstype: value,
        at: below(value),
        options: value,
        group: value,
        volume: value,
        resource: value,
      }
      for (const each of [
        given,
        { ...given, fstype: 'ext3' },
        { ...given, fstype: 'ext3', group: 'x', volume: 'x', resource: 'x' },
      ]) {
        const read = partition.args.safeParse(each)
        if (!read.success) continue
        const handling = { $, args: read.data, place: contextOf([]).place }
        await orProblem(() => partition.look({ ...handling, world }))
        await orProblem(() => partition.acquire(handling))
        await orProblem(() => partition.release(handling))
        expectHarmless(value)
      }
    }
  }, 120_000)

  it('each way to activate takes any name', async () => {
    for (const value of attempts)
      for (const way of Object.values(activations)) {
        await orProblem(() => way.activate($, { group: value, at: '/x' }))
        await orProblem(() => way.deactivate($, { group: value, at: '/x' }))
        expectHarmless(value)
      }
  })

  it('a file of two lines cannot pass for another file whose owner is given back', async () => {
    const tree = below('tree')
    mkdirSync(join(tree, 'x\n0:0 ', 'etc'), { recursive: true })
    writeFileSync(join(tree, 'x\n0:0 ', 'etc', 'shadow'), '')
    const kept = below('kept-owners')
    const keeping = keepOwners($, { path: tree, directories: false }, kept)
    expect(await keeping.catch((error: Problem) => error.code)).toBe('name-with-line-break')
    expect(existsSync(kept)).toBe(false)
  })

  it('what a node says of itself is no command either, when it is put back', async () => {
    for (const value of [...attempts, ...options]) {
      const path = below('link')
      const changes: readonly Change[] = [
        { kind: 'file', key: path, before: { type: 'link', target: value }, after: { type: 'absent' } },
        {
          kind: 'file',
          key: path,
          before: { type: 'file', owner: value, group: value, mode: '0644' },
          after: { type: 'file', owner: 'root', group: 'root', mode: '0644' },
        },
      ]
      for (const change of changes) {
        await orProblem(async () =>
          file.undo?.({ ...contextOf([change]), args: file.args.parse({ path, state: 'absent' }) }),
        )
        expectHarmless(value)
      }
    }
  })
})
