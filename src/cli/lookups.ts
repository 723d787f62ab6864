// `lookup('file', …)` and `lookup('env', …)`: what lies on this machine, read before anything connects.
import { Secret } from '../model/secret.ts'
import type { FindFile } from '../plan/taken-files.ts'
import { isSecretName } from '../template/secrets.ts'
import { Callable, ValueFault } from '../template/values.ts'
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
    new Callable(([kind, ...terms]) => {
      const give =
        kind === 'env' ? (name: string) => ofEnvironment(name, reading) : (name: string) => inFile(name, playFile, find)
      const found = terms.map(term => give(String(term)))
      return found.length === 1 ? found[0] : found.join(',')
    })

/** A variable that is not set is an empty text, as in Ansible. */
const ofEnvironment = (name: string, { environment, onEnvironment }: Reading): string | Secret => {
  onEnvironment?.(name)
  const value = environment(name) ?? ''
  return isSecretName(name) ? new Secret(name, value) : value
}

/** Without blanks and line breaks at its end, as in Ansible. */
const inFile = (name: string, from: string, find: FindFile): string => {
  const found = find(name, { from, folder: 'files' })
  if ('bytes' in found) return Buffer.from(found.bytes).toString('utf8').trimEnd()
  if ('large' in found) throw new ValueFault(`${name} has ${found.large.sums.bytes} bytes, too many for a value`)
  throw new ValueFault(`there is no file ${name} beside the playbook${saying(didYouMean(name, found.known))}`)
}

const saying = (help: string | undefined): string => (help === undefined ? '' : `; ${help.replace(/\?$/, '')}`)
