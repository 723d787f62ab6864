// The content of a small text file.
import { z } from 'zod'
import { resource } from '../resource.ts'
import { coverContent } from './checksum.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('text'), text: z.string() }),
])

export type TextValue = z.infer<typeof schema>

const noFile = 44

export const text = resource<TextValue>({
  kind: 'text',
  schema,
  ofPath: true,
  presumed: { type: 'absent' },
  exits: [0, noFile],
  read: ($, path) => $`if [ -f ${path} ]; then exec cat ${path}; else exit ${noFile}; fi`,
  parse: ({ stdout, exitCode }) => (exitCode === noFile ? { type: 'absent' } : { type: 'text', text: stdout }),
  covers: coverContent,
})
