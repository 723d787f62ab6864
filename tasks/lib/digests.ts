// Digests of files of a node, which results hand on as Ansible's do. Nothing rests on them: they are for whoever compares.
import { type HostDollar, type Output, resource, z } from '#task'

/** The oldest nodes may have one of the two. Empty for what is no file. */
const digest = (kind: string, hex: RegExp, read: ($: HostDollar, path: string) => PromiseLike<Output>) =>
  resource<{ sum: string }>({
    kind,
    schema: z.object({ sum: z.string() }),
    ofPath: true,
    presumed: { sum: '' },
    read,
    parse: ({ stdout }) => ({ sum: hex.exec(stdout)?.[0] ?? '' }),
  })

export const sha1 = digest(
  'sha1',
  /\b[\da-f]{40}\b/,
  ($, path) => $`
if [ ! -f ${path} ]; then :
elif command -v sha1sum >/dev/null; then sha1sum <${path}
else openssl dgst -sha1 <${path}; fi`,
)

export const md5 = digest(
  'md5',
  /\b[\da-f]{32}\b/,
  ($, path) => $`
if [ ! -f ${path} ]; then :
elif command -v md5sum >/dev/null; then md5sum <${path}
else openssl dgst -md5 <${path}; fi`,
)
