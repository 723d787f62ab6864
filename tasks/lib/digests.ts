// Digests of files of a node, which results hand on as Ansible's do. Nothing rests on them: they are for whoever compares.
import { resource, z } from '#task'

/** The oldest nodes may have one of the two programs. Empty for what is no file. */
const digest = (kind: string, digits: number) =>
  resource<{ sum: string }>({
    kind,
    schema: z.object({ sum: z.string() }),
    ofPath: true,
    presumed: { sum: '' },
    read: ($, path) => $`
if [ ! -f ${path} ]; then :
elif command -v ${`${kind}sum`} >/dev/null; then exec ${`${kind}sum`} <${path}
else exec openssl dgst ${`-${kind}`} <${path}; fi`,
    parse: ({ stdout }) => ({ sum: new RegExp(`\\b[\\da-f]{${digits}}\\b`).exec(stdout)?.[0] ?? '' }),
  })

export const sha1 = digest('sha1', 40)
export const md5 = digest('md5', 32)
