// All that lies below a directory, as a number that changes with it: names, kinds and content, whoever owns it.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('other') }),
  /** `things`: files, directories, links and all else below it. */
  z.object({ type: z.literal('directory'), things: z.number(), sum: z.string() }),
])

export type Contents = z.infer<typeof schema>

/** What POSIX `cksum` says of nothing at all. */
export const emptyDirectory = { type: 'directory', things: 0, sum: '4294967295 0' } as const

export const contents = resource<Contents>({
  kind: 'contents',
  early: false,
  schema,
  ofPath: true,
  presumed: emptyDirectory,
  // Every file is read: for directories that are small, or empty as a rule.
  read: ($, path) => $`
if [ ! -e ${path} ] && [ ! -L ${path} ]; then echo absent; exit; fi
if [ ! -d ${path} ] || [ -L ${path} ]; then echo other; exit; fi
cd ${path} || exit
list() { find . ! -name . -type d && find . -type l -exec stat -c %N {} + && find . -type f -exec cksum {} + && find . ! -type d ! -type l ! -type f; }
all=$(list) || exit
find . ! -name . | wc -l
if [ -n "$all" ]; then printf '%s\n' "$all" | LC_ALL=C sort | cksum; else cksum </dev/null; fi`,
  parse({ stdout }) {
    const [first = '', sum = ''] = stdout.trim().split('\n')
    if (first === 'absent' || first === 'other') return { type: first }
    return /^\s*\d+$/.test(first) && sum !== '' ? { type: 'directory', things: Number(first), sum } : undefined
  },
})
