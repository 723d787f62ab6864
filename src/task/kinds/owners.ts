// To whom all that lies at and below a path belongs: each `owner:group` once.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ pairs: z.array(z.string()) })

const parse = ({ stdout }: { readonly stdout: string }) => ({ pairs: stdout.split('\n').filter(Boolean) })

/** Of everything: files, directories, links. */
export const owners = resource<z.infer<typeof schema>>({
  kind: 'owners',
  schema,
  ofPath: true,
  presumed: { pairs: [] },
  read: ($, path) => $`[ ! -e ${path} ] || find ${path} -exec stat -c '%U:%G' {} + | sort -u`,
  parse,
})

/** Of the directories alone: what programs leave in them is their own. */
export const directoryOwners = resource<z.infer<typeof schema>>({
  kind: 'directory-owners',
  schema,
  ofPath: true,
  presumed: { pairs: [] },
  read: ($, path) => $`[ ! -e ${path} ] || find ${path} -type d -exec stat -c '%U:%G' {} + | sort -u`,
  parse,
})
