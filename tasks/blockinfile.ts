// Keeps one block of lines in a text file, between two lines that mark it, or away from it.
import { absolutePath, foundIn, regularExpression, task, z } from '#task'
import { editedText, editingArgs, lookAtEdited, toldFields, toldOf } from './lib/edited.ts'
import { insteadOnFiles } from './lib/instead.ts'
import { closed, linesOf } from './lib/lines.ts'
import { makeFile, takeFileBack, written } from './lib/one-file.ts'

const place = z.union([z.enum(['BOF', 'EOF']), regularExpression])

const args = z
  .strictObject({
    path: absolutePath,
    state: z.enum(['present', 'absent']).default('present'),
    block: z.string().default('').meta({ description: 'the lines; without any the block is kept away' }),
    marker: z
      .string()
      .includes('{mark}', { message: 'a line with `{mark}` in it' })
      .regex(/^[^\n]*$/, 'a text of one line')
      .default('# {mark} ANSIBLE MANAGED BLOCK'),
    marker_begin: z.string().default('BEGIN'),
    marker_end: z.string().default('END'),
    insertafter: place.optional().meta({ description: 'where a new block goes; at the end unless told' }),
    insertbefore: place.optional(),
    ...editingArgs,
  })
  .refine(
    ({ insertafter, insertbefore }) => (insertafter && insertbefore) === undefined,
    'either `insertafter` or `insertbefore`',
  )
  .refine(({ marker_begin, marker_end }) => marker_begin !== marker_end, '`marker_begin` and `marker_end` that differ')

type Args = z.output<typeof args>

export default task({
  name: 'blockinfile',
  summary: 'Keep one block of lines in a text file, between two lines that mark it, or away from it',
  example: `
- name: Hosts of the cluster
  blockinfile:
    path: /etc/hosts
    marker: "# {mark} cluster"
    block: |
      192.0.2.11 node1
      192.0.2.12 node2
`,
  args,
  result: written.extend(toldFields),
  aliases: { dest: 'path', destfile: 'path', name: 'path', content: 'block' },
  instead: {
    append_newline: 'write the empty line into the block',
    prepend_newline: 'write the empty line into the block',
    ...insteadOnFiles,
  },

  check: ({ world, args }) =>
    lookAtEdited(world, args, {
      edit: text => edited(text, args),
      isAwayWithout: args.state === 'absent' && args.create,
      tell: tellingOf(args),
    }),

  async apply(use) {
    const made = await makeFile(use, { ...use.args, content: editedText(use.changes) })
    return { ...made, ...toldOf(use.changes, tellingOf(use.args)) }
  },

  undo: takeFileBack,
})

const tellingOf =
  ({ state, block }: Args) =>
  ({ isNew }: { readonly isNew: boolean }) => {
    if (isNew) return { msg: 'File created' }
    return { msg: state === 'absent' || block === '' ? 'Block removed' : 'Block inserted' }
  }

const edited = (text: string, args: Args): string => {
  const lines = linesOf(text)
  const [begin, end] = [markOf(args, args.marker_begin), markOf(args, args.marker_end)]
  const marks = [lines.lastIndexOf(begin), lines.lastIndexOf(end)].toSorted((a, b) => a - b)
  const [first = -1, last = -1] = marks
  const isThere = first >= 0
  const at = isThere ? first : placeOf(lines, args)
  const after = isThere ? last + 1 : at
  return [...closed(lines.slice(0, at)), ...blockOf(args, begin, end), ...lines.slice(after)].join('')
}

const markOf = ({ marker }: Args, mark: string): string => `${marker.replaceAll('{mark}', mark)}\n`

const blockOf = ({ state, block }: Args, begin: string, end: string): readonly string[] =>
  state === 'absent' || block === '' ? [] : [begin, ...closed(linesOf(block)), end]

const placeOf = (lines: readonly string[], { insertafter, insertbefore }: Args): number => {
  if (insertbefore === 'BOF') return 0
  const pattern = [insertafter, insertbefore].find(each => each !== undefined && each !== 'EOF')
  const found = pattern === undefined ? -1 : foundIn(pattern, lines).lastIndexOf(true)
  if (found < 0) return lines.length
  return insertafter === undefined ? found : found + 1
}
