// What a command changed is looked at in the same way to the node, and only what was seen behind the last command counts.
import { describe, expect, it } from 'vitest'
import { keyOf } from '../../src/engine/look-ahead.ts'
import { createLookBehind, type Seen } from '../../src/engine/look-behind.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { Problem } from '../../src/model/problem.ts'
import type { CommandOptions } from '../../src/shell/host-shell.ts'
import { change, differs, same } from '../../src/task/answers.ts'
import { entry } from '../../src/task/kinds/entry.ts'
import type { Task } from '../../src/task/task.ts'
import { carry } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { keep, thing } from '../kit/things.ts'

const one = ['node1']

type Apply = Task['apply']

/** A step that wants `a` to be on, made in its own way. */
const made = (apply: Apply): Task => ({ ...keep, apply })

const carryOut = async (task: Task, cluster = memoryCluster(one)) => {
  const steps = [
    step('A', task, { args: { key: 'a', value: 'on' } }),
    step('B', keep, { args: { key: 'b', value: 'on' } }),
  ]
  cluster.node('node1').things.set('b', 'on')
  const { events } = await carry(outline(one, play(one, steps)), cluster)
  return { cluster, events, ended: endOf(events, 'test/a') }
}

const endOf = (events: readonly RunEvent[], of: string) =>
  events.findLast(event => event.type === 'step-ended' && event.step === of)

