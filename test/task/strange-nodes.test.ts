// Nodes that have little: with the shell alone that they have and without a program, what is looked at is the same as
// on a full node, or a Problem names the program; and what steps do is done, or told. Never a wrong answer.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { Problem } from '../../src/model/problem.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import * as kinds from '../../src/task/kinds/index.ts'
import { type Ref, readNow } from '../../src/task/resource.ts'
import type { Task } from '../../src/task/task.ts'
import blockinfile from '../../tasks/blockinfile.ts'
import copy from '../../tasks/copy.ts'
import file from '../../tasks/file.ts'
import lineinfile from '../../tasks/lineinfile.ts'
import moveData from '../../tasks/move-data.ts'
import slurp from '../../tasks/slurp.ts'
import stat from '../../tasks/stat.ts'
import template from '../../tasks/template.ts'
import type { Sandbox } from '../kit/sandbox-host.ts'
import { settleOn } from '../kit/settle.ts'
import { type StrangeShell, sparedTools, strangeNode, strangeShells, usedTools } from '../kit/strange-nodes.ts'

type Looked = readonly [what: string, ref: (node: Sandbox) => Ref]

const looks: readonly Looked[] = [
  ['boot-start', () => kinds.bootStart('it')],
  ['boot-start of a unit', () => kinds.bootStart('it.service')],
  ['checksum', node => kinds.checksum(node.path('dir/a'))],
  ['contents', node => kinds.contents(node.path('dir'))],
  ['contents of nothing', node => kinds.contents(node.path('empty'))],
  ['emptiness', node => kinds.emptiness(node.path('dir'))],
  ['emptiness of nothing', node => kinds.emptiness(node.path('empty'))],
  ['file', node => kinds.file(node.path('dir/a'))],
  ['file that is a link', node => kinds.file(node.path('dir/link'))],
  ['inode', node => kinds.inode(node.path('dir/a'))],
  ['modes', node => kinds.modes(node.path('dir'))],
  ['mount', () => kinds.mount('/proc')],
  ['mounts-below', () => kinds.mountsBelow('/proc')],
  ['owners', node => kinds.owners(node.path('dir'))],
  ['directory-owners', node => kinds.directoryOwners(node.path('dir'))],
  ['package', () => kinds.packageOf('it')],
  ['port', () => kinds.port('1')],
  ['process', () => kinds.process('node')],
  ['sealed', node => kinds.sealed(node.path('dir/a'))],
  ['service', () => kinds.service('it.service')],
  ['service-state', () => kinds.serviceState('it.service')],
  ['text', node => kinds.text(node.path('dir/a'))],
  ['user', () => kinds.user('root')],
  ['user that is not there', () => kinds.user('nobody-of-that-name')],
]

/** Programs of a site that no shell and no GNU has; they speak by the shell alone. */
const siteTools = {
  rpm: 'echo 1-2',
  chkconfig: 'echo "$1 on"',
  systemctl: 'case $1 in cat) echo "[Unit]";; is-enabled) echo enabled;; *) echo active;; esac',
}

const steps: readonly (readonly [Task, (node: Sandbox) => object])[] = [
  [file as Task, node => ({ path: node.path('made'), state: 'directory', mode: '0750' })],
  [file as Task, node => ({ path: node.path('dir'), state: 'absent' })],
  [file as Task, node => ({ path: node.path('it'), state: 'link', src: '/nowhere' })],
  [file as Task, node => ({ path: node.path('dir'), state: 'directory', recurse: true, owner: 'root', group: 'root' })],
  [copy as Task, node => ({ dest: node.path('copied'), content: 'one\n', mode: '0640' })],
  [template as Task, node => ({ dest: node.path('dir/a'), content: 'two\n' })],
  [lineinfile as Task, node => ({ path: node.path('dir/a'), line: 'three' })],
  [blockinfile as Task, node => ({ path: node.path('dir/a'), block: 'four' })],
  [moveData as Task, node => ({ moves: [{ from: node.path('dir'), to: node.path('new') }] })],
  [stat as Task, node => ({ path: node.path('dir/a') })],
  [slurp as Task, node => ({ src: node.path('dir/a') })],
]

const prepare = async (node: Sandbox, without: readonly string[] = []): Promise<Sandbox> => {
  for (const [tool, script] of Object.entries(siteTools)) if (!without.includes(tool)) node.install(tool, script)
  // By this machine's programs, whatever the node has.
  await node.prepare(
    `PATH='${process.env.PATH}'; mkdir dir dir/sub empty; echo 1 >dir/a; chmod 640 dir/a; ln -s a dir/link`,
  )
  return node
}

