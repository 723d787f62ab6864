// Carries out one program with its arguments, without a shell between: by its guard, or once.
import { output, same, splitWords, task, wordsIn, z } from '#task'
import { actArgs, checkAct, ended, inDirectory, runAct } from './lib/act.ts'
import { expandedLine } from './lib/expanded.ts'
import { insteadOnCommands } from './lib/instead.ts'
import { byProgram } from './lib/other-modules.ts'

const args = z
  .strictObject({
    cmd: z
      .string()
      .min(1)
      .refine(line => wordsIn(line) !== undefined, 'a command line in which each quote is closed')
      .optional()
      .meta({ language: 'words' }),
    argv: z.array(z.string()).min(1).optional().meta({ language: 'argv' }),
    ...actArgs,
  })
  .refine(({ cmd, argv }) => (cmd === undefined) !== (argv === undefined), 'either `cmd` or `argv`')

const wordsOf = ({ cmd, argv }: z.output<typeof args>): readonly string[] => argv ?? splitWords(cmd ?? '')

const lineOf = (given: z.output<typeof args>): string => inDirectory(expandedLine(wordsOf(given)), given)

export default task({
  name: 'command',
  summary: 'Carry out one program without a shell; due by its guard, or once for as long as it reads the same',
  example: `
- name: Version
  command: { cmd: rpm -q novell-messenger, reads: true }
  register: version
- name: Archive
  command:
    argv: [tar, -xf, /srv/media/messenger.tar, -C, /opt/media]
    creates: /opt/media/install
`,
  args,
  result: ended,
  freeForm: 'cmd',
  instead: insteadOnCommands,
  inPlaceOf: {
    ...byProgram,
    expect: 'write a `command:` step with `stdin:`, where the program reads its answers there',
  },
  opaque: true,
  lasting: true,

  async check({ world, proof, args }) {
    if (args.reads)
      return same('it only looks', { ...(await world.look(output(lineOf(args)))), cmd: [...wordsOf(args)] })
    return checkAct({ world, proof }, args, { words: lineOf(args), cmd: wordsOf(args) })
  },

  async apply({ lasting, args }) {
    return await runAct(lasting, lineOf(args), { cmd: wordsOf(args), stdin: args.stdin })
  },
})
