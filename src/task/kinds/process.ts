// How many processes of one program run, and as whom.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ count: z.number(), users: z.array(z.string()) })

/** The key is the program's name as the kernel keeps it: at most 15 characters, no path. */
export const process = resource<z.infer<typeof schema>>({
  kind: 'process',
  schema,
  // The name stands in parentheses in `stat`; `comm` is not there on the oldest kernels. Processes end while we look.
  read: ($, name) =>
    $`[ -r /proc/self/stat ] || exit 1; for p in /proc/[0-9]*; do if read -r s 2>/dev/null <"$p/stat"; then case $s in *" ("${name}") Z "*) ;; *" ("${name}") "*) stat -c %U "$p" || [ ! -e "$p" ] || exit 1;; esac; fi; done; :`,
  parse({ stdout }) {
    const users = stdout.split('\n').filter(Boolean)
    return { count: users.length, users: [...new Set(users)].sort() }
  },
})
