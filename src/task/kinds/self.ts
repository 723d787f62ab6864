// Who commands run as: to whom a thing belongs that is made without more words.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ user: z.string(), group: z.string() })

export const self = resource<z.infer<typeof schema>>({
  kind: 'self',
  schema,
  inWords: () => 'who commands run as',
  lasts: true,
  read: $ => $`id -un && exec id -gn`,
  parse({ stdout }) {
    const [user = '', group = ''] = stdout.trim().split('\n')
    return user !== '' && group !== '' ? { user, group } : undefined
  },
})
