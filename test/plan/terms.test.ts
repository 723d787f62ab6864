// What a reviewer is told of a step beside its changes, from the outline alone.
import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { Secret } from '../../src/model/secret.ts'
import { holdsOf, termsOf } from '../../src/plan/terms.ts'
import { dialogue, due, same, task, z } from '../../src/task/index.ts'
import type { Task } from '../../src/task/task.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { theShelf } from '../kit/things.ts'

const installer = (opaque: boolean): Task =>
  task({
    name: 'program',
    summary: 'Run a program',
    opaque,
    args: z.strictObject({
      command: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.instanceof(Secret)])),
      talk: dialogue({ from: 'values', also: ['role'] }),
    }),
    check: async () => due('it is not there'),
    apply: async () => {},
  })

const args = {
  command: '/media/install --text',
  values: { tree: 'ACME_TREE', password: new Secret('password', 'canary-4711') },
  talk: {
    prompts: [
      { name: 'tree', expect: 'Tree', answer: '{{ tree }}', when: "role == 'create'" },
      { name: 'role', expect: /Select\s+an option/, answer: "{{ '1' if role == 'create' else '2' }}" },
      { name: 'found', expect: 'Go on', answer: "{{ captured.x | default('y') }}" },
      { name: 'password', expect: 'Password', answer: '{{ password }}' },
      { name: 'repeated', expect: 'Again', answer: 'plain-4711', secret: true },
      { name: 'enter', expect: 'Press Enter' },
    ],
  },
}

const termsWith = (module: Task, options: Parameters<typeof step>[2]) =>
  termsOf(outline(['node1'], play(['node1'], [step('Installer', module, options)]))).get('test/installer@node1')

describe('the terms of a step', () => {
  it('hold what a foreign program is given, word for word, with answers as they will be typed', () => {
    expect(termsWith(installer(true), { args })).toEqual({
      summary: 'Run a program',
      given: {
        args: { command: '/media/install --text', values: { tree: 'ACME_TREE', password: '••••••' } },
        prompts: [
          { name: 'tree', expect: 'Tree', answer: 'ACME_TREE', when: "role == 'create'" },
          { name: 'role', expect: '/Select\\s+an option/', answer: "{{ '1' if role == 'create' else '2' }}" },
          { name: 'found', expect: 'Go on', answer: "{{ captured.x | default('y') }}" },
          { name: 'password', expect: 'Password', answer: '••••••' },
          { name: 'repeated', expect: 'Again', answer: '••••••' },
          { name: 'enter', expect: 'Press Enter', answer: '' },
        ],
      },
    })
  })

  it('hold no secret', () => {
    expect(JSON.stringify(termsWith(installer(true), { args }))).not.toMatch(/canary-4711|plain-4711/)
  })

  it('are its purpose alone where its own code does the work, where it is skipped, and where arguments are still open', () => {
    const open = () => {
      throw new Problem({ code: 'not-known-yet', summary: 'later' })
    }
    expect(termsWith(installer(false), { args })).toEqual({ summary: 'Run a program' })
    expect(termsWith(installer(true), { args, when: ['never', () => false] })).toEqual({ summary: 'Run a program' })
    expect(termsWith(installer(true), { argsFor: open })).toEqual({ summary: 'Run a program' })
  })

  it('hold what a person does', () => {
    const byHand = task({
      name: 'asked',
      summary: 'Have somebody do it',
      args: z.strictObject({ text: z.string() }),
      byHand: ({ text }) => ({ text, proof: 'their word' }),
      check: async () => same('done'),
      apply: async () => {},
    })
    expect(termsWith(byHand, { args: { text: 'Paste the script' } })).toMatchObject({
      byHand: { text: 'Paste the script', proof: 'their word' },
    })
  })
})

describe('the holds of a plan', () => {
  it('stand around the steps of each host, with what is so there meanwhile', () => {
    const order = ['node1', 'node2']
    const nodes = [held(theShelf, step('Installer', installer(true), { args }))]
    const on = (host: string) => ({ block: 'shelf', hold: 'shelf', play: 0, host, provides: theShelf.provides({}) })
    expect(holdsOf(outline(order, play(order, nodes)))).toEqual(order.map(on))
    expect(theShelf.provides({})).toHaveLength(1)
  })
})
