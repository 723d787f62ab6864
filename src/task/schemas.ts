// The argument types that task modules share.
import { z } from 'zod'
import type { LargeFile } from '../model/large-file.ts'
import { Secret } from '../model/secret.ts'
import type { Dialogue } from '../shell/dialogue.ts'
import { inAscii, inOneLine } from '../template/python-json.ts'
import { revealed, secretIn } from '../template/values.ts'
import { truthOf } from '../text/words.ts'

export const absolutePath = z
  .string()
  .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))[^\0\n]*$/, 'an absolute path without `..`')
  .meta({ title: 'absolute path' })

/** A number may belong to somebody else on the next node, and a node tells names. */
const named = (whom: string, base: string, input: unknown): string =>
  /^\d+$/.test(String(input))
    ? `the name of a ${whom}, not its number: \`getent ${base} ${input}\` on the node tells it`
    : `the name of a ${whom}`

export const userName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]*\$?$/i, { error: ({ input }) => named('user', 'passwd', input) })
  .meta({ title: 'user name' })

export const groupName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]*$/i, { error: ({ input }) => named('group', 'group', input) })
  .meta({ title: 'group name' })

/** A word for a command line that no program can take for an option. */
export const plainWord = z
  .string()
  .regex(/^(?!-)[^\p{Cc}]+$/u, 'a text of one line that does not start with a dash')
  .meta({ title: 'word' })

/** It becomes a file below /etc/init.d, so it leads nowhere else. */
export const serviceName = z
  .string()
  .regex(/^\w[\w.@:+-]*$/, 'the name of a service: letters, digits and . @ : + - _')
  .meta({ title: 'service name' })

/** A script that a shell reads: `run lint` tells what a playbook fills in there without `| quote`. */
export const shellScript = z.string().min(1).meta({ title: 'script', language: 'sh' })

/** What is true or false, also in the words that Ansible's YAML has for it. */
export const truth = z
  .union([z.boolean(), z.string().refine(word => truthOf(word) !== undefined, 'true or false')])
  .transform(value => truthOf(value) === true)
  .meta({ title: 'true or false' })

/** What lies in a file of the controller that an argument names. */
export type SourceFile = {
  /** As the playbook has it. */
  readonly name: string
  /** Bytes that are no text stand in base64; what is long stays where it lies; a template that was given a secret makes one. */
  readonly content: string | Secret | { readonly base64: string } | LargeFile
}

type Unless = { readonly unless?: string }

/**
 * Names a file of the controller, in `files/` beside the playbook or beside it; the task gets what is in it.
 *
 * @param unless The argument that says, where it is true, that the name means something else: then the task gets the name.
 */
export const controllerFile = ({ unless }: Unless = {}) =>
  z.custom<SourceFile | string>().meta({ title: 'file of the controller', takes: 'file', folder: 'files', unless })

/** Names a template of the controller, in `templates/` beside the playbook or beside it; the task gets it filled in. */
export const controllerTemplate = () =>
  z.custom<SourceFile>().meta({ title: 'template of the controller', takes: 'template', folder: 'templates' })

/**
 * Names a place on the controller, from the folder of the playbook on; the task gets its path.
 *
 * It is known before anything connects: a node never says where something is written here.
 */
export const controllerPlace = () =>
  z
    .string()
    .regex(/^[^\0\n]+$/, 'a path')
    .meta({ title: 'place on the controller', takes: 'place' })

/** An expression as `when:` has it; the task gets what it is on the host, and as it was written. */
export type Tested = { readonly condition: string; readonly holds: unknown }

/** Whether it held would be told of each secret. */
const isNoSecret = (value: unknown): boolean => !(value instanceof Secret)

export const condition = z
  .union([
    z.boolean(),
    z.object({ condition: z.string(), holds: z.unknown().refine(isNoSecret, 'a condition, and no secret') }),
    // One that is filled in as a whole has no words of its own.
    z.string(),
  ])
  .transform((value): Tested => (typeof value === 'object' ? value : { condition: String(value), holds: value }))
  .meta({ title: 'condition', language: 'condition' })

const octalMode = 'an octal mode in quotes, such as "0755"'

export const fileMode = z
  .string(octalMode)
  .regex(/^0?[0-7]{3,4}$/, octalMode)
  .transform(mode => mode.padStart(4, '0'))
  .meta({ title: 'file mode' })

const symbolicClause = '[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+'

/** An octal mode, or one in letters that rests on the mode that is there: `u=rw,g=r`, `a+x`. */
export const modeOrLetters = z
  .string(octalMode)
  .regex(
    new RegExp(`^(?:0?[0-7]{3,4}|${symbolicClause}(?:,${symbolicClause})*)$`),
    `${octalMode}, or letters such as "u=rw,g=r"`,
  )
  .transform(mode => (/^\d/.test(mode) ? mode.padStart(4, '0') : mode))
  .meta({ title: 'file mode', instead: { preserve: 'write the mode that the file has, such as "0644"' } })

/** A text, which is never shown where it holds a secret. */
export const textOrSecret = z.union([z.string(), z.instanceof(Secret)]).meta({ title: 'text' })

/**
 * The same, where a number and a truth value stand for how Python writes them: `{{ port }}`, `{{ seen.changed }}`. A list
 * and a mapping stand for their JSON, as in Ansible, and nothing for an empty text.
 */
export const shownOrSecret = z
  .union([textOrSecret, z.number(), z.boolean(), z.null(), z.array(z.unknown()), z.record(z.string(), z.unknown())])
  .transform(value => {
    if (typeof value === 'number' || typeof value === 'boolean') return pythonText(value)
    if (typeof value === 'string' || value instanceof Secret) return value
    return value === null ? '' : asJson(value)
  })
  .meta({ title: 'text' })

/** A secret that is in it makes a secret of it all. */
const asJson = (value: unknown): string | Secret => {
  const secret = secretIn(value)
  const text = inAscii(inOneLine(revealed(value)))
  return secret === undefined ? text : new Secret(secret.label, text)
}

const pythonText = (value: number | boolean): string =>
  typeof value === 'number' ? String(value) : value ? 'True' : 'False'

/** A value that is never shown. A plain text becomes one. */
export const secret = z
  .union([z.instanceof(Secret), z.string()])
  .transform(value => (value instanceof Secret ? value : new Secret('secret', value)))
  .meta({ title: 'secret' })

/**
 * Names a file below `dialogues/` beside the playbook; the task gets what is in it.
 *
 * @param from The argument that holds what its answers can name.
 * @param also Names that the task adds to those.
 */
export const dialogue = ({ from, also = [] }: { readonly from: string; readonly also?: readonly string[] }) =>
  z.custom<Dialogue>().meta({ title: 'dialogue', reads: 'dialogue', from, also })

/** A text with places to fill in. */
export type TextTemplate = {
  /** As it is written. */
  readonly text: string
  /** @throws {Problem} `variable-undefined` for a name without a value, with its place. */
  fill(values: Readonly<Record<string, unknown>>): string
}

/** Names a file below `templates/` beside the playbook, without its ending `.j2`; the task gets the template in it. */
export const template = () => z.custom<TextTemplate>().meta({ title: 'template', reads: 'template' })
