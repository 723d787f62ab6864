import { describe, expect, it } from 'vitest'
import { chooseSteps, type Selection } from '../../src/plan/selection.ts'

const steps = [
  { id: 'job/mount', tags: ['storage'] },
  { id: 'job/install', tags: [] },
  { id: 'job/test', tags: ['check'] },
  { id: 'job/seldom', tags: ['never', 'odd'] },
]
const hosts = ['node1', 'node2']

const choose = (selection: Selection) => chooseSteps(steps, selection, { hosts })

const chosen = (selection: Selection): readonly string[] => {
  const { isSelected, problems } = choose(selection)
  expect(problems).toEqual([])
  return hosts.flatMap(host => steps.filter(step => isSelected(step, host)).map(({ id }) => `${id.slice(4)}@${host}`))
}

const onAll = (...names: readonly string[]) => hosts.flatMap(host => names.map(name => `${name}@${host}`))
const failed = (...addresses: readonly string[]) => ({ addresses: { addresses: new Set(addresses) } })

describe('steps on hosts', () => {
  it.each<[Selection, readonly string[]]>([
    [{}, onAll('mount', 'install', 'test')],
    [{ only: ['install'] }, onAll('install')],
    [{ only: ['job/install'] }, onAll('install')],
    [{ only: ['install@node2', 'mount'] }, ['mount@node1', 'mount@node2', 'install@node2']],
    [{ from: 'install' }, onAll('install', 'test')],
    [{ to: 'install' }, onAll('mount', 'install')],
    [{ from: 'install', to: 'install' }, onAll('install')],
    [{ tags: ['storage', 'check'] }, onAll('mount', 'test')],
    [{ tags: ['odd'] }, onAll('seldom')],
    [{ skipTags: ['check'] }, onAll('mount', 'install')],
    [{ from: 'install', tags: ['storage'] }, []],
    [failed('job/install@node2', 'job/test@node2'), ['install@node2', 'test@node2']],
    [{ ...failed('job/install@node2', 'job/test@node1'), only: ['test'] }, ['test@node1']],
    [{ ...failed('job/install@node2', 'job/test@node1'), to: 'install' }, ['install@node2']],
  ])('%j', (selection, addresses) => {
    expect(chosen(selection)).toEqual(addresses)
  })
})

describe('tags are what they are to Ansible', () => {
  const tagged = [
    { id: 'job/none', tags: [] },
    { id: 'job/own', tags: ['own'] },
    { id: 'job/always', tags: ['always'] },
    { id: 'job/never', tags: ['never', 'own'] },
    { id: 'job/both', tags: ['always', 'never'] },
  ]

  it.each<[Selection, string]>([
    [{}, 'none own always both'],
    [{ tags: ['own'] }, 'own always never both'],
    [{ tags: ['never'] }, 'always never both'],
    [{ tags: ['tagged'] }, 'own always both'],
    [{ tags: ['untagged'] }, 'none always both'],
    [{ skipTags: ['all'] }, 'always both'],
    [{ skipTags: ['always'] }, 'none own'],
    [{ skipTags: ['tagged'] }, 'none'],
    [{ skipTags: ['untagged'] }, 'own always both'],
  ])('%j', (selection, names) => {
    const { isSelected, problems } = chooseSteps(tagged, selection, { hosts })
    expect(problems).toEqual([])
    expect(tagged.filter(step => isSelected(step, 'node1')).map(({ id }) => id.slice(4))).toEqual(names.split(' '))
  })
})

describe('a name that is not there is told, with the one that was meant', () => {
  it.each<[Selection, string, string | undefined]>([
    [{ only: ['instal'] }, 'There is no step `instal`', 'did you mean `install`?'],
    [{ from: 'instal' }, 'There is no step `instal`, which --from names', 'did you mean `install`?'],
    [{ to: 'x' }, 'There is no step `x`, which --to names', undefined],
    [
      { only: ['install@node3'] },
      'There is no host `node3`, which --only install@node3 names',
      'did you mean `node1`?',
    ],
    [{ tags: ['storag'] }, 'No step has the tag `storag`', 'did you mean `storage`?'],
    [{ skipTags: ['chec'] }, 'No step has the tag `chec`', 'did you mean `check`?'],
    [{ from: 'test', to: 'mount' }, '--from test comes after --to mount, so no step lies between them', undefined],
  ])('%j', (selection, summary, help) => {
    const [problem] = choose(selection).problems
    expect(problem?.fields).toMatchObject({ summary, exit: 2, ...(help !== undefined && { help }) })
  })
})
