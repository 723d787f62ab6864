// `lookup('file', …)` and `lookup('env', …)`: what lies on this machine, read before anything connects.
import { Secret } from '../model/secret.ts'
import type { FindFile } from '../plan/taken-files.ts'
import { isSecretName } from '../template/secrets.ts'
import { Callable, isTrue, ValueFault } from '../template/values.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Surroundings } from './surroundings.ts'

export type Reading = Pick<Surroundings, 'environment'> & {
  /** Hears the name of each variable of the environment that is read. */
  readonly onEnvironment?: (name: string) => void
}

/** @param find Looks for a file in `files/` beside the playbook, then beside it. */
export const createLookups =
  (find: FindFile, reading: Reading) =>
  (playFile: string): Callable =>
    new Callable(
      ([kind, ...terms], { wantlist, default: other = '', lstrip = false, rstrip = true, errors = 'strict' }) => {
        if (errors !== 'strict' && errors !== 'ignore')
          throw new ValueFault('its argument `errors` must be one of strict, ignore')
        const ofEnv = (name: string) => ofEnvironment(name, { ...reading, other })
        const ofFile = (name: string) => stripped(inFile(name, playFile, find), { lstrip, rstrip })
        const name = String(kind).replace(/^.*\./, '')
        // Any other one is told by whoever reads the template.
        const give = name === 'env' ? ofEnv : name === 'file' ? ofFile : () => null
        const found = terms.flat().map(term => (errors === 'ignore' ? orNull(give, String(term)) : give(String(term))))
        if (isTrue(wantlist)) return found
        return found.length === 1 ? found[0] : found.join(',')
      },
    )

/** As in Ansible, a file that is not there is nothing then. */
const orNull = (give: (name: string) => unknown, name: string): unknown => {
  try {
    return give(name)
  } catch (error) {
    if (error instanceof ValueFault) return null
    throw error
  }
}

/** A variable that is not set is an empty text, as in Ansible, or what was given for it. */
const ofEnvironment = (name: string, { environment, onEnvironment, other }: Reading & { readonly other: unknown }) => {
  onEnvironment?.(name)
  const value = environment(name)
  if (value === undefined) return other
  return isSecretName(name) ? new Secret(name, value) : value
}

/** Without blanks and line breaks at its end, unless told. */
const stripped = (text: string, { lstrip, rstrip }: Readonly<Record<'lstrip' | 'rstrip', unknown>>): string => {
  const from = isTrue(lstrip) ? text.trimStart() : text
  return isTrue(rstrip) ? from.trimEnd() : from
}

const inFile = (name: string, from: string, find: FindFile): string => {
  const found = find(name, { from, folder: 'files' })
  if ('bytes' in found) return Buffer.from(found.bytes).toString('utf8')
  if ('large' in found) throw new ValueFault(`${name} has ${found.large.sums.bytes} bytes, too many for a value`)
  throw new ValueFault(`there is no file ${name} beside the playbook${saying(didYouMean(name, found.known))}`)
}

const saying = (help: string | undefined): string => (help === undefined ? '' : `; ${help.replace(/\?$/, '')}`)
