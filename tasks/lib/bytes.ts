// What a file holds, byte for byte: the oldest nodes have no base64.
import { resource, z } from '#task'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('bytes'), base64: z.string() }),
])

export const bytes = resource<z.infer<typeof schema>>({
  kind: 'bytes',
  schema,
  ofPath: true,
  presumed: { type: 'absent' },
  read: ($, path) => $`if [ -f ${path} ]; then echo is && od -An -v -tx1 ${path}; else echo absent; fi`,
  parse({ stdout }) {
    if (stdout.trim() === 'absent') return { type: 'absent' }
    const hex = stdout.replace(/^is\n/, '').replace(/\s+/g, '')
    if (!stdout.startsWith('is\n') || !/^(?:[\da-f]{2})*$/.test(hex)) return undefined
    return { type: 'bytes', base64: Buffer.from(hex, 'hex').toString('base64') }
  },
})
