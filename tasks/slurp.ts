// Reads a file, and hands on what it holds, in base64 as Ansible does.
import { absolutePath, Problem, same, task, z } from '#task'
import { bytes } from './lib/bytes.ts'

export default task({
  name: 'slurp',
  summary: 'Read a file, and hand on what it holds in base64',
  example: `
- name: Configuration
  slurp: { src: /etc/ssh/sshd_config }
  register: configuration
- name: Its first line
  debug: { msg: "{{ (configuration.content | b64decode).splitlines() | first }}" }
`,
  args: z.strictObject({ src: absolutePath }),
  result: z.object({
    content: z.string().meta({ description: 'in base64' }),
    encoding: z.literal('base64'),
    source: z.string().meta({ description: 'its path' }),
  }),
  aliases: { path: 'src' },
  onlyLooks: true,

  async check({ world, args: { src } }) {
    const seen = await world.look(bytes(src))
    if (seen.type === 'absent') throw notThere(src)
    return same(`${src} was read`, { content: seen.base64, encoding: 'base64', source: src })
  },

  async apply() {},
})

const notThere = (path: string): Problem =>
  new Problem({
    code: 'path-absent',
    summary: `${path} is not there, so it cannot be read`,
    seen: 'no file',
    wanted: 'a file on the node',
    help: 'correct `src:`, or write `when:` with what a `stat:` step registers',
  })
