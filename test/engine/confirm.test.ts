// A run that asks before each step: what is shown, what each word does, and what it means for the nodes after it.
import { describe, expect, it } from 'vitest'
import type { Person, Question } from '../../src/task/person.ts'
import { type CarryOptions, carry } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const order = ['node1', 'node2']
const by = 'ada@desk'
const first = step('First', keep, { args: { key: 'a', value: '1' } })
const last = step('Last', keep, { args: { key: 'b', value: '2' } })

const linear = outline(order, play(order, [first, last]))
const failover = outline(order, play(order, [first, last], { strategy: 'failover' }))

/** Says these words one after the other; nothing once they are used up. */
const saying = (...words: readonly (string | undefined)[]) => {
  const questions: Question[] = []
  const person: Person = {
    ask: async question => {
      questions.push(question)
      return words[questions.length - 1]
    },
  }
  return { person, questions }
}

const confirmed = async (
  plan: typeof linear,
  words: readonly (string | undefined)[],
  { cluster = memoryCluster(order), ...options }: CarryOptions & { readonly cluster?: MemoryCluster } = {},
) => {
  const { person, questions } = saying(...words)
  const run = await carry(plan, cluster, { person, confirmedBy: by, ...options })
  return { ...run, questions }
}

describe('before a step that is due', () => {
  it('its change is shown, and it is done after yes', async () => {
    const { questions, deeds, exitCode } = await confirmed(failover, ['yes', 'y', 'YES', 'yes'])
    expect(questions[0]).toEqual({
      title: 'test/first@node1  would make 1 change',
      lines: ['~ thing a', '    "" → 1'],
      prompt: 'yes, skip, all or stop: ',
    })
    expect(questions).toHaveLength(4)
    expect(deeds).toHaveLength(4)
    expect(exitCode).toBe(0)
  })

  it('nothing was sent to change anything before the word', async () => {
    const { log } = await confirmed(failover, ['yes', 'stop'])
    const asked = log.indexOf('event step-asked first@node1')
    expect(log.slice(0, asked).filter(line => line.includes(': set'))).toEqual([])
    expect(asked).toBeLessThan(log.indexOf('event step-intended first@node1'))
  })

  it('a step with nothing to do is not asked for', async () => {
    const cluster = memoryCluster(order)
    for (const host of order) cluster.node(host).things.set('a', '1')
    const { questions } = await confirmed(failover, ['yes', 'yes'], { cluster })
    expect(questions.map(({ title }) => title.split(' ')[0])).toEqual(['test/last@node1', 'test/last@node2'])
  })

  it.each(['', 's', 'no', 'yess', ' '])('%j is no word, and it is asked again', async word => {
    const { questions, deeds } = await confirmed(failover, [word, 'all'])
    expect(questions.map(({ title }) => title.split(' ')[0])).toEqual(['test/first@node1', 'test/first@node1'])
    expect(deeds).toHaveLength(4)
  })

  it('each word is in the journal, in a run that goes on with several nodes at once too', async () => {
    const { of } = await confirmed(linear, ['yes', 'skip', 'yes', 'yes'])
    expect(of('prompt-answered').map(({ answer }) => answer)).toEqual(['yes', 'skip', 'yes', 'yes'])
  })
})

it('after all nothing is asked any more', async () => {
  const { questions, deeds } = await confirmed(linear, ['all'])
  expect(questions).toHaveLength(1)
  expect(deeds).toHaveLength(4)
})

