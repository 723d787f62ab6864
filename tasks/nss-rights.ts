// Keeps a trustee's rights on a directory of an NSS volume, where the directory decides access and not the owner.
import { absolutePath, change, differs, plainWord, resource, same, task, z } from '#task'

const schema = z.object({ trustees: z.record(z.string(), z.string()) })

/** @source OES, `rights`: `rights -f PATH show` lists a trustee and its rights a line. */
const trustees = resource<z.infer<typeof schema>>({
  kind: 'trustees',
  schema,
  ofPath: true,
  presumed: { trustees: {} },
  read: ($, path) => $`rights -f ${path} show`,
  parse: ({ stdout }) => ({ trustees: parseTrustees(stdout) }),
})

export default task({
  name: 'nss-rights',
  summary: 'Keep a trustee’s rights on a directory of an NSS volume',
  example: `
- name: Rights on the volume
  nss-rights: { path: /media/nss/MSGR, trustee: nvlmsgr }
`,
  args: z.strictObject({
    path: absolutePath,
    trustee: plainWord,
    rights: z
      .string()
      .regex(/^[srwecmfa]+$/, 'letters of s r w e c m f a')
      .default('rwcemf'),
  }),

  async check({ world, args: { path, trustee, rights } }) {
    const seen = await world.look(trustees(path))
    const wanted = inOrder(rights)
    if (seen.trustees[trustee] === wanted) return same(`${trustee} has ${wanted} on ${path}`)
    return differs(change(trustees(path), seen, { trustees: { ...seen.trustees, [trustee]: wanted } }))
  },

  async apply({ $, args: { path, trustee, rights } }) {
    await $`rights -f ${path} -r ${rights} trustee ${trustee}`
  },

  async undo({ $, args: { path, trustee }, changes: [{ before }] }) {
    const rights = before.trustees[trustee]
    if (rights === undefined) await $`rights -f ${path} delete ${trustee}`
    else await $`rights -f ${path} -r ${rights} trustee ${trustee}`
  },
})

const inOrder = (rights: string): string => [...'srwecmfa'].filter(letter => rights.includes(letter)).join('')

/** A line has the trustee's name and, in brackets, the letters of its rights; which comes first is not known. */
const parseTrustees = (output: string): Record<string, string> =>
  Object.fromEntries(
    output.split('\n').flatMap(line => {
      const [, before, letters, after] = /^\s*(\S+)?\s*\[([SRWECMFAsrwecmfa_\- ]+)\]\s*(\S+)?\s*$/.exec(line) ?? []
      const name = before ?? after
      return name && letters ? [[name, inOrder(letters.toLowerCase())] as const] : []
    }),
  )
