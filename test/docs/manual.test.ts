// docs/manual.yml, the playbooks and the errata name each other, and no step of the manual is forgotten.
import { describe, expect, it } from 'vitest'
import { manualRows, namedBy } from './manual-rows.ts'
import { errata, playbookSteps } from './pages.ts'

/** The sections of the manual 11.2 and how many steps each has; `below` counts those below a step. */
const sections: readonly { title: string; steps: number; below?: Readonly<Record<number, number>> }[] = [
  { title: '11.2.1 preferred node', steps: 7 },
  { title: '11.2.1 subsequent nodes', steps: 9 },
  { title: '11.2.1 non-root access', steps: 0 },
  { title: '11.2.1 testing', steps: 3 },
  { title: '11.2.2 store path', steps: 4 },
  { title: '11.2.2 Messaging Agent queue path', steps: 5 },
  { title: '11.2.2 Archive Agent queue path', steps: 5 },
  { title: '11.2.2 Messaging Agent log path', steps: 5 },
  { title: '11.2.2 Archive Agent log path', steps: 5 },
  { title: '11.2.3 load script', steps: 8, below: { 6: 3, 7: 3 } },
  { title: '11.2.3 unload script', steps: 4, below: { 2: 4, 3: 4 } },
  { title: '11.2.3 failover list and policies', steps: 3 },
]

const countTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

/** A section without numbers is one row by itself. */
const namesOf = ({ title, steps, below = {} }: (typeof sections)[number]): readonly string[] =>
  steps === 0
    ? [title]
    : countTo(steps).flatMap(step => [
        `${title}, ${step}`,
        ...countTo(below[step] ?? 0).map(inner => `${title}, ${step}.${inner}`),
      ])

const rows = manualRows()
const steps = playbookSteps()
const ids: readonly string[] = steps.map(({ id }) => id)

describe('docs/manual.yml', () => {
  it('has one row for each step of the manual, in its order', () => {
    expect(rows.map(({ name }) => name)).toEqual(sections.flatMap(namesOf))
  })

  it('names only steps that a playbook has', () => {
    const missing = rows.flatMap(({ name, step = [] }) => step.filter(id => !ids.includes(id)).map(id => [name, id]))
    expect(missing).toEqual([])
  })

  it('names only errata that are written down', () => {
    const missing = rows.flatMap(row => row.errata.filter(id => !errata().includes(id)).map(id => [row.name, id]))
    expect(missing).toEqual([])
  })

  it('names every erratum, unless a playbook does', () => {
    const named = [...rows.flatMap(row => row.errata), ...steps.map(({ source = '' }) => source.replace('errata ', ''))]
    expect(errata().filter(id => !named.includes(id))).toEqual([])
  })
})

describe('the playbooks', () => {
  const sourced = steps.flatMap(({ id, source }) => namedBy(source ?? '').map(name => ({ id, name })))

  it('give only sources that are a row of the manual or an erratum', () => {
    const known = [...rows.map(({ name }) => name), ...errata().map(id => `errata ${id}`)]
    expect(steps.filter(({ source }) => source !== undefined)).not.toEqual([])
    expect(sourced.filter(({ name }) => name.trim() !== '' && !known.includes(name))).toEqual([])
  })

  it('and the rows agree on who does what', () => {
    const bySource = sourced.filter(({ name }) => rows.some(row => row.name === name))
    const byRow = rows.flatMap(({ name, step = [] }) => step.map(id => ({ id, name })))
    const line = ({ id, name }: { id: string; name: string }) => `${name}: ${id}`
    expect(bySource.map(line).sort()).toEqual(byRow.map(line).sort())
  })
})

describe('a source', () => {
  it.each([
    ['11.2.1 testing, 1', ['11.2.1 testing, 1']],
    ['11.2.1 testing, 1 and 2', ['11.2.1 testing, 1', '11.2.1 testing, 2']],
    ['11.2.3 load script, 6, 6.1 and 8', ['11.2.3 load script, 6', '11.2.3 load script, 6.1', '11.2.3 load script, 8']],
    ['11.2.1 a, 2 to 3; b, 1', ['11.2.1 a, 2', '11.2.1 a, 3', '11.2.1 b, 1']],
    ['11.2.1 non-root access', ['11.2.1 non-root access']],
    ['errata D10', ['errata D10']],
  ])('%s names %j', (source, names) => {
    expect(namedBy(source)).toEqual(names)
  })
})
