// Keeps one line in a text file, or away from it.
import { absolutePath, expanded, findIn, foundIn, regularExpression, task, truth, z } from '#task'
import { editedText, editingArgs, lookAtEdited, toldFields, toldOf } from './lib/edited.ts'
import { insteadOnFiles } from './lib/instead.ts'
import { closed, linesOf } from './lib/lines.ts'
import { makeFile, takeFileBack, written } from './lib/one-file.ts'

const place = z.union([z.enum(['BOF', 'EOF']), regularExpression])

const args = z
  .strictObject({
    path: absolutePath,
    state: z.enum(['present', 'absent']).default('present'),
    line: z
      .string()
      .regex(/^[^\n]*$/, 'a text of one line')
      .optional(),
    regexp: regularExpression.optional().meta({ description: 'the last line that it fits is the one that is meant' }),
    search_string: z.string().min(1).optional().meta({ description: 'the same, for a text that is in the line' }),
    insertafter: place.optional().meta({ description: 'where a new line goes; at the end unless told' }),
    insertbefore: place.optional(),
    firstmatch: truth.default(false).meta({ description: 'the first line that fits, not the last' }),
    backrefs: truth.default(false).meta({ description: '`\\1` in the line is what `regexp` found' }),
    ...editingArgs,
  })
  .refine(({ state, line }) => state === 'absent' || line !== undefined, 'with `line`, the line that has to be there')
  .refine(
    ({ state, line, regexp, search_string }) => state === 'present' || (line ?? regexp ?? search_string) !== undefined,
    'with `line`, `regexp` or `search_string` for what has to go',
  )
  .refine(
    ({ insertafter, insertbefore }) => (insertafter && insertbefore) === undefined,
    'either `insertafter` or `insertbefore`',
  )
  .refine(({ regexp, search_string }) => (regexp && search_string) === undefined, 'either `regexp` or `search_string`')
  .refine(({ backrefs, regexp }) => !backrefs || regexp !== undefined, '`regexp` with `backrefs`')

type Args = z.output<typeof args>

export default task({
  name: 'lineinfile',
  summary: 'Keep one line in a text file, or away from it',
  example: `
- name: Root does not log in with a password
  lineinfile:
    path: /etc/ssh/sshd_config
    regexp: "^#?PermitRootLogin"
    line: PermitRootLogin prohibit-password
    validate: sshd -t -f %s
`,
  programs: { sed: 'write `lineinfile: { path: …, regexp: …, line: … }`' },
  args,
  result: written.extend({
    ...toldFields,
    found: z.number().optional().meta({ description: 'with `state: absent`, how many lines were there' }),
  }),
  aliases: { dest: 'path', destfile: 'path', name: 'path', value: 'line', regex: 'regexp' },
  instead: insteadOnFiles,
  inPlaceOf: {
    authorized_key: 'write `lineinfile:` with the key as `line:`, for the `authorized_keys` of the user',
    ini_file: 'write `lineinfile:` with `regexp:`, or a `template:` for the whole file',
    replace: 'write `lineinfile:` with `regexp:`, or a `template:` for the whole file',
  },

  check: ({ world, args }) =>
    lookAtEdited(world, args, {
      edit: text => edited(text, args),
      isAwayWithout: args.state === 'absent',
      tell: tellingOf(args),
    }),

  async apply(use) {
    const made = await makeFile(use, { ...use.args, content: editedText(use.changes) })
    return { ...made, ...toldOf(use.changes, tellingOf(use.args)) }
  },

  undo: takeFileBack,
})

const tellingOf =
  ({ state }: Pick<Args, 'state'>) =>
  ({ before, after }: { readonly before: string; readonly after: string }) => {
    const fewer = linesOf(before).length - linesOf(after).length
    if (state === 'absent') return { found: fewer, msg: `${fewer} line(s) removed` }
    return { msg: fewer < 0 ? 'line added' : 'line replaced' }
  }

const bare = (line: string): string => line.replace(/[\r\n]+$/, '')

const edited = (text: string, args: Args): string => {
  const lines = linesOf(text)
  if (args.state === 'present') return withLine(lines, args).join('')
  const meant = meantAmong(lines, args)
  return lines.filter((_, at) => !meant[at]).join('')
}

const meantAmong = (lines: readonly string[], { regexp, search_string, line }: Args): readonly boolean[] => {
  if (regexp !== undefined) return foundIn(regexp, lines.map(bare))
  return lines.map(each => (search_string !== undefined ? each.includes(search_string) : bare(each) === line))
}

const withLine = (lines: readonly string[], args: Args): readonly string[] => {
  const { line = '', backrefs, regexp, search_string } = args
  const fits = (regexp ?? search_string) === undefined ? -1 : oneOf(meantAmong(lines, args), args)
  const there = fits >= 0 ? fits : lines.findLastIndex(each => bare(each) === line)
  if (there >= 0) {
    const found = backrefs && fits >= 0 ? findIn(regexp ?? '', bare(lines[there] ?? '')) : null
    return lines.with(there, `${found ? expanded(line, found) : line}\n`)
  }
  return backrefs ? lines : inserted(lines, args)
}

const inserted = (lines: readonly string[], args: Args): readonly string[] => {
  const { line = '', insertafter, insertbefore } = args
  if (insertafter === 'BOF' || insertbefore === 'BOF') return [`${line}\n`, ...lines]
  const pattern = [insertafter, insertbefore].find(each => each !== undefined && each !== 'EOF')
  const found = pattern === undefined ? -1 : oneOf(foundIn(pattern, lines.map(bare)), args)
  if (found < 0) return [...closed(lines), `${line}\n`]
  const at = insertafter === undefined ? found : found + 1
  return [...closed(lines.slice(0, at)), `${line}\n`, ...lines.slice(at)]
}

const oneOf = (fits: readonly boolean[], { firstmatch }: Pick<Args, 'firstmatch'>): number =>
  firstmatch ? fits.indexOf(true) : fits.lastIndexOf(true)