describe('skip', () => {
  it('leaves the step out by a person’s word, and the run waits for a person', async () => {
    const { ended, exitCode, deeds } = await confirmed(linear, ['skip', 'all'])
    expect(ended('first@node1')).toMatchObject({ outcome: 'skipped', because: `left out by ${by}`, leftOutBy: by })
    expect(deeds.filter(deed => deed.includes('set a'))).toEqual(['node2: set a 1'])
    expect(exitCode).toBe(5)
  })

  it('leaves its node unverified: the next in the failover list is out of turn (P8)', async () => {
    const { problem, deeds, outcomes } = await confirmed(failover, ['skip', 'all'])
    expect(outcomes).toMatchObject({ 'first@node1': 'skipped', 'last@node1': 'changed', 'first@node2': 'failed' })
    expect(problem('first@node2')).toMatchObject({
      code: 'out-of-turn',
      seen: `test/first@node1: left out by ${by}`,
    })
    expect(deeds).toEqual(['node1: set b 2'])
  })

  it('does not keep a next node from being found in order', async () => {
    const cluster = memoryCluster(order)
    cluster.node('node2').things.set('a', '1').set('b', '2')
    const { exitCode, outcomes } = await confirmed(failover, ['skip', 'all'], { cluster })
    expect(outcomes).toMatchObject({ 'first@node2': 'same', 'last@node2': 'same' })
    expect(exitCode).toBe(5)
  })

  it('of a step does not notify its handlers', async () => {
    const bell = step('Bell', keep, { args: { key: 'bell', value: 'rung' } })
    const notifying = step('First', keep, { args: { key: 'a', value: '1' }, notify: ['Bell'] })
    const plan = outline(order, play(['node1'], [notifying], { handlers: [bell] }))
    expect((await confirmed(plan, ['skip'])).deeds).toEqual([])
  })
})

describe('stop', () => {
  it.each([
    ['the word', 'stop', by],
    ['no answer at all', undefined, `${by} went away`],
  ])('by %s begins nothing more, and ends as an interrupt', async (_name, word, signal) => {
    const { exitCode, deeds, of, outcomes } = await confirmed(failover, ['yes', word])
    expect(exitCode).toBe(130)
    expect(deeds).toEqual(['node1: set a 1'])
    expect(of('run-interrupted')).toMatchObject([{ signal }])
    expect(outcomes).toEqual({ 'first@node1': 'changed', 'last@node1': 'not-reached' })
    expect(of('run-ended')[0]?.counts).toMatchObject({ changed: 1, 'not-reached': 3 })
  })

  it('at one of several nodes that are due at once asks none of the others', async () => {
    const { questions, deeds } = await confirmed(linear, ['stop'])
    expect(questions).toHaveLength(1)
    expect(deeds).toEqual([])
  })

  it('by Ctrl-C is told once, by Ctrl-C', async () => {
    let isStopping = false
    const person: Person = {
      ask: async () => {
        setTimeout(() => {
          isStopping = true
        }, 5)
        return undefined
      },
    }
    const run = await carry(failover, memoryCluster(order), {
      person,
      confirmedBy: by,
      isStopping: () => isStopping,
    })
    expect(run.exitCode).toBe(130)
    expect(run.of('run-interrupted')).toEqual([])
  })
})

describe('a step inside a hold', () => {
  const shelved = (...steps: readonly ReturnType<typeof step>[]) =>
    outline(order, play(['node1'], [held(theShelf, ...steps)]))

  it('is asked for before the hold is taken, which is said; once only where the hold shows the same', async () => {
    const { questions, log } = await confirmed(shelved(step('Act', act, { args: { set: 'x' } })), ['yes', 'stop'])
    expect(questions).toHaveLength(1)
    expect(questions[0]?.lines).toContain('takes the shelf on node1 first')
    expect(log.indexOf('event step-asked act@node1')).toBeLessThan(log.indexOf('event hold-intended node1'))
  })

  it('takes nothing where every step is skipped', async () => {
    const { deeds, of } = await confirmed(shelved(step('Act', act, { args: { set: 'x' } })), ['skip'])
    expect(deeds).toEqual([])
    expect(of('hold-intended')).toEqual([])
  })

  it('gives the hold back where the run is stopped inside', async () => {
    const steps = [step('One', act, { args: { set: 'x' } }), step('Two', act, { args: { set: 'y' } })]
    const { of } = await confirmed(shelved(...steps), ['yes', 'stop'])
    expect(of('hold-released')).toHaveLength(1)
  })
})
