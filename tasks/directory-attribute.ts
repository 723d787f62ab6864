// Keeps one attribute of one entry in the directory at one value. Where nobody knows its name, it is found by its value.
import {
  type AttributeValue,
  attribute,
  change,
  type Directory,
  type DirectoryValue,
  differs,
  entry,
  type Holders,
  holders,
  Problem,
  partsOf,
  readNow,
  same,
  task,
  type World,
  z,
} from '#task'

const args = z
  .strictObject({
    below: z.string().min(1).meta({ description: 'distinguished name at and below which it is looked for' }),
    value: z.string().min(1).meta({ description: 'what it is to be' }),
    instead_of: z.string().optional().meta({ description: 'what it is at first: by this it is found' }),
    object: z.string().optional().meta({ description: 'the entry, where it cannot be found by the value' }),
    attribute: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9.;-]*$/, 'the name of an attribute')
      .optional(),
  })
  .refine(({ object, attribute }) => (object === undefined) === (attribute === undefined), {
    path: ['attribute'],
    message: 'both or none of `object` and `attribute`',
  })
  .refine(({ object, instead_of }) => object !== undefined || instead_of !== undefined, {
    path: ['instead_of'],
    message: 'the value by which it is found, or `object` and `attribute`',
  })

type Args = z.infer<typeof args>

export default task({
  name: 'directory-attribute',
  summary: 'Keep one attribute in the directory at one value, found by the value that it has',
  example: `
- name: Queue path
  directory-attribute:
    below: cn=MessengerService,o=novell
    instead_of: /var/opt/novell/messenger/ma/queue
    value: /mnt/messenger/ma/queue
`,
  args,
  result: z.object({ dn: z.string(), attribute: z.string() }),

  async check({ world, args }) {
    const { dn, name } = await find(world, args)
    const seen = await world.look(attribute(name, dn))
    const result = { dn, attribute: name }
    if (seen.type === 'values' && seen.values.length > 1) throw severalValues(dn, name, seen.values)
    if (seen.type === 'values' && seen.values[0] === args.value) return same(`${name} of ${dn} says so`, result)
    const after = { type: 'values' as const, values: [args.value] }
    return { ...differs(change(attribute(name, dn), seen, after)), result }
  },

  async apply({ $, directory, changes: [{ key, before, after }] }) {
    await write(directory, key, { before, after }).catch(async error => {
      // The connection was lost before the directory had answered: it is looked at, over a new one.
      if (!(error instanceof Problem) || error.code !== 'directory-outcome-unknown') throw error
      const { name, dn } = partsOf(key)
      const now = await readNow($, attribute(name, dn), directory).catch(() => undefined)
      if (now?.type !== 'values' || now.values[0] !== after.values[0]) throw error
    })
    const { name, dn } = partsOf(key)
    return { dn, attribute: name }
  },

  async undo({ directory, changes: [{ key, before, after }] }) {
    await write(directory, key, { before: after, after: before })
  },
})

type Sides = { readonly before: AttributeValue; readonly after: AttributeValue }

const write = (directory: Directory, key: string, { before, after }: Sides): Promise<void> => {
  const { name, dn } = partsOf(key)
  return directory.modify(dn, [{ attribute: name, before: held(before), after: held(after) }])
}

const held = (value: AttributeValue): readonly DirectoryValue[] => (value.type === 'values' ? value.values : [])

type Place = { readonly dn: string; readonly name: string }

const find = async (world: World, args: Args): Promise<Place> => {
  const { object, attribute, below, value, instead_of = value } = args
  if (object !== undefined && attribute !== undefined) {
    if ((await world.look(entry(object))).type === 'absent') throw notThere(object)
    return { dn: object, name: attribute }
  }
  const old = await world.look(holders(instead_of, below))
  const now = await world.look(holders(value, below))
  if (old.type === 'absent' || now.type === 'absent') throw notThere(below)
  const [found, ...others] = instead_of === value ? now.found : [...old.found, ...now.found]
  if (!found) throw notFound(args)
  if (others.length > 0) throw foundTwice(args, [found, ...others])
  return { dn: found.dn, name: found.attribute }
}

const notThere = (dn: string): Problem =>
  new Problem({
    code: 'entry-not-there',
    summary: `${dn} is not in the directory`,
    wanted: 'the entry',
    help: 'see whether the name is right, and whether this is the right tree; what creates it has to be done before',
  })

const notFound = ({ below, value, instead_of }: Args): Problem =>
  new Problem({
    code: 'attribute-not-found',
    summary: `Nothing in the directory has the value ${instead_of}, so the attribute to be changed is not known`,
    seen: `no attribute at or below ${below} has it, nor the new value ${value}`,
    wanted: 'exactly one, which is the attribute that is meant',
    state: 'nothing was guessed, and nothing written',
    help: 'where it is not set the default holds: name the entry and the attribute, as `object` and `attribute` of the step',
  })

type Found = Extract<Holders, { type: 'holders' }>['found']

const foundTwice = ({ instead_of, below }: Args, found: Found): Problem =>
  new Problem({
    code: 'attribute-found-twice',
    summary: `Several attributes in the directory may be the one that has ${instead_of}`,
    seen: found.map(({ dn, attribute }) => `${attribute} of ${dn}`).join('\n'),
    wanted: `exactly one at or below ${below}`,
    state: 'nothing was guessed, and nothing written',
    help: 'look below a name that has one of them only, or name entry and attribute, as `object` and `attribute` of the step',
  })

const severalValues = (dn: string, name: string, values: readonly DirectoryValue[]): Problem =>
  new Problem({
    code: 'attribute-has-several-values',
    summary: `${name} of ${dn} has several values, and one is to be`,
    seen: values.map(value => (typeof value === 'string' ? value : `${value.base64} (base64)`)).join('\n'),
    wanted: 'one value, or none',
    state: 'nothing was written',
    help: 'see which of them counts, and take the others away',
  })
