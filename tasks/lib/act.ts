// What `command` and `shell` share: when a foreign command is due, and how it is told.
import {
  type Answer,
  type ApplyContext,
  absolutePath,
  type CheckContext,
  change,
  due,
  file,
  type Json,
  notKnownYet,
  Problem,
  quote,
  type Secret,
  same,
  textOrSecret,
  truth,
  withoutBreaks,
  z,
} from '#task'

export const actArgs = {
  chdir: absolutePath.optional(),
  creates: absolutePath
    .optional()
    .meta({ description: 'not due where this is there, and it has to be there afterwards' }),
  removes: absolutePath
    .optional()
    .meta({ description: 'not due where this is not there, and it has to be away afterwards' }),
  reads: truth.default(false).meta({
    description:
      'only looks: carried out in the check, also in a dry run, and changes nothing; an exit status other than 0 is an answer, and no failure',
    onlyLooks: true,
  }),
  stdin: textOrSecret.optional().meta({ description: 'what it reads; the way in for a secret' }),
}

/** What `register` gets of a command. */
export const ended = z.object({
  stdout: z.string().meta({ description: 'what it printed, without the line breaks at the end' }),
  stderr: z.string().meta({ description: 'what it printed on stderr' }),
  rc: z.number().nullable().meta({ description: 'its exit status' }),
  cmd: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'what was carried out' }),
  msg: z.string().optional().meta({ description: 'why its guard kept it from being carried out' }),
})

/** As it was written: the words of a command, the text of a script. */
export type Cmd = string | readonly string[]

type ActArgs = {
  readonly chdir?: string | undefined
  readonly creates?: string | undefined
  readonly removes?: string | undefined
}

/** Due by its guard; without one it is an act, done once for as long as it reads the same. */
export const checkAct = async (
  { world, proof }: Pick<CheckContext<unknown>, 'world' | 'proof'>,
  { creates, removes }: ActArgs,
  { words, cmd }: { readonly words: string; readonly cmd: Cmd },
): Promise<Answer> => {
  if (creates !== undefined) {
    const seen = await world.look(file(creates))
    return seen.type === 'absent'
      ? due(`\`creates: ${creates}\` is not there`, change(file(creates), seen, notKnownYet))
      : same(`${creates} is there`, { ...leftAlone(`since ${creates} exists`), cmd: given(cmd) })
  }
  if (removes !== undefined) {
    const seen = await world.look(file(removes))
    return seen.type === 'absent'
      ? same(`${removes} is not there`, { ...leftAlone(`since ${removes} does not exist`), cmd: given(cmd) })
      : due(`\`removes: ${removes}\` is there`, change(file(removes), seen, { type: 'absent' }))
  }
  const proved = await proof.stands(words)
  return proved.stands ? same(proved.because, withCmd(proved.result, cmd)) : due(proved.because)
}

/**
 * Of a command that its guard keeps from being carried out. Ansible has the reason in `stdout`: there it would be
 * taken for what the command printed, and go into files.
 */
const leftAlone = (why: string) => ({ stdout: '', stderr: '', rc: 0, msg: `not carried out, ${why}` })

/** A receipt of an older version does not say it. */
const withCmd = (result: Json | undefined, cmd: Cmd): Json | undefined =>
  typeof result === 'object' && result !== null && !Array.isArray(result) ? { ...result, cmd: given(cmd) } : result

export const inDirectory = (script: string, { chdir }: Pick<ActArgs, 'chdir'>): string =>
  chdir === undefined ? script : `cd ${quote(chdir)} && ${script}`

/** @throws {Problem} `command-failed` where the exit status is not 0. */
export const runAct = async (
  lasting: ApplyContext<unknown, unknown>['lasting'],
  script: string,
  { cmd, stdin }: { readonly cmd: Cmd; readonly stdin?: string | Secret | undefined },
) => {
  const { stdout, stderr, exitCode } = await lasting({ script, stdin })
  const said = { stdout: withoutBreaks(stdout), stderr: withoutBreaks(stderr), rc: exitCode, cmd: given(cmd) }
  if (exitCode === 0) return said
  throw new Problem({
    code: 'command-failed',
    summary: 'The command failed',
    seen: [`exit status ${exitCode}`, (stderr || stdout).trim().slice(-600)].filter(Boolean).join('\n'),
    wanted: 'exit status 0',
    help: `try it on the node: \`${script}\``,
    // Ansible's words, which playbooks print and ask for.
    result: { ...said, msg: 'non-zero return code', changed: true },
  })
}

const given = (cmd: Cmd): string | string[] => (typeof cmd === 'string' ? cmd : [...cmd])
