// A text file of which a part is kept as wanted: what the tasks share that edit lines.
import { Problem, same, text, truth, type World, z } from '#task'
import { followed } from './links.ts'
import { answerOf, askAhead, lookAtFile, writingArgs } from './one-file.ts'

export const editingArgs = {
  ...writingArgs,
  create: truth.default(false).meta({ description: 'the file is made where it is not there' }),
}

type EditArgs = z.output<z.ZodObject<typeof editingArgs>> & { readonly path: string }

type Editing = {
  /** Pure; what it made it leaves as it is. */
  edit(text: string): string
  /** What has to be away is away where there is no file. */
  readonly isAwayWithout?: boolean
  /** Nothing where a result says no more than that of a file. */
  readonly tell?: Telling
}

/** What `register` gets of an edit, in Ansible's words. The text is empty where there was no file. */
type Telling = (texts: { readonly before: string; readonly after: string; readonly isNew: boolean }) => Told

type Told = { readonly msg: string; readonly found?: number }

export const toldFields = {
  msg: z.string().optional().meta({ description: 'what was changed; nothing where nothing was' }),
}

/** What differs of the file from how it reads once it is edited. */
export const lookAtEdited = async (world: World, args: EditArgs, { edit, isAwayWithout = false, tell }: Editing) => {
  askAhead(world, text(args.path))
  const path = await followed(world, args.path)
  const seen = await world.look(text(path))
  if (seen.type === 'absent' && isAwayWithout)
    return same(`${path} is not there`, { dest: path, msg: 'file not present' })
  if (seen.type === 'absent' && !args.create) throw notThere(path)
  const before = seen.type === 'text' ? seen.text : ''
  const content = edit(before)
  if (content !== before && edit(content) !== content) throw notSettled(path, { content, again: edit(content) })
  const looked = await lookAtFile(world, { ...args, path, content, isTold: true })
  const told = tell && toldOf(looked.changes, tell)
  return answerOf(path, { ...looked, result: { ...looked.result, ...told } })
}

/** What `register` gets of these changes. */
export const toldOf = (changes: readonly Edit[], tell: Telling): Told => {
  const edit = changes.find(({ after }) => textIn(after) !== undefined)
  const [before, after] = [textIn(edit?.before), textIn(edit?.after)]
  const told = tell({ before: before ?? '', after: after ?? '', isNew: before === undefined })
  if (edit) return told
  return { ...told, msg: changes.length === 0 ? '' : 'ownership, perms or SE linux context changed' }
}

type Edit = { readonly before: unknown; readonly after: unknown }

const textIn = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'text' in value ? `${value.text}` : undefined

/** The text that the change tells. */
export const editedText = (changes: readonly Edit[]): string =>
  changes.map(({ after }) => textIn(after)).find(text => text !== undefined) ?? ''

/** Told before anything is written: the second run would change it once more. */
const notSettled = (
  path: string,
  { content, again }: { readonly content: string; readonly again: string },
): Problem => {
  const lines = content.split('\n')
  const at = again.split('\n').findIndex((line, index) => line !== lines[index])
  return new Problem({
    code: 'edit-unsettled',
    summary: `What would be written to ${path} is found there again, so that each run would change it once more`,
    seen: `line ${at + 1} after this run: ${lines[at] ?? ''}; after the next one: ${again.split('\n')[at] ?? ''}`,
    wanted: 'a text that a second look leaves as it is',
    help: 'let `regexp:` find the line in both forms, as it is now and as it is wanted, or only the one that is to go',
  })
}

const notThere = (path: string): Problem =>
  new Problem({
    code: 'path-absent',
    summary: `${path} is not there, so nothing of it can be edited`,
    seen: 'nothing',
    wanted: 'a text file',
    help: 'correct `path:`, or write `create: true`',
  })
