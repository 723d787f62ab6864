// Finds filters and tests that do not exist, before anything is worked out.

import { didYouMean } from '../text/did-you-mean.ts'
import { filters } from './evaluate.ts'
import { TemplateFault } from './lexer.ts'
import type { Expression, NameAt, Statement } from './syntax.ts'
import { templateTests } from './tests.ts'
import { unsupportedLookups } from './unsupported.ts'

/** All faults of a template's filters and tests. */
export const unknownNames = (nodes: readonly (Statement | Expression)[]): TemplateFault[] => {
  const found: TemplateFault[] = []
  for (const node of nodes) walk(node, found)
  return found
}

/** What `lookup` can be asked for. */
export const lookupKinds = ['env', 'file'] as const

/** Every node is a plain object, so that one walk through all properties meets all of them. */
const walk = (value: unknown, found: TemplateFault[]): void => {
  if (typeof value !== 'object' || value === null) return
  if (isNamed(value, 'filter')) check(value.name, 'filter', filters, found)
  if (isNamed(value, 'test')) check(value.name, 'test', templateTests, found)
  if (isNamed(value, undefined)) check(value.name, 'filter', filters, found)
  if ('callee' in value) checkCallee(value as Expression, found)
  for (const each of Object.values(value)) walk(each, found)
}

/** A filter or a test in an expression; without a type, the filter of a `{% filter %}` block. */
const isNamed = (value: object, type: 'filter' | 'test' | undefined): value is { readonly name: NameAt } =>
  'name' in value &&
  'args' in value &&
  typeof value.name === 'object' &&
  ('type' in value ? value.type === type : type === undefined)

const check = (
  { name, start, end }: NameAt,
  noun: 'filter' | 'test',
  known: Readonly<Record<string, unknown>>,
  found: TemplateFault[],
): void => {
  if (Object.hasOwn(known, name)) return
  const help = didYouMean(name, Object.keys(known))
  found.push(new TemplateFault(`There is no ${noun} \`${name}\``, { start, end }, help))
}

const checkCallee = (call: Expression, found: TemplateFault[]): void => {
  if (call.type !== 'call' || call.callee.type !== 'name' || !['lookup', 'query', 'q'].includes(call.callee.name))
    return
  const [first] = call.args.positional
  if (call.callee.name !== 'lookup')
    found.push(new TemplateFault(`There is no function \`${call.callee.name}\``, call.callee, 'write `lookup`'))
  else if (first?.type === 'literal' && !lookupKinds.some(kind => kind === first.value))
    found.push(new TemplateFault(`There is no lookup \`${first.value}\``, first, helpFor(`${first.value}`)))
}

const helpFor = (kind: string): string =>
  (Object.hasOwn(unsupportedLookups, kind) ? unsupportedLookups[kind] : didYouMean(kind, lookupKinds)) ??
  `there are: ${lookupKinds.join(', ')}`
