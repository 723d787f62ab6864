// One secret for each place where one can be kept, and every form in which it could come out.
import { readdirSync, readFileSync, statSync } from 'node:fs'

const kinds = [
  'env',
  'file',
  'command',
  'ask',
  'vaultvalue',
  'vaultfile',
  'vaultsecret',
  'inplay',
  'plaintext',
  'extra',
  'become',
  'passphrase',
  'vaultpassword',
] as const

export type Kind = (typeof kinds)[number]

/** Its core is plain, so that no quoting hides it; around it stands what JSON, sh and URLs write otherwise. */
export const canaryOf = (kind: Kind): string => `Vogel-${kind}-4711 "$\\x' ü`

const coreOf = (kind: Kind): string => `Vogel-${kind}-4711`

/** Base64 shows a text in three ways, as it begins at the first, second or third byte of a group. */
const inBase64 = (text: string): readonly string[] =>
  [0, 1, 2].map(before => {
    const whole = Buffer.from('\0'.repeat(before) + text)
      .toString('base64')
      .replace(/=+$/, '')
    // The signs at both ends hang on what stands beside it.
    return whole.slice(before === 0 ? 0 : before + 1, -2)
  })

const forms: ReadonlyMap<string, string> = new Map(
  kinds.flatMap(kind => {
    const core = coreOf(kind)
    const hex = Buffer.from(core).toString('hex')
    const made = [core.toUpperCase(), [...core].reverse().join('')]
    const all = [core, encodeURIComponent(core), hex, hex.toUpperCase(), ...inBase64(core), ...made]
    return all.map(form => [form, kind] as const)
  }),
)

/** `where: kind as form` for each canary that can be found in a text. */
export const foundIn = (where: string, text: string): readonly string[] =>
  [...forms].filter(([form]) => text.includes(form)).map(([form, kind]) => `${where}: ${kind} as ${form}`)

/** The same for every file below a folder, by its name and its bytes. */
export const foundBelow = (folder: string, isOwn: (path: string) => boolean = () => false): readonly string[] =>
  filesBelow(folder)
    .filter(path => !isOwn(path))
    .flatMap(path => [...foundIn('name', path), ...foundIn(path, textOf(path))])

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => `${folder}/${name}`)
    .filter(isFile)

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
