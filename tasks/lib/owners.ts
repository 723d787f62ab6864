// To whom all that lies at and below a path belongs.
import { isBelow, resource, z } from '#task'

const schema = z.object({ pairs: z.array(z.string()) })

export const owners = resource<z.infer<typeof schema>>({
  kind: 'owners',
  schema,
  presumed: { pairs: [] },
  read: ($, path) => $`[ ! -e ${path} ] || find ${path} -exec stat -c '%U:%G' {} + | sort -u`,
  parse: ({ stdout }) => ({ pairs: stdout.split('\n').filter(Boolean) }),
  covers({ key }, { kind, key: other }) {
    return kind === 'file' && (other === key || isBelow(other, key)) ? { type: 'unknown' } : undefined
  },
})