/** Commands after the change, without the looks before it. */
const sinceChange = (commands: readonly string[]) => commands.slice(commands.findIndex(line => line.includes('set a')))

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('what a command changed', () => {
  it('is looked at behind it, and so is what comes next; nobody asks again', async () => {
    const { cluster, ended } = await carryOut(keep)
    expect(ended).toMatchObject({ outcome: 'changed' })
    expect(sinceChange(cluster.commands).sort()).toEqual(['node1: see a', 'node1: see b', 'node1: set a on'])
  })

  it('is looked at before the command has answered', async () => {
    const cluster = memoryCluster(one)
    const asked: string[] = []
    const shell = cluster.nodes.shell
    const nodes = {
      ...cluster.nodes,
      async shell(name: string) {
        const there = await shell(name)
        return {
          ...there,
          async run(script: string, options = {}) {
            asked.push(script)
            const result = await there.run(script, options)
            if (script === 'set a on') await pause(50)
            asked.push(`answered: ${script}`)
            return result
          },
        }
      },
    }
    await carryOut(keep, { ...cluster, nodes })
    expect(asked.lastIndexOf('see a')).toBeLessThan(asked.indexOf('answered: set a on'))
  })

  it.each<[string, Apply]>([
    [
      'another command came behind',
      async ({ $ }) => {
        await $`set a half`
        await $`set a on`
      },
    ],
    [
      'several came behind',
      async ({ $ }) => {
        for (const value of ['1', '2', '3', 'on']) await $`set a ${value}`
      },
    ],
    [
      'two were sent at once',
      async ({ $ }) => {
        await Promise.all([$`set a half`, $`set a on`])
      },
    ],
    [
      'the step waits for what comes of it, and looks itself',
      async ({ $, world }) => {
        await $`set a on`
        await world.look(thing('a'))
      },
    ],
  ])('is seen as it is at the end where %s', async (_, apply) => {
    const { ended, events } = await carryOut(made(apply))
    expect(ended).toMatchObject({ outcome: 'changed' })
    expect(events.findLast(event => event.type === 'step-checked' && event.step === 'test/a')).toMatchObject({
      looks: [{ key: 'a', value: 'on' }],
    })
  })

  it('is what the step itself sees behind its command, and nobody asks again', async () => {
    const seen: unknown[] = []
    const looking = made(async ({ $, world }) => {
      await $`set a on`
      seen.push(await world.look(thing('a')))
    })
    const { cluster } = await carryOut(looking)
    expect(seen).toEqual(['on'])
    expect(sinceChange(cluster.commands).sort()).toEqual(['node1: see a', 'node1: see b', 'node1: set a on'])
  })

  it('is seen anew by a step that waits for it, and at the end once more', async () => {
    const cluster = memoryCluster(one)
    const seen: unknown[] = []
    const waiting = made(async ({ $, world }) => {
      await $`set a half`
      seen.push(await world.look(thing('a')))
      cluster.node('node1').things.set('a', 'on')
      seen.push(await world.look(thing('a')))
    })
    const { ended, events } = await carryOut(waiting, cluster)
    expect(seen).toEqual(['half', 'on'])
    expect(ended).toMatchObject({ outcome: 'changed' })
    expect(events.findLast(event => event.type === 'step-checked' && event.step === 'test/a')).toMatchObject({
      looks: [{ key: 'a', value: 'on' }],
    })
  })

  it('is looked at again where it was not as it should be at once', async () => {
    const cluster = memoryCluster(one)
    const slow = made(async ({ $ }) => {
      await $`set c on`
      setTimeout(() => cluster.node('node1').things.set('a', 'on'), 20)
      await pause(100)
    })
    const { ended } = await carryOut(slow, cluster)
    expect(ended).toMatchObject({ outcome: 'changed' })
  })

  it('is told as it is where it never comes to be as it should', async () => {
    const { ended } = await carryOut(made(async ({ $ }) => void (await $`set a half`)))
    expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'not-settled' } })
  })

  it('is not looked at behind a command that is sent when no look can follow any more', async () => {
    let onSent: (() => void) | undefined
    let looks = 0
    const shell = await memoryCluster(one).nodes.shell('node1')
    const sent = {
      ...shell,
      run: async (_: string, options?: CommandOptions) => {
        onSent = options?.onSent
        return { stdout: '', stderr: '', exitCode: 0 }
      },
    }
    const look = () => {
      looks += 1
      return Promise.reject(new Error('nobody looks'))
    }
    const behind = createLookBehind({ counts: true, look, forget: () => {} })
    await behind.following(sent).run('set a on')
    behind.over()
    onSent?.()
    expect([typeof onSent, looks, await behind.seen()]).toEqual(['function', 0, undefined])
  })

  it.each([
    ['of the node is what the command left', thing('a'), 'node1', 'behind'],
    ['of the directory may be from before it', entry('o=x'), 'directory', 'anew'],
  ])('what is seen behind it %s', async (_, ref, home, told) => {
    const shell = await memoryCluster(one).nodes.shell('node1')
    const look = (seen: Seen) => {
      seen.set(keyOf(ref, home), Promise.resolve('behind'))
      return Promise.reject(new Error('nobody asks how it ended'))
    }
    const behind = createLookBehind({ counts: true, look, forget: () => {} })
    await behind.following(shell).run('set a on')
    expect(await behind.see(ref, home, async () => 'anew')).toBe(told)
  })

  it('is not taken from what was seen behind a command that failed', async () => {
    const cluster = memoryCluster(one)
    const { things } = cluster.node('node1')
    cluster.node('node1').meddle = script =>
      script === 'set b off' ? { exitCode: Number(things.set('b', 'off').size > 0) } : undefined
    const failing = made(async ({ $ }) => {
      await $`set a on`
      await $({ nothrow: true })`set b off`
    })
    const { events } = await carryOut(failing, cluster)
    expect(endOf(events, 'test/b')).toMatchObject({ outcome: 'changed' })
  })

  it('is looked at afterwards where more than the node is asked', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node2').things.set('a', 'off')
    const onBoth: Task = {
      ...keep,
      async check({ world }) {
        const [here, there] = [await world.look(thing('a')), await world.at('node2').look(thing('a'))]
        return here === 'on' && there === 'on' ? same('on everywhere') : differs(change(thing('a'), here, 'on'))
      },
      async apply({ $ }) {
        await $`set a on`
        await pause(20)
        cluster.node('node2').things.set('a', 'on')
      },
    }
    const { ended } = await carryOut(onBoth, cluster)
    expect(ended).toMatchObject({ outcome: 'changed' })
  })

  it('is unknown where the node has gone, which is asked once more and not twice', async () => {
    const cluster = memoryCluster(one)
    let isDone = false
    let asked = 0
    cluster.node('node1').meddle = script => {
      if (script === 'set a on') isDone = true
      if (!isDone || script !== 'see a') return undefined
      asked += 1
      const code = asked === 1 ? 'connection-lost' : 'host-unreachable'
      throw new Problem({ code, summary: code, exit: asked === 1 ? 7 : 6 })
    }
    const { ended } = await carryOut(keep, cluster)
    expect(ended).toMatchObject({ outcome: 'unknown', problem: { code: 'connection-lost' } })
    expect(asked).toBe(2)
  })
})
