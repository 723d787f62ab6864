// Finds filters, tests and functions that do not exist, and arguments that they do not take, before anything is worked out.

import { didYouMean } from '../text/did-you-mean.ts'
import { filters } from './evaluate.ts'
import type { Takes } from './filter.ts'
import { TemplateFault } from './lexer.ts'
import { globals } from './methods.ts'
import type { Arguments, Expression, NameAt, Range, Statement } from './syntax.ts'
import { templateTests } from './tests.ts'
import {
  unsupportedArguments,
  unsupportedFilters,
  unsupportedFunctions,
  unsupportedLookups,
  unsupportedTests,
} from './unsupported.ts'

/** All faults of a template's filters, tests and functions. */
export const unknownNames = (nodes: readonly (Statement | Expression)[]): TemplateFault[] => {
  const found: TemplateFault[] = []
  for (const node of nodes) walk(node, found)
  return found
}

/** What `lookup` can be asked for. */
export const lookupKinds = ['env', 'file'] as const

type Kind = {
  readonly noun: 'filter' | 'test'
  readonly known: Readonly<Record<string, { readonly takes: Takes }>>
  readonly instead: Readonly<Record<string, string>>
}

const aFilter: Kind = { noun: 'filter', known: filters, instead: unsupportedFilters }
const aTest: Kind = { noun: 'test', known: templateTests, instead: unsupportedTests }

/** Every node is a plain object, so that one walk through all properties meets all of them. */
const walk = (value: unknown, found: TemplateFault[]): void => {
  if (typeof value !== 'object' || value === null) return
  // The filter of a `{% filter %}` block has no type.
  if (isNamed(value, 'filter') || isNamed(value, undefined)) checkFilter(value, found)
  if (isNamed(value, 'test')) check(value.name, value.args, aTest, found)
  if ('callee' in value) checkCallee(value as Expression, found)
  for (const each of Object.values(value)) walk(each, found)
}

type Named = { readonly name: NameAt; readonly args: Arguments }

const isNamed = (value: object, type: 'filter' | 'test' | undefined): value is Named =>
  'name' in value &&
  'args' in value &&
  typeof value.name === 'object' &&
  ('type' in value ? value.type === type : type === undefined)

/** Which of its arguments names another filter or a test. */
const namesAnother: Readonly<Record<string, { readonly at: number; readonly kind: Kind }>> = {
  map: { at: 0, kind: aFilter },
  select: { at: 0, kind: aTest },
  reject: { at: 0, kind: aTest },
  selectattr: { at: 1, kind: aTest },
  rejectattr: { at: 1, kind: aTest },
}

const checkFilter = ({ name, args }: Named, found: TemplateFault[]): void => {
  check(name, args, aFilter, found)
  const other = Object.hasOwn(namesAnother, name.name) ? namesAnother[name.name] : undefined
  const inner = other && args.positional[other.at]
  if (other === undefined || inner?.type !== 'literal' || typeof inner.value !== 'string') return
  const of = inner.value.replace(/^.*\./, '')
  check({ ...inner, name: of }, { ...args, positional: args.positional.slice(other.at + 1) }, other.kind, found)
}

const check = ({ name, ...at }: NameAt, args: Arguments, kind: Kind, found: TemplateFault[]): void => {
  const { noun, known } = kind
  const one = Object.hasOwn(known, name) ? known[name] : undefined
  if (one !== undefined) checkArguments({ name, ...at }, args, one.takes, found)
  else found.push(new TemplateFault(`There is no ${noun} \`${name}\``, rangeOf(at), helpInstead(name, kind)))
}

/** Worked out for a name that is wrong alone: it is held against all that there are. */
const helpInstead = (name: string, { noun, known, instead }: Kind): string | undefined =>
  Object.hasOwn(instead, name) ? instead[name] : (asTest(name, noun) ?? didYouMean(name, Object.keys(known)))

/** In Ansible they were filters once. */
const asTest = (name: string, noun: string): string | undefined =>
  noun === aFilter.noun && Object.hasOwn(aTest.known, name)
    ? `it is a test: write \`is ${name}\` in the place of \`| ${name}\``
    : undefined

const rangeOf = ({ start, end }: Range): Range => ({ start, end })

const checkArguments = (name: NameAt, { positional, named }: Arguments, takes: Takes, found: TemplateFault[]): void => {
  const names = takes.filter(each => !each.startsWith('*'))
  const taken = names.length > 0 ? `it takes: ${names.join(', ')}` : undefined
  const tell = (seen: string, at: Range, help = taken) =>
    found.push(new TemplateFault(`\`${name.name}\` takes no argument ${seen}`, rangeOf(at), help))
  if (!takes.includes('**'))
    for (const each of named)
      if (!names.includes(each.name))
        tell(`\`${each.name}\``, each.value, unsupportedArguments[`${name.name}(${each.name})`])
  const tooMany = takes.includes('*') ? undefined : positional[names.length]
  if (tooMany !== undefined) tell(`number ${names.length + 1}`, tooMany)
}

/** What a lookup can be told beside the names. */
const ofLookups: Readonly<Record<(typeof lookupKinds)[number], Takes>> = {
  env: ['*', 'default', 'wantlist'],
  file: ['*', 'lstrip', 'rstrip', 'wantlist', 'errors'],
}

const checkCallee = (call: Expression, found: TemplateFault[]): void => {
  if (call.type !== 'call' || call.callee.type !== 'name') return
  const { callee, args } = call
  if (['lookup', 'query', 'q'].includes(callee.name)) checkLookup(args, found)
  const instead = Object.hasOwn(unsupportedFunctions, callee.name) ? unsupportedFunctions[callee.name] : undefined
  if (instead !== undefined && !Object.hasOwn(globals, callee.name))
    found.push(new TemplateFault(`There is no function \`${callee.name}\``, rangeOf(callee), instead))
}

const checkLookup = ({ positional, named }: Arguments, found: TemplateFault[]): void => {
  const [first] = positional
  if (first?.type !== 'literal') return
  const kind = String(first.value).replace(/^ansible\.(?:builtin|legacy)\./, '')
  const known = lookupKinds.find(each => each === kind)
  if (known === undefined)
    found.push(new TemplateFault(`There is no lookup \`${kind}\``, rangeOf(first), helpFor(kind)))
  else checkArguments({ ...first, name: `lookup('${kind}')` }, { positional, named }, ofLookups[known], found)
}

const helpFor = (kind: string): string =>
  (Object.hasOwn(unsupportedLookups, kind) ? unsupportedLookups[kind] : didYouMean(kind, lookupKinds)) ??
  `there are: ${lookupKinds.join(', ')}`
