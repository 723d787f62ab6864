// The fetch task on a real directory, which stands for the node and for the controller.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRegistry, knownTasks } from '../../src/plan/registry.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import fetch from '../../tasks/fetch.ts'
import setFact from '../../tasks/set_fact.ts'
import { lay } from '../kit/language.ts'
import { type Sandbox, sandboxHost } from '../kit/sandbox-host.ts'
import { onNode, settleOn } from '../kit/settle.ts'

let node: Sandbox
beforeEach(() => {
  node = sandboxHost()
})
afterEach(() => node.close())

const fetching = (more: object = {}) => ({ src: node.path('log'), dest: node.path('desk'), ...more })
const below = (name = 'log') => node.path('desk', 'node1', node.path(name))
const codeOf = async (args: object) =>
  onNode(fetch, node, args)
    .check()
    .then(
      () => 'none',
      error => error.code,
    )

describe('a copy', () => {
  it('lies below the name of the node and its own path, for whoever fetched it alone', async () => {
    await node.prepare('printf "one\\n" >log')
    const { result } = await settleOn(fetch, node, fetching())
    expect(readFileSync(below(), 'utf8')).toBe('one\n')
    expect([statSync(below()).mode & 0o777, statSync(node.path('desk', 'node1')).mode & 0o777]).toEqual([0o600, 0o700])
    expect(result).toEqual({
      dest: below(),
      file: node.path('log'),
      checksum: createHash('sha1').update('one\n').digest('hex'),
      md5sum: createHash('md5').update('one\n').digest('hex'),
    })
  })

  it('comes in parts where it is large, byte for byte', async () => {
    await node.prepare('head -c 2500000 /dev/urandom >log')
    await settleOn(fetch, node, fetching())
    expect(readFileSync(below()).equals(readFileSync(node.path('log')))).toBe(true)
  })

  it('takes the place of another one, and keeps its mode', async () => {
    await node.prepare('echo new >log; echo old >there; chmod 644 there')
    const { changes } = await settleOn(fetch, node, { ...fetching({ flat: true }), dest: node.path('there') })
    expect(changes.map(({ kind, key }) => [kind, key])).toEqual([['fetched', `${node.path()}/./there`]])
    expect([readFileSync(node.path('there'), 'utf8'), statSync(node.path('there')).mode & 0o777]).toEqual([
      'new\n',
      0o644,
    ])
  })

  it('lies in the folder itself with `flat`, by its own name', async () => {
    await node.prepare('echo x >log')
    await settleOn(fetch, node, { ...fetching({ flat: true }), dest: `${node.path('desk')}/` })
    expect(existsSync(node.path('desk', 'log'))).toBe(true)
  })

  it('that the node sends otherwise than it was looked at leaves everything as it was', async () => {
    await node.prepare('echo one >log')
    const { check, use } = onNode(fetch, node, fetching())
    const answer = await check()
    await node.prepare('echo more >>log')
    const applied = fetch.apply({ ...use, changes: answer.type === 'differs' ? answer.changes : [] })
    await expect(applied).rejects.toMatchObject({ code: 'fetched-in-part' })
    expect([existsSync(below()), existsSync(`${below()}.run-new`)]).toEqual([false, false])
  })
})

describe('what a node says leads nowhere else', () => {
  it.each([
    ['a link in the place of the copy', 'mkdir -p "desk/node1$PWD" && ln -s "$PWD/out" "desk/node1$PWD/log"'],
    ['a link on the way to it', 'mkdir out && ln -s "$PWD/out" desk/node1'],
    ['a directory in its place', 'mkdir -p "desk/node1$PWD/log"'],
  ])('%s', async (_, script) => {
    await node.prepare(`echo x >log && mkdir desk && ${script}`)
    expect(await codeOf(fetching())).toBe('controller-occupied')
  })

  it.each(['/a/../../b', 'a', '/a/', '/a/.', '/a/..', ''])('a path such as %s is refused', src => {
    expect(fetch.args.safeParse({ src, dest: 'desk' }).success).toBe(false)
  })

  it.each(['..', '.', 'a/b'])('a node by the name %s has no folder', async host => {
    node.close()
    node = sandboxHost(['sh'], host)
    await node.prepare('echo x >log')
    expect(await codeOf(fetching())).toBe('host-no-folder')
  })

  it('no result of a step says where something is written, not even through variables', () => {
    const known = knownTasks(createRegistry([{ fetch, set_fact: setFact }]).registry)
    const text = `
- hosts: node1
  vars: { place: "{{ told }}" }
  tasks:
    - { name: Tell, set_fact: { told: /etc } }
    - { name: Fetch, fetch: { src: /log, dest: "{{ place }}/x" } }
    - { name: Right, fetch: { src: "{{ told }}/log", dest: desk } }
`
    const playbook = parsePlaybook('site.yml', { knownTasks: known, files: { readText: () => text } })
    const { registry } = createRegistry([{ fetch, set_fact: setFact }])
    const { problems } = lay(text, { inputs: { playbook, registry } })
    expect(problems.map(({ code, fields }) => [code, fields.span?.file, fields.span?.line])).toEqual([
      ['place-not-static', 'site.yml', 3],
    ])
  })
})

describe('a file that is not there', () => {
  it('is a failure, or nothing to do where that is said', async () => {
    expect(await codeOf(fetching())).toBe('path-absent')
    const { changes } = await settleOn(fetch, node, fetching({ fail_on_missing: false }))
    expect(changes).toEqual([])
  })

  it('nor is a directory one', async () => {
    await node.prepare('mkdir log')
    expect(await codeOf(fetching({ fail_on_missing: false }))).toBe('path-absent')
  })
})
