// Carries out one POSIX sh script: by its guard, or once.
import { absolutePath, output, quote, same, shellScript, task, z } from '#task'
import { actArgs, checkAct, ended, inDirectory, runAct } from './lib/act.ts'
import { insteadOnCommands } from './lib/instead.ts'

export default task({
  name: 'shell',
  summary: 'Carry out one POSIX sh script; due by its guard, or once for as long as it reads the same',
  example: `
- name: Old logs
  shell:
    cmd: find {{ log_directory | quote }} -name '*.log' -mtime +30 | wc -l
    reads: true
  register: old_logs
`,
  args: z.strictObject({
    cmd: shellScript,
    executable: absolutePath.optional().meta({
      description: 'another shell than `sh`, such as `/bin/bash`, which has to be on the node',
      isShell: true,
    }),
    ...actArgs,
  }),
  result: ended,
  freeForm: 'cmd',
  instead: insteadOnCommands,
  inPlaceOf: {
    raw: 'write `shell:`: nothing but a POSIX sh is needed on a node',
    script: 'write what is in the script below `shell:`, or copy it, and write a `command:` step',
  },
  opaque: true,
  lasting: true,

  async check({ world, proof, args }) {
    const script = scriptOf(args)
    if (args.reads) return same('it only looks', { ...(await world.look(output(script))), cmd: args.cmd })
    return checkAct({ world, proof }, args, { words: script, cmd: args.cmd })
  },

  async apply({ lasting, args }) {
    return await runAct(lasting, scriptOf(args), { cmd: args.cmd, stdin: args.stdin })
  },
})

const scriptOf = (args: {
  readonly cmd: string
  readonly executable?: string | undefined
  readonly chdir?: string | undefined
}): string =>
  inDirectory(args.executable === undefined ? args.cmd : `${quote(args.executable)} -c ${quote(args.cmd)}`, args)
