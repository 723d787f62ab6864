// Nodes that have little: with the shell alone that they have and without a program, what is looked at is the same as
// on a full node, or a Problem names the program; and what steps do is done, or told. Never a wrong answer.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { Problem } from '../../src/model/problem.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import * as kinds from '../../src/task/kinds/index.ts'
import type { Question } from '../../src/task/question.ts'
import { type Ref, readNow } from '../../src/task/resource.ts'
import type { Task } from '../../src/task/task.ts'
import blockinfile from '../../tasks/blockinfile.ts'
import copy from '../../tasks/copy.ts'
import file from '../../tasks/file.ts'
import lineinfile from '../../tasks/lineinfile.ts'
import moveData from '../../tasks/move-data.ts'
import anyNode from '../../tasks/questions/any-node.ts'
import unknowns from '../../tasks/questions/unknowns.ts'
import slurp from '../../tasks/slurp.ts'
import stat from '../../tasks/stat.ts'
import type { Sandbox } from '../kit/sandbox-host.ts'
import { settleOn } from '../kit/settle.ts'
import {
  type StrangeShell,
  sparedTools,
  strangeNode,
  strangeShells,
  usedTools,
  wishedTools,
} from '../kit/strange-nodes.ts'

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
  ['probe', () => kinds.probe('id -un && id -gn')],
  ['self', () => kinds.self('user')],
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
  [file as Task, node => ({ path: node.path('dir'), state: 'absent', recurse: true })],
  [file as Task, node => ({ path: node.path('it'), state: 'link', src: '/nowhere', force: true })],
  [file as Task, node => ({ path: node.path('dir'), state: 'directory', recurse: true, owner: 'root', group: 'root' })],
  [copy as Task, node => ({ dest: node.path('copied'), content: 'one\n', mode: '0640' })],
  [lineinfile as Task, node => ({ path: node.path('dir/a'), line: 'three' })],
  [blockinfile as Task, node => ({ path: node.path('dir/a'), block: 'four' })],
  [moveData as Task, node => ({ moves: [{ from: node.path('dir'), to: node.path('empty') }] })],
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

/** What the first shell that is here gave. */
let usual: readonly (string | Problem)[] | undefined

describe.each(strangeShells)('a node whose only shell is $shell', shell => {
  const isHere = shell.program !== undefined
  // Some have the programs inside, and find them whatever is there.
  const hasAllInside =
    isHere &&
    spawnSync(shell.program, [...shell.before.split(' ').filter(Boolean), '-c', 'PATH=/nowhere; ls /']).status === 0
  const full: { readonly what: string; readonly answer: string | Problem; readonly scripts: readonly string[] }[] = []
  let whole: Sandbox

  beforeAll(async () => {
    if (!isHere) return
    whole = await prepare(strangeNode(shell, sparedTools))
    for (const [what, ref] of looks) {
      const { node, scripts } = asked(whole)
      full.push({ what, answer: await look(node, ref), scripts })
    }
  })
  afterAll(() => whole?.close())

  it.skipIf(!isHere)('answers all that is looked at, as a node with dash does', () => {
    usual ??= full.map(({ answer }) => answer)
    for (const [index, { what, answer }] of full.entries()) {
      expect(answer, what).toBeTypeOf('string')
      expect(answer, what).toBe(usual[index])
    }
  })

  it.skipIf(!isHere)('asks for nothing that it may do without', () => {
    for (const { what, scripts } of full)
      expect(
        sparedTools.filter(tool => mentions(scripts, tool)),
        what,
      ).toEqual([])
  })

  it.skipIf(!isHere || hasAllInside)('without a program that a look needs, names it and what to install', async () => {
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

describe('the doctor on a node without a program', () => {
  /** The questions that can be asked without a value of an inventory. */
  const questions = [...anyNode, ...unknowns].filter(({ name, needs }) => needs === undefined || name === 'packages')
  const dash = strangeShells[0]

  const reply = (node: Sandbox, { ask }: Question) =>
    tried(node, async () => {
      const { text } = await ask({ host: 'node1', values: {}, look: ref => readNow(hostDollar(node), ref) })
      // Space and time go by.
      return text.replace(/\d+/g, '')
    })

  it.skipIf(dash.program === undefined)('says the same, or which program is missing', async () => {
    const whole = await prepare(strangeNode(dash))
    const told: [string, string[]][] = []
    for (const question of questions.filter(({ name }) => name !== 'tools')) {
      const { node, scripts } = asked(whole)
      const usual = await reply(node, question)
      expect(usual, question.name).toBeTypeOf('string')
      const missed: string[] = []
      for (const tool of allTools.filter(each => mentions(scripts, each))) {
        const poor = await prepare(strangeNode(dash, [tool]), [tool])
        const answer = await reply(poor, question)
        if (answer instanceof Problem) {
          expect(answer.fields).toMatchObject({ code: 'tool-missing', help: expect.stringContaining(`\`${tool}\``) })
          missed.push(tool)
        } else expect(answer, `${question.name} without ${tool}`).toBe(usual)
        poor.close()
      }
      told.push([question.name, missed])
    }
    whole.close()
    expect(Object.fromEntries(told)).toEqual({
      clock: ['date'],
      user: ['id'],
      shell: ['readlink'],
      'free space': ['df'],
      release: ['sed', 'uname'],
      packages: ['grep', 'sort', 'rpm'],
      'agents installed': [],
      'startup files': [],
    })
  })

  it.skipIf(dash.program === undefined)('names each, and what does not work without it', async () => {
    const node = await prepare(strangeNode(dash, ['date', 'perl']))
    const tools = questions.find(({ name }) => name === 'tools')
    const told = await tools?.ask({ host: 'node1', values: {}, look: ref => readNow(hostDollar(node), ref) })
    expect(told?.wrong).toBe('steps need date, and the node has not')
    expect(told?.text).toMatch(/^without date, (.*, )?perl(,|$)/)
    node.close()
  })
})

describe('the page about nodes', () => {
  const page = readFileSync(new URL('../../docs/nodes.md', import.meta.url), 'utf8')
  const listed = (title: string): readonly string[] =>
    [...(new RegExp(`## ${title}\\n([^]*?)(?=\\n## |$)`).exec(page)?.[1] ?? '').matchAll(/`([\w-]+)`/g)].map(
      ([, tool = '']) => tool,
    )

  it('lists what a node needs', () => {
    expect([...listed('Programs that are needed')].sort()).toEqual([...usedTools].sort())
  })

  it('lists what some steps need', () => {
    expect([...listed('Programs that some steps need')].sort()).toEqual([...wishedTools].sort())
  })

  it('lists what it may do without', () => {
    expect(listed('Programs that are not')).toEqual([...sparedTools])
  })
})
