// The names of the switches in an agent's startup file. Their values stay there: passwords are among them.
import { resource, z } from '#task'

const schema = z.object({ names: z.array(z.string()) })

export const startupSwitches = resource<z.infer<typeof schema>>({
  kind: 'startup-switches',
  schema,
  ofPath: true,
  presumed: { names: [] },
  // `--queue`, `-queue` and `/queue` are the same to the agents. A comment begins with another sign.
  read: ($, path) =>
    $`if [ -f ${path} ]; then sed -n 's,^[[:space:]]*[-/][-/]*\\([A-Za-z][A-Za-z0-9]*\\).*,\\1,p' ${path}; fi`,
  parse: ({ stdout }) => ({ names: [...new Set(stdout.toLowerCase().split('\n').filter(Boolean))].sort() }),
})
