// What the pages of docs/ and those at the root name is there: files, steps, links, entries of the errata.
import { describe, expect, it } from 'vitest'
import { slug } from '../../src/model/address.ts'
import { errata, filesIn, isThere, playbookSteps, readText } from './pages.ts'

const pages = filesIn('docs', '.md')
const rootPages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md']
const inRepository = /^(?:bench|docs|inventory|lab|playbooks|src|tasks|test)\/[\w./-]+$/
const playbooks = filesIn('playbooks', '.yml').map(path => path.slice('playbooks/'.length, -'.yml'.length))
const ids: readonly string[] = playbookSteps().map(({ id }) => id)

const codesOf = (page: string): readonly string[] =>
  [...withoutBlocks(readText(page)).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

const withoutBlocks = (text: string): string => text.replace(/^```.*?^```$/gms, '')

const headingsOf = (page: string): readonly string[] =>
  [...withoutBlocks(readText(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading))

describe.each([...pages, ...rootPages])('%s', page => {
  it('names only files that are there', () => {
    const files = codesOf(page).filter(code => inRepository.test(code))
    expect(files.filter(path => !isThere(path))).toEqual([])
  })
})

describe.each(rootPages)('%s', page => {
  it('links only to files that are there', () => {
    const links = [...withoutBlocks(readText(page)).matchAll(/\]\((?!https?:)([^)#]*)/g)].map(([, file = '']) => file)
    expect(links.filter(file => !isThere(file))).toEqual([])
  })
})

describe.each(pages)('%s', page => {
  it('names only steps that a playbook has', () => {
    const named = codesOf(page).filter(
      code => /^[\w-]+\/[\w-]+$/.test(code) && playbooks.includes(code.split('/')[0] ?? ''),
    )
    expect(named.filter(id => !ids.includes(id))).toEqual([])
  })

  it('links only to pages and headings that are there', () => {
    const links = [...withoutBlocks(readText(page)).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
    const broken = links.filter(([, file = '', heading]) => {
      const target = file === '' ? page : `docs/${file}`
      return !isThere(target) || (heading !== undefined && !headingsOf(target).includes(heading))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })
})

describe('SECURITY.md', () => {
  const security = withoutBlocks(readText('SECURITY.md'))
  const claims = [...security.matchAll(/^\| (?!claim|it cannot|---)(.+) \| (.+) \|$/gm)].map(
    ([, claim = '', heldBy = '']) => ({
      claim,
      heldBy,
    }),
  )

  it.each(claims)('$claim: names the test that keeps it', ({ heldBy }) => {
    expect(heldBy).toMatch(/`test\/[\w./-]+`/)
  })

  it('has claims about nodes, repositories and networks', () => {
    expect(claims.length).toBeGreaterThan(20)
  })
})

const entriesOfErrata = readText('docs/errata.md')
  .split(/^### /m)
  .slice(1)
  .map(text => ({ id: /^\w+/.exec(text)?.[0] ?? '', text }))

describe('the errata', () => {
  it.each(entriesOfErrata)('$id: names the tests that hold it, each by words that stand in its file', ({ text }) => {
    const [, held = ''] = /^- \*\*Held by:\*\* ([\s\S]*?)\.\n/m.exec(text) ?? []
    const tests = held.split(';\n').map(one => /^\s*`(test\/[\w./-]+\.test\.ts)`, \*(.+)\*$/.exec(one)?.slice(1))
    expect(tests).not.toContain(undefined)
    for (const [file = '', title = ''] of tests.flatMap(test => [test ?? []])) expect(readText(file)).toContain(title)
  })

  it('has the twelve faults of the manual, then the conditions, each once and in order', () => {
    const faults = Array.from({ length: 12 }, (_, index) => `D${index + 1}`)
    const conditions = errata().slice(faults.length)
    expect(errata().slice(0, faults.length)).toEqual(faults)
    expect(conditions).toEqual(conditions.map((_, index) => `C${index + 1}`))
  })

  it('says of each entry what the manual says and what run does', () => {
    const isWhole = (text: string) => text.includes('- **Manual** (') && text.includes('- **run:** ')
    expect(entriesOfErrata.filter(({ text }) => !isWhole(text))).toEqual([])
  })
})