/** What the node has under names that differ from node to node; times and numbers of inodes are its own. */
const plain = (value: Json, node: Sandbox): string =>
  JSON.stringify(value)
    .replaceAll(node.path(), '')
    .replace(/"(?:inode|changedAt|modifiedAt|atime|ctime|mtime|print|ino|count|size)":("[^"]*"|[\d.]+)/g, '')

/** The answer, or the Problem. */
const tried = async (node: Sandbox, ask: () => Promise<Json>): Promise<string | Problem> => {
  try {
    return plain(await ask(), node)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

const look = (node: Sandbox, ref: Looked[1]) => tried(node, () => readNow(hostDollar(node), ref(node)))

const asked = (node: Sandbox): { node: Sandbox; scripts: string[] } => {
  const scripts: string[] = []
  const run: Sandbox['run'] = (script, options) => {
    scripts.push(script)
    return node.run(script, options)
  }
  return { node: { ...node, run }, scripts }
}

const mentions = (scripts: readonly string[], tool: string): boolean =>
  scripts.some(script => new RegExp(`(?<![\\w/.-])${tool}(?![\\w/-])`).test(script))

const allTools = [...usedTools, ...Object.keys(siteTools)]

const settled = async (shell: StrangeShell, [task, args]: (typeof steps)[number], without: readonly string[] = []) => {
  const { node, scripts } = asked(await prepare(strangeNode(shell, without), without))
  try {
    const answer = await tried(node, async () => {
      const { changes, result } = await settleOn(task, node, args(node))
      return [changes.map(({ kind, after }) => [kind, after]), result ?? null] as Json
    })
    return { answer, scripts }
  } finally {
    node.close()
  }
}

it('each kind of thing that a node has is in the table; the scripts of others are their own affair', () => {
  const made = Object.values(kinds).flatMap(kind => {
    try {
      const ref = (kind as (key: string) => Ref)('/x')
      return typeof ref === 'object' && 'resource' in ref && 'read' in ref.resource ? [ref.kind] : []
    } catch {
      return []
    }
  })
  const told = new Set(looks.map(([what]) => what.split(' ')[0]))
  expect(made.length).toBeGreaterThan(15)
  expect(made.filter(kind => !told.has(kind))).toEqual(['output'])
})

describe.each(strangeShells)('a node whose only shell is $shell', shell => {
  const isHere = shell.program !== undefined
  const full: { readonly what: string; readonly answer: string | Problem; readonly scripts: readonly string[] }[] = []
  let whole: Sandbox

  beforeAll(async () => {
    if (!isHere) return
    whole = await prepare(strangeNode(shell))
    for (const [what, ref] of looks) {
      const { node, scripts } = asked(whole)
      full.push({ what, answer: await look(node, ref), scripts })
    }
  })
  afterAll(() => whole?.close())

  it.skipIf(!isHere)('answers all that is looked at, as a node with dash does', async () => {
    const usual = await prepare(strangeNode(strangeShells[0]))
    for (const [index, [what, ref]] of looks.entries()) {
      expect(full[index]?.answer, what).toBeTypeOf('string')
      expect(full[index]?.answer, what).toBe(await look(usual, ref))
    }
    usual.close()
  })

  it.skipIf(!isHere)(
    'answers the same where all is missing that it may do without, and asks for none of it',
    async () => {
      const node = await prepare(strangeNode(shell, sparedTools))
      for (const [index, [what, ref]] of looks.entries()) {
        expect(await look(node, ref), what).toBe(full[index]?.answer)
        expect(
          sparedTools.filter(tool => mentions(full[index]?.scripts ?? [], tool)),
          what,
        ).toEqual([])
      }
      node.close()
    },
  )

  it.skipIf(!isHere)('without a program that a look needs, names it and what to install', async () => {
    const seen: string[] = []
    for (const tool of allTools) {
      const due = looks.filter((_, index) => mentions(full[index]?.scripts ?? [], tool))
      if (due.length === 0) continue
      const node = await prepare(strangeNode(shell, [tool]), [tool])
      for (const [what, ref] of due) {
        const answer = await look(node, ref)
        if (!(answer instanceof Problem)) expect(answer, `${what} without ${tool}`).toBe(fullOf(full, what))
        else {
          seen.push(tool)
          expect(answer.fields, `${what} without ${tool}`).toMatchObject({
            code: 'tool-missing',
            summary: expect.stringContaining(`no \`${tool}\``),
            help: expect.stringMatching(new RegExp(`^install \`${tool}\` on the node \\(package `)),
          })
        }
      }
      node.close()
    }
    expect([...new Set(seen)].sort()).toEqual(
      ['cat', 'chkconfig', 'cksum', 'find', 'id', 'ls', 'readlink', 'rpm', 'sort', 'stat', 'systemctl', 'wc'].sort(),
    )
  })

  it.skipIf(!isHere).each(steps.map((step, index) => ({ step, name: `${step[0].name} ${index}` })))(
    'settles $name where all is missing that it may do without',
    async ({ step }) => {
      const { answer, scripts } = await settled(shell, step, sparedTools)
      expect(answer).toBeTypeOf('string')
      expect(sparedTools.filter(tool => mentions(scripts, tool))).toEqual([])
    },
  )
})

const fullOf = (full: readonly { readonly what: string; readonly answer: string | Problem }[], what: string) =>
  full.find(each => each.what === what)?.answer

describe('the page about nodes', () => {
  const page = readFileSync(new URL('../../docs/nodes.md', import.meta.url), 'utf8')
  const listed = (title: string): readonly string[] =>
    [...(new RegExp(`## ${title}\\n([^]*?)(?=\\n## |$)`).exec(page)?.[1] ?? '').matchAll(/`([\w-]+)`/g)].map(
      ([, tool = '']) => tool,
    )

  it('lists what a node needs', () => {
    expect([...listed('Programs that are needed')].sort()).toEqual([...usedTools].sort())
  })

  it('lists what it may do without', () => {
    expect(listed('Programs that are not')).toEqual(expect.arrayContaining([...sparedTools]))
  })
})
