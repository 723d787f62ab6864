// The content of a file that nobody may see: by a print of it, which shows that it changed, and nothing of the text.
import { scryptSync } from 'node:crypto'
import { z } from 'zod'
import { reveal, type Secret } from '../../model/secret.ts'
import { resource } from '../resource.ts'
import { coverContent } from './checksum.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('sealed'), print: z.string() }),
])

const noFile = 44

export const sealed = resource<z.infer<typeof schema>>({
  kind: 'sealed',
  schema,
  ofPath: true,
  presumed: { type: 'absent' },
  exits: [0, noFile],
  // What was read before it failed must not be told as the reason.
  read: ($, path) =>
    $`if [ ! -f ${path} ]; then exit ${noFile}; fi; cat ${path} || { echo 'it cannot be read' >&2; exit 1; }`,
  parse: ({ stdout, exitCode }, path) => (exitCode === noFile ? { type: 'absent' } : sealedAs(path, stdout)),
  covers: coverContent,
})

/** What a look at the file will see when it holds the secret. */
export const sealOf = (path: string, content: Secret) => sealedAs(path, reveal(content))

/**
 * The same on every machine, so salted with the path and not at random; slow to compute, since a journal may be read
 * by people who would try one password after the other. A very short secret can be found out all the same.
 */
const sealedAs = (path: string, text: string) => ({
  type: 'sealed' as const,
  print: scryptSync(text, `run sealed ${path}`, 8).toString('hex'),
})
