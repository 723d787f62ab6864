// The entries of the directory, and what may be done to them by whom.
import { Fault, result } from './fault.ts'
import { matches } from './filter.ts'
import type { Modification, Search } from './request.ts'
import { type Attributes, type DirectoryState, depth, keyOf, nameOf, normal, parentOf, valuesOf } from './state.ts'

type Entry = { readonly dn: string; readonly attributes: Attributes }

/** What somebody who did not log in may see: enough for LUM to find its users, nothing about Messenger. */
const publicAttributes = new Set(
  'objectclass cn o ou uid uidnumber gidnumber homedirectory loginshell memberuid'.split(' '),
)

export class Tree {
  #name = ''
  #entries = new Map<string, Entry>()

  constructor(state: DirectoryState) {
    this.load(state)
  }

  load({ tree, entries }: DirectoryState): void {
    this.#name = tree
    this.#entries = new Map(Object.entries(entries).map(([dn, attributes]) => [normal(dn), { dn, attributes }]))
  }

  dump(): DirectoryState {
    const sorted = [...this.#entries.values()].sort((a, b) => depth(a.dn) - depth(b.dn) || (a.dn < b.dn ? -1 : 1))
    return { tree: this.#name, entries: Object.fromEntries(sorted.map(({ dn, attributes }) => [dn, attributes])) }
  }

  /** @returns The name under which further requests are judged; empty is nobody. */
  bind(dn: string, password: string): string {
    if (dn === '' && password === '') return ''
    if (password === '') throw new Fault(result.unwillingToPerform, 'a name needs a password')
    const known = valuesOf(this.#entries.get(normal(dn))?.attributes ?? {}, 'userPassword')
    if (!known.includes(password)) throw new Fault(result.invalidCredentials, 'failed authentication (-669)')
    return normal(dn)
  }

  search(who: string, { base, scope, filter }: Search): Entry[] {
    if (base === '' && scope === 'base') return [this.#root()]
    if (base !== '') this.#get(base)
    return [...this.#entries.values()]
      .filter(({ dn }) => isWithin(normal(dn), normal(base), scope))
      .map(entry => ({ dn: entry.dn, attributes: visible(entry.attributes, who) }))
      .filter(({ attributes }) => matches(filter, attributes) === true)
  }

  compare(who: string, dn: string, { attribute, value }: { attribute: string; value: string }): boolean {
    const { attributes } = this.#get(dn)
    const seen = attribute.toLowerCase() === 'userpassword' ? attributes : visible(attributes, who)
    const values = valuesOf(seen, attribute)
    if (values.length === 0) throw new Fault(result.noSuchAttribute, `no attribute ${attribute}`)
    return values.includes(value)
  }

  add(who: string, dn: string, attributes: Attributes): void {
    this.#mayWrite(who)
    const [name, value] = nameOf(dn)
    if (name === '' || value === '') throw new Fault(result.invalidDNSyntax, `no name: ${dn}`)
    if (this.#entries.has(normal(dn))) throw new Fault(result.entryAlreadyExists, 'entry already exists (-606)')
    const parent = parentOf(dn)
    if (parent !== '') this.#get(parent)
    if (valuesOf(attributes, 'objectClass').length === 0)
      throw new Fault(result.objectClassViolation, 'an entry needs an objectClass (-608)')
    const named = valuesOf(attributes, name).length > 0 ? attributes : { [name]: [value], ...attributes }
    this.#entries.set(normal(dn), { dn, attributes: named })
  }

  delete(who: string, dn: string): void {
    this.#mayWrite(who)
    this.#get(dn)
    const below = `,${normal(dn)}`
    if ([...this.#entries.keys()].some(key => key.endsWith(below)))
      throw new Fault(result.notAllowedOnNonLeaf, 'there are entries below it (-629)')
    this.#entries.delete(normal(dn))
  }

  /** All of the changes, or none. */
  modify(who: string, dn: string, changes: readonly Modification[]): void {
    this.#mayWrite(who)
    const { dn: written, attributes } = this.#get(dn)
    const changed = changes.reduce(modified, attributes)
    const [name, value] = nameOf(written)
    if (!valuesOf(changed, name).includes(value)) throw new Fault(result.notAllowedOnRDN, `${name} names the entry`)
    if (valuesOf(changed, 'objectClass').length === 0)
      throw new Fault(result.objectClassViolation, 'an entry needs an objectClass (-608)')
    this.#entries.set(normal(written), { dn: written, attributes: changed })
  }

  #get(dn: string): Entry {
    const entry = this.#entries.get(normal(dn))
    if (entry === undefined) throw new Fault(result.noSuchObject, 'no such entry (-601)')
    return entry
  }

  #root(): Entry {
    const tops = [...this.#entries.values()].filter(({ dn }) => depth(dn) === 1).map(({ dn }) => dn)
    return {
      dn: '',
      attributes: {
        objectClass: ['top'],
        namingContexts: tops,
        supportedLDAPVersion: ['3'],
        directoryTreeName: [`t=${this.#name}`],
        vendorName: ["the lab's stand-in for eDirectory"],
      },
    }
  }

  #mayWrite(who: string): void {
    const rights = valuesOf(this.#entries.get(who)?.attributes ?? {}, 'acl')
    if (!rights.includes('supervisor')) throw new Fault(result.insufficientAccessRights, 'no access (-672)')
  }
}

const isWithin = (dn: string, base: string, scope: Search['scope']): boolean => {
  if (scope === 'base') return dn === base
  if (scope === 'one') return parentOf(dn) === base && dn !== ''
  return base === '' || dn === base || dn.endsWith(`,${base}`)
}

const visible = (attributes: Attributes, who: string): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) =>
      who === '' ? publicAttributes.has(name.toLowerCase()) : name.toLowerCase() !== 'userpassword',
    ),
  )

const modified = (attributes: Attributes, { how, attribute, values }: Modification): Attributes => {
  const key = keyOf(attributes, attribute) ?? attribute
  const { [key]: before = [], ...others } = attributes
  const after = { add: added, delete: deleted, replace: (_: readonly string[], next: readonly string[]) => next }[how](
    before,
    values,
  )
  return after.length === 0 ? others : { ...others, [key]: after }
}

const added = (before: readonly string[], values: readonly string[]): readonly string[] => {
  if (values.some(value => before.includes(value)))
    throw new Fault(result.attributeOrValueExists, 'the value is there already (-614)')
  return [...before, ...values]
}

const deleted = (before: readonly string[], values: readonly string[]): readonly string[] => {
  if (before.length === 0 || values.some(value => !before.includes(value)))
    throw new Fault(result.noSuchAttribute, 'no such value (-602)')
  return values.length === 0 ? [] : before.filter(value => !values.includes(value))
}
