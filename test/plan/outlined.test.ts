// Which step of an outline is asked of which node, as events and plans list them.
import { describe, expect, it } from 'vitest'
import { addressOf } from '../../src/model/address.ts'
import { outlinedSteps } from '../../src/plan/outline.ts'
import { outlined } from '../kit/language.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { keep } from '../kit/things.ts'

const nodes = ['node1', 'node2']
const steps = [step('Once', keep, { runOnce: true }), step('Each', keep)]

describe('a step that runs once', () => {
  it.each(['linear', 'failover'] as const)('is listed for the first node alone: %s', strategy => {
    const listed = outlinedSteps(outline(nodes, play(nodes, steps, { strategy }))).map(addressOf)
    expect([...listed].sort()).toEqual(['test/each@node1', 'test/each@node2', 'test/once@node1'])
  })

  it('is listed for the first of those that are chosen', () => {
    const listed = outlinedSteps(outline(nodes, play(['node2'], steps, { allHosts: nodes }))).map(addressOf)
    expect(listed).toEqual(['test/once@node2', 'test/each@node2'])
  })
})

describe('a command is listed as one that', () => {
  it.each([
    ['cannot be undone', '{ cmd: id }', '', false],
    ['leaves nothing to undo where it says that it only looks', '{ cmd: id, reads: yes }', '', true],
    ['cannot be undone where it says that it does more', '{ cmd: id, reads: false }', '', false],
    ['leaves nothing to undo where it is only looked at', '{ cmd: id }', ', check_mode: true', true],
  ])('%s', (_, args, way, undoable) => {
    const laid = outlined(`- hosts: node1\n  tasks: [{ name: Id, command: ${args}${way} }]\n`)
    expect(outlinedSteps(laid)).toMatchObject([{ task: 'command', undoable }])
  })
})
