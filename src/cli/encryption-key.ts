// The one password that something is encrypted with: the only one there is, the one that is named, or a new one.
import { exitCodes, Problem } from '../model/problem.ts'
import { defaultLabel, isVaultLabel } from '../text/vault.ts'
import { askHidden } from './ask-hidden.ts'
import type { Surroundings } from './surroundings.ts'
import { passwordOf, type VaultSource } from './vault-sources.ts'

export type EncryptionKey = { readonly label: string; readonly password: string }

/**
 * The key of the vault id that is named; where none is, of the only source.
 *
 * @throws {Problem} `vault-id-unknown`, `vault-id-open`, `vault-password-unreadable`, `vault-password-differs`.
 */
export const encryptionKey = async (
  sources: readonly VaultSource[],
  wanted: string | undefined,
  around: Surroundings,
): Promise<EncryptionKey> => {
  const fitting = wanted === undefined ? sources : sources.filter(({ label }) => label === wanted)
  const [source, other] = fitting
  if (!source && sources.length > 0) throw unknownId(wanted ?? '', sources)
  if (other && other.label !== source?.label) throw openId(fitting)
  if (wanted !== undefined && !isVaultLabel(wanted)) throw unknownId(wanted, sources)
  const chosen: VaultSource = source ?? { label: wanted ?? defaultLabel, from: 'prompt', told: 'prompt' }
  return { label: wanted ?? chosen.label, password: await read(chosen, around) }
}

/** What is typed for the first time is typed twice. */
const read = async (source: VaultSource, around: Surroundings): Promise<string> => {
  const found = source.from === 'prompt' ? await askTwice(source, around) : passwordOf(source, noQuestions, around)
  if (found instanceof Problem) throw found
  return found ?? ''
}

const noQuestions = { answerTo: () => undefined, askWanted: async () => false }

const askTwice = async ({ label }: VaultSource, around: Surroundings): Promise<string> => {
  const whose = label === defaultLabel ? '' : ` (${label})`
  if (!around.isTerminal) throw nobodyThere()
  const first = await askHidden(`New vault password${whose}`, around)
  const second = await askHidden(`Once more${whose}`, around)
  if (first === second && first !== '') return first
  throw new Problem({
    code: 'vault-password-differs',
    summary: first === '' ? 'An empty password keeps nothing secret' : 'The two passwords are not the same',
    state: 'nothing was written',
    help: 'begin again, and type the same twice',
    exit: exitCodes.input,
  })
}

const nobodyThere = (): Problem =>
  new Problem({
    code: 'vault-password-missing',
    summary: 'There is no vault password to encrypt with',
    seen: 'it cannot be asked for: there is no terminal',
    help: 'name a source: --vault-password-file FILE, or --vault-id LABEL@FILE',
    exit: exitCodes.input,
  })

const labelsOf = (sources: readonly VaultSource[]): string => [...new Set(sources.map(({ label }) => label))].join(', ')

const unknownId = (seen: string, sources: readonly VaultSource[]): Problem =>
  new Problem({
    code: 'vault-id-unknown',
    summary: 'No password of that vault id is there',
    seen,
    help: sources.length > 0 ? `known here: ${labelsOf(sources)}` : `add --vault-id LABEL@SOURCE`,
    exit: exitCodes.input,
  })

const openId = (sources: readonly VaultSource[]): Problem =>
  new Problem({
    code: 'vault-id-open',
    summary: 'There are passwords of several vault ids, and none is named',
    seen: labelsOf(sources),
    help: 'add --encrypt-vault-id LABEL',
    exit: exitCodes.input,
  })
