// What an init script says of its service, or systemd of a unit, which is a name that ends with `.service`.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  /** `word`: the last word of the status line; `exitCode`: by LSB 0 runs, 3 does not, but many scripts differ. */
  z.object({ type: z.literal('service'), word: z.string(), exitCode: z.number().nullable() }),
])

const noScript = 44

export const service = resource<z.infer<typeof schema>>({
  kind: 'service',
  schema,
  exits: 'any',
  read: ($, name) =>
    name.endsWith('.service')
      ? $`systemctl cat ${name} >/dev/null 2>&1 || exit ${noScript}; LC_ALL=C systemctl is-active ${name}`
      : $`if [ -x ${`/etc/init.d/${name}`} ]; then ${`/etc/init.d/${name}`} status; else exit ${noScript}; fi`,
  parse({ stdout, exitCode }, name) {
    if (exitCode === noScript) return { type: 'absent' }
    const word = lastWord(stdout)
    return { type: 'service', word: (name.endsWith('.service') && wordsOfUnits[word]) || word, exitCode }
  },
  covers({ key }, other) {
    // Nobody can tell which processes and ports are its own.
    if (other.kind === 'process' || other.kind === 'port') return { type: 'unknown' }
    return other.kind === 'boot-start' && other.key === key ? { type: 'unknown' } : undefined
  },
})

/** As an init script would say it. */
const wordsOfUnits: Readonly<Record<string, string>> = { active: 'running', inactive: 'unused' }

/** The state stands last, at times after dots and between colour codes. */
const lastWord = (output: string): string =>
  output
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .toLowerCase()
    .match(/[a-z]+(?=[^a-z]*$)/)?.[0] ?? ''
