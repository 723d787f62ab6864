// Sees that a startup file does not set what the directory sets: a switch there would hide the directory's value.
import { absolutePath, Problem, same, task, z } from '#task'
import { startupSwitches } from './lib/startup-switches.ts'

export default task({
  name: 'unset-switches',
  summary: 'See that a startup file has none of some switches',
  example: `
- name: Startup file
  unset-switches: { file: /etc/opt/novell/messenger/strtup.ma, switches: [queue, log] }
`,
  args: z.strictObject({
    file: absolutePath.meta({ description: 'the startup file' }),
    switches: z.array(z.string()).min(1).meta({ description: 'their names, without the sign before them' }),
  }),
  onlyLooks: true,

  async check({ world, args: { file, switches } }) {
    const seen = await world.lookIfKnown(startupSwitches(file))
    if (!seen.known) return same(`${file} is looked at when it is there`)
    const hiding = switches.filter(name => seen.value.names.includes(name.toLowerCase()))
    if (hiding.length > 0) throw hides(file, hiding)
    return same(`${file} has none of them`)
  },

  async apply() {},
})

const hides = (file: string, names: readonly string[]): Problem =>
  new Problem({
    code: 'switch-hides-directory',
    summary: `A switch in ${file} comes before what the directory says`,
    seen: names.map(name => `--${name}`).join(', '),
    wanted: 'a startup file that leaves it to the directory',
    help: `take the line out of ${file}, on every node; if it has to stay, take its name out of \`startup_switches\``,
  })
