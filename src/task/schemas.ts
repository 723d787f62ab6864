// The argument types that task modules share.
import { z } from 'zod'
import { Secret } from '../model/secret.ts'
import type { Dialogue } from '../shell/dialogue.ts'

export const absolutePath = z
  .string()
  .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))[^\0\n]*$/, 'an absolute path without `..`')
  .meta({ title: 'absolute path' })

export const userName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]*\$?$/i, 'the name of a user')
  .meta({ title: 'user name' })

export const groupName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]*$/i, 'the name of a group')
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

const octalMode = 'an octal mode in quotes, such as "0755"'

export const fileMode = z
  .string(octalMode)
  .regex(/^0?[0-7]{3,4}$/, octalMode)
  .transform(mode => mode.padStart(4, '0'))
  .meta({ title: 'file mode' })

/** A text, which is never shown where it holds a secret. */
export const textOrSecret = z.union([z.string(), z.instanceof(Secret)]).meta({ title: 'text' })

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
