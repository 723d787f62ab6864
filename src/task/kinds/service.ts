// What an init script says of its service, or systemd of a unit, which is a name that ends with `.service`.
import { z } from 'zod'
import type { Change, ResourceName } from '../../model/change.ts'
import type { LookDollar } from '../../shell/look-dollar.ts'
import { type Cover, type Output, resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  /** `word`: the last word of the status line, `stopped` where that is denied; `exitCode`: by LSB 0 runs, 3 does not, but many scripts differ. */
  z.object({ type: z.literal('service'), word: z.string(), exitCode: z.number().nullable() }),
])

const noScript = 44

type Status = z.infer<typeof schema>

const read = ($: LookDollar, name: string) =>
  name.endsWith('.service')
    ? $`systemctl cat ${name} >/dev/null || exit ${noScript}; LC_ALL=C systemctl is-active ${name}`
    : $`if [ -x ${`/etc/init.d/${name}`} ]; then exec ${`/etc/init.d/${name}`} status; else exit ${noScript}; fi`

const parse = ({ stdout, exitCode }: Output, name: string): Status => {
  if (exitCode === noScript) return { type: 'absent' }
  const word = lastWord(stdout)
  return { type: 'service', word: (name.endsWith('.service') && wordsOfUnits[word]) || word, exitCode }
}

export const service = resource<Status>({ kind: 'service', schema, exits: 'any', read, parse, covers })

/** The same as one word that can be wanted. */
export const serviceState = resource<{ state: 'absent' | 'running' | 'stopped' }>({
  kind: 'service-state',
  schema: z.object({ state: z.enum(['absent', 'running', 'stopped']) }),
  exits: 'any',
  read,
  parse(output, name) {
    const seen = parse(output, name)
    if (seen.type === 'absent') return { state: 'absent' }
    return { state: seen.exitCode === 0 && !downWords.has(seen.word) ? 'running' : 'stopped' }
  },
  covers,
})

/** Some scripts end with 0 whatever they say. */
const downWords: ReadonlySet<string> = new Set(['unused', 'dead', 'failed', 'stopped', 'down', 'inactive'])

function covers({ kind, key }: Change, other: ResourceName): Cover | undefined {
  // Nobody can tell which processes and ports are its own.
  if (other.kind === 'process' || other.kind === 'port') return { type: 'unknown' }
  const isOfIt = ['boot-start', 'service', 'service-state'].includes(other.kind) && other.kind !== kind
  return isOfIt && other.key === key ? { type: 'unknown' } : undefined
}

/** As an init script would say it. */
const wordsOfUnits: Readonly<Record<string, string>> = { active: 'running', inactive: 'unused' }

/** The state stands last, at times after dots and between colour codes; what is denied is not so. */
const lastWord = (output: string): string => {
  const said = output.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').toLowerCase()
  return denied.test(said) ? 'stopped' : (said.match(/[a-z]+(?=[^a-z]*$)/)?.[0] ?? '')
}

/** `is not running`, `isn't up`, `no process is running`: at most three words before the last one. */
const denied = /(?:\b(?:not|no)|n['’]t)(?:[ \t]+[a-z]+){1,4}[^a-z]*$/
