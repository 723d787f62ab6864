// Reads a script of the cluster resource that somebody else wrote: where our part belongs, or why it cannot be told.
import { Problem } from '#task'

export type ScriptName = 'load script' | 'unload script'

export type Standing = {
  readonly name: ScriptName
  /** Without our part. */
  readonly lines: readonly string[]
  /** The secondary address, which says whose script it is. */
  readonly address: string
  /** NSS pool that it activates, where it has to. */
  readonly pool?: string
  readonly services: readonly string[]
  /** Whether our part sets a trap for the end of the script. */
  readonly traps: boolean
}

/**
 * The index of the line that our part goes before.
 *
 * It goes after all that brings the partition and the address when they come, and before all of that when they go.
 *
 * @throws {Problem} `script-place-unknown`, `script-other-address`, `script-other-pool`, `script-agents-there`, `script-trap-there`.
 */
export const placeOf = (standing: Standing): number => {
  const code = codeOf(standing.lines)
  assertFits(standing, code)
  const sourced = code.find(({ text }) => /^\s*(?:\.|source)\s+\S*\/ncsfuncs\s*$/.test(text))
  if (sourced === undefined) throw unknown(standing, 'no line reads ncsfuncs', '`. /opt/novell/ncs/lib/ncsfuncs`')
  return standing.name === 'load script' ? endOf(standing, code) : afterReading(standing, { code, sourced })
}

type Line = { readonly at: number; readonly text: string }

/** Neither empty lines nor comments. */
const codeOf = (lines: readonly string[]): readonly Line[] =>
  lines.map((text, at) => ({ text, at })).filter(({ text }) => !/^\s*(?:#|$)/.test(text))

const isMade = /\badd_secondary_ipaddress\b/
const isUnmade = /\b(?:del_secondary_ipaddress|umount|pooldeact|ContainerDeactivate|dismount|unbind|vgchange)\b/
/** Leaves the script as one that went well. */
const exitsWell = /(?:^|[;&|{(]|\bthen|\bdo|\belse)\s*exit(?:\s+0)?\s*(?:$|[;#})])/

/** Before the last `exit`, and before the comment above it. */
const endOf = (standing: Standing, code: readonly Line[]): number => {
  const last = code.at(-1)
  if (!code.some(({ text }) => isMade.test(text)))
    throw unknown(standing, 'no line adds an address', '`add_secondary_ipaddress`, after which the agents start')
  const early = code.slice(0, -1).find(({ text }) => exitsWell.test(text))
  if (early) throw unknown(standing, tell(early), 'one `exit 0`, at the end: the agents would not be started here')
  if (last === undefined || !/^\s*(?:exit|exec|return)\b/.test(last.text)) return standing.lines.length
  if (!/^exit(?:\s+0)?\s*(?:#.*)?$/.test(last.text) || standing.lines[last.at - 1]?.endsWith('\\'))
    throw unknown(standing, tell(last), '`exit 0` as the last line')
  let at = last.at
  while (standing.lines[at - 1]?.startsWith('#')) at -= 1
  return at
}

/** After the line that reads ncsfuncs, since ours needs it; an empty line below it stays above ours. */
const afterReading = (standing: Standing, { code, sourced }: { code: readonly Line[]; sourced: Line }): number => {
  const early = code.find(({ text, at }) => at < sourced.at && isUnmade.test(text))
  if (early) throw unknown(standing, tell(early), 'nothing that takes the partition away before ncsfuncs is read')
  if (!code.some(({ text }) => isUnmade.test(text)))
    throw unknown(standing, 'no line takes the partition or the address away', '`del_secondary_ipaddress`')
  return standing.lines[sourced.at + 1] === '' ? sourced.at + 2 : sourced.at + 1
}

const assertFits = (standing: Standing, code: readonly Line[]): void => {
  const { name, address, pool, services, traps } = standing
  const document = code.find(({ text }) => /<<-?\s*["'\\\w]/.test(text))
  if (document) throw unknown(standing, tell(document), 'no here-document, in which lines are no commands')
  if (!code.some(({ text }) => hasWord(text, address))) throw otherAddress(standing, code)
  if (pool !== undefined && !code.some(({ text }) => isActivated(text, pool))) throw otherPool(pool, code)
  const started = code.find(({ text }) => services.some(service => hasWord(text, service)))
  if (started) throw agentsThere(name, started)
  const trap = code.find(({ text }) => /\btrap\b.*\s(?:EXIT|0)\b/.test(text))
  if (traps && trap) throw trapThere(name, trap)
}

/** @source OES: `nss /poolact=POOL`, whose names have no case */
const isActivated = (text: string, pool: string): boolean =>
  [...text.matchAll(/\/poolact(?:ivate)?=["']?([\w$-]+)/gi)].some(([, name = '']) => isSame(name, pool))

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** As a word of its own: an address is not the beginning of a longer one. */
const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w.-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text)

const tell = ({ at, text }: Line): string => `line ${at + 1}: ${text.trim()}`

const unknown = ({ name }: Standing, seen: string, wanted: string): Problem =>
  new Problem({
    code: 'script-place-unknown',
    summary: `Where the agents belong in the ${name} that stands there cannot be told`,
    seen,
    wanted,
    state: 'the script was not changed',
    help: `mend the ${name} of the cluster resource, or have it replaced by the generated one (\`compose: replace\`)`,
  })

const otherAddress = ({ name, address }: Standing, code: readonly Line[]): Problem =>
  new Problem({
    code: 'script-other-address',
    summary: `The ${name} that stands there does not name the secondary address`,
    seen: code.map(({ text }) => /\d+\.\d+\.\d+\.\d+/.exec(text)?.[0]).find(Boolean) ?? 'no address',
    wanted: address,
    state: 'the script was not changed',
    help: 'compare the cluster resource and its secondary address in the inventory with iManager',
  })

/** The volume would never come, and the resource would end in a coma. */
const otherPool = (pool: string, code: readonly Line[]): Problem => {
  const brings = code.find(({ text }) => /\/poolact|\bmount\b/i.test(text))
  return new Problem({
    code: 'script-other-pool',
    summary: `The load script that stands there does not activate the pool ${pool}`,
    seen: brings ? tell(brings) : 'nothing that activates a pool',
    wanted: `\`nss /poolact=${pool}\``,
    state: 'the script was not changed',
    help: 'compare `partition` of the inventory with the cluster resource in iManager; or have the script replaced by the generated one (`compose: replace`)',
  })
}

const agentsThere = (name: ScriptName, line: Line): Problem =>
  new Problem({
    code: 'script-agents-there',
    summary: `The ${name} deals with the agents already, outside of our part`,
    seen: tell(line),
    wanted: 'the agents between the lines `# begin run` and `# end run` alone',
    state: 'the script was not changed',
    help: 'take these lines out, or have the script replaced by the generated one (`compose: replace`)',
  })

const trapThere = (name: ScriptName, line: Line): Problem =>
  new Problem({
    code: 'script-trap-there',
    summary: `The ${name} has a trap for its end already, and a shell keeps one`,
    seen: tell(line),
    wanted: 'the trap that turns gwha on again, however the script ends',
    state: 'the script was not changed',
    help: 'take the trap out, or have the script replaced by the generated one (`compose: replace`)',
  })
