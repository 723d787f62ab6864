// What two shipped playbooks say of the same thing, since neither can read it from the other.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

type Node = { readonly [key: string]: unknown }

const textOf = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../playbooks/${name}.yml`, import.meta.url)), 'utf8')

/** Everything below a value that has the key. */
const having = (key: string, value: unknown): readonly Node[] => {
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap(each => having(key, each))
  return key in value ? [value as Node, ...below] : below // it has the key, so it is no list
}

it('verify compares the scripts with what cluster makes of the same settings', () => {
  const [made, others] = ['cluster', 'verify'].map(name =>
    having('script_settings', parse(textOf(name), { merge: true })),
  )
  expect(made).toHaveLength(1)
  expect(others).toEqual([made?.[0], made?.[0]])
})

it('verify compares what cluster writes: the same arguments, but for who writes them', () => {
  const [made, compared] = ['cluster', 'verify'].map(
    name => having('cluster-scripts', parse(textOf(name), { merge: true }))[0]?.['cluster-scripts'],
  )
  expect({ ...(compared as Node), by: (made as Node).by }).toEqual(made)
})

it('verify compares the modes that cluster writes', () => {
  const [made, compared] = ['cluster', 'verify'].map(
    name => having('cluster-policies', parse(textOf(name), { merge: true }))[0]?.['cluster-policies'],
  )
  expect({ ...(compared as Node), nodes: (made as Node).nodes }).toEqual(made)
})

const shipped = readdirSync(fileURLToPath(new URL('../../playbooks', import.meta.url))).flatMap(
  file => /^(.+)\.yml$/.exec(file)?.[1] ?? [],
)

it.each(shipped)('%s names no service of the agents itself: a site may have units', name => {
  expect(textOf(name).match(/(?:novell|gwm)-nm[am]a/g)).toBeNull()
})

it('the dialogue starts no agent, on no node: as root it would leave files that its user cannot use (errata, C6)', () => {
  const { prompts } = parse(
    readFileSync(fileURLToPath(new URL('../../playbooks/dialogues/messenger-2.2.yml', import.meta.url)), 'utf8'),
  )
  const starts = (prompts as readonly Node[]).filter(({ expect: words }) => /start/i.test(String(words)))
  expect(starts.map(({ answer, when }) => ({ answer, when }))).toEqual([{ answer: 'n', when: undefined }])
})
