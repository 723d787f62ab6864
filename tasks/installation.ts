// Sees that a program is installed: its package, and the files that its installation leaves.
import { absolutePath, file, Problem, packageOf, plainWord, same, task, z } from '#task'

export default task({
  name: 'installation',
  summary: 'See that a package and the files of an installation are there',
  example: `
- name: Installation
  installation: { package: novell-messenger, paths: [/etc/init.d/novell-nmma] }
`,
  args: z.strictObject({
    package: plainWord.optional().meta({ description: 'its name in the package database' }),
    paths: z.array(absolutePath).min(1),
  }),
  onlyLooks: true,

  async check({ world, args }) {
    const missing: string[] = []
    if (args.package !== undefined && (await world.look(packageOf(args.package))).type === 'absent')
      missing.push(`package ${args.package}`)
    for (const path of args.paths) if ((await world.look(file(path))).type === 'absent') missing.push(path)
    if (missing.length > 0) throw notInstalled(missing)
    return same('all of it is there')
  },

  async apply() {},
})

const notInstalled = (missing: readonly string[]): Problem =>
  new Problem({
    code: 'not-installed',
    summary: 'Something of the installation is not there',
    seen: `missing: ${missing.join(', ')}`,
    wanted: 'the package, init scripts and startup files on every node of the failover list',
    help: 'install on this node: `run playbook install`',
  })
