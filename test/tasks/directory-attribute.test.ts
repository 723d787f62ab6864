// One attribute in the directory: found by its value or named, written with the old value asserted, taken back.
import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import type { Directory, DirectoryChange } from '../../src/task/directory.ts'
import { attribute, holders } from '../../src/task/kinds/index.ts'
import directoryAttribute from '../../tasks/directory-attribute.ts'
import { answerOf, apply, problemOf, type Things } from '../kit/fake-world.ts'

const below = 'cn=Service,o=acme'
const agent = `cn=Agent,${below}`
const [old, wanted] = ['/var/queue', '/mnt/queue']
const args = { below, instead_of: old, value: wanted }

const has = (name: string, dn: string, ...values: readonly string[]): Things => ({
  [`attribute ${name} of ${dn}`]: values.length > 0 ? { type: 'values', values } : { type: 'absent' },
})
const found = (text: string, ...places: readonly (readonly [attribute: string, dn: string])[]): Things => ({
  [`holders ${holders(text, below).key}`]: {
    type: 'holders',
    found: places.map(([attribute, dn]) => ({ attribute, dn })),
  },
})
const noBase: Things = Object.fromEntries(
  [old, wanted].map(text => [`holders ${holders(text, below).key}`, { type: 'absent' }]),
)

describe('without a name', () => {
  it('is the one that has the old value', async () => {
    const things = { ...found(old, ['nnmX', agent]), ...found(wanted), ...has('nnmX', agent, old) }
    expect(await answerOf(directoryAttribute, args, { things })).toMatchObject({
      type: 'differs',
      changes: [
        {
          kind: 'attribute',
          key: `nnmX of ${agent}`,
          before: { type: 'values', values: [old] },
          after: { type: 'values', values: [wanted] },
        },
      ],
      result: { dn: agent, attribute: 'nnmX' },
    })
  })

  it('is as it should be where one has the new value', async () => {
    const things = { ...found(old), ...found(wanted, ['nnmX', agent]), ...has('nnmX', agent, wanted) }
    expect(await answerOf(directoryAttribute, args, { things })).toMatchObject({ type: 'same' })
  })

  it.each<[string, Things, string]>([
    ['nothing has it', { ...found(old), ...found(wanted) }, 'attribute-not-found'],
    ['two entries have it', { ...found(old, ['a', agent], ['a', below]), ...found(wanted) }, 'attribute-found-twice'],
    [
      'one entry has it twice',
      { ...found(old, ['a', agent], ['b', agent]), ...found(wanted) },
      'attribute-found-twice',
    ],
    [
      'old and new are both there',
      { ...found(old, ['a', agent]), ...found(wanted, ['b', agent]) },
      'attribute-found-twice',
    ],
    ['nothing is there by the name', noBase, 'entry-not-there'],
    [
      'it has another value beside',
      { ...found(old, ['a', agent]), ...found(wanted), ...has('a', agent, old, '/other') },
      'attribute-has-several-values',
    ],
  ])('is not guessed: %s', async (_, things, code) => {
    expect(await problemOf(answerOf(directoryAttribute, args, { things }))).toMatchObject({ code })
  })

  it('names all that may be meant', async () => {
    const things = { ...found(old, ['a', agent], ['b', below]), ...found(wanted) }
    const { seen, state } = await problemOf(answerOf(directoryAttribute, args, { things }))
    expect(seen).toBe(`a of ${agent}\nb of ${below}`)
    expect(state).toBe('nothing was guessed, and nothing written')
  })
})

describe('by name', () => {
  const named = { ...args, object: agent, attribute: 'nnmX' }
  const there = { [`entry ${agent}`]: { type: 'entry', classes: [] } }

  it('is set where it is not', async () => {
    expect(await answerOf(directoryAttribute, named, { things: { ...there, ...has('nnmX', agent) } })).toMatchObject({
      changes: [{ before: { type: 'absent' }, after: { type: 'values', values: [wanted] } }],
    })
  })

  it('stops where its entry is not', async () => {
    const things = { [`entry ${agent}`]: { type: 'absent' } }
    expect(await problemOf(answerOf(directoryAttribute, named, { things }))).toMatchObject({ code: 'entry-not-there' })
  })

  it('takes both, entry and attribute', () => {
    expect(directoryAttribute.args.safeParse({ ...args, object: agent }).success).toBe(false)
    expect(directoryAttribute.args.safeParse({ below, value: wanted }).success).toBe(false)
  })
})

describe('writing', () => {
  const values = (...all: string[]) => ({ type: 'values' as const, values: all })
  const change = { ...attribute('nnmX', agent), before: values(old), after: values(wanted) }

  /** A directory with one value, which can be made to lose a modify before or after it is carried out. */
  const scene = (lost?: 'before' | 'after') => {
    const written: DirectoryChange[] = []
    let value = old
    const directory: Directory = {
      search: async () => [{ dn: agent, attributes: { nnmX: [value] } }],
      async modify(_, changes) {
        if (lost !== 'before') {
          written.push(...changes)
          value = String(changes[0]?.after[0])
        }
        if (lost) throw new Problem({ code: 'directory-outcome-unknown', summary: 'no answer', exit: 7 })
      },
    }
    return { directory, written }
  }

  it('takes the old value away and adds the new one, and back', async () => {
    const { directory, written } = scene()
    await apply(directoryAttribute, args, [], { changes: [change], directory })
    await apply(directoryAttribute, args, [], { changes: [change], directory, undo: true })
    expect(written).toEqual([
      { attribute: 'nnmX', before: [old], after: [wanted] },
      { attribute: 'nnmX', before: [wanted], after: [old] },
    ])
  })

  it('that got no answer is looked at: made, it counts', async () => {
    const { directory } = scene('after')
    expect((await apply(directoryAttribute, args, [], { changes: [change], directory })).result).toEqual({
      dn: agent,
      attribute: 'nnmX',
    })
  })

  it('that got no answer and was not made stays unknown (P7)', async () => {
    const { directory } = scene('before')
    expect(await problemOf(apply(directoryAttribute, args, [], { changes: [change], directory }))).toMatchObject({
      code: 'directory-outcome-unknown',
      exit: 7,
    })
  })
})
