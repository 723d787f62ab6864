// Whether the key that a host showed is trusted: by what is known, and for a host that nobody knows by what was agreed.

import type { Problem } from '../model/problem.ts'
import type { Question } from '../task/person.ts'
import type { Company } from './company.ts'
import { describeKey, fingerprint, hostKeyProblem, keyNotKept, nobodyAgreed, ownFingerprint } from './host-key.ts'
import {
  type BrokenLine,
  type Endpoint,
  judgeOnPort,
  type KnownKey,
  knownOf,
  lineFor,
  usualPort,
} from './known-hosts.ts'
import { addKnownHost, readKnownHosts } from './known-hosts-files.ts'
import type { Target } from './target.ts'

/** What becomes of a host that is not known at all; a key that has changed is always refused. */
export type HostKeyChecking = 'strict' | 'accept-new' | 'ask'

/** How known_hosts names the host of a target: by its alias where it has one, which has no port. */
export const knownAs = ({ address, port, hostKeyAlias }: Target): Endpoint =>
  hostKeyAlias === undefined ? { address, port } : { address: hostKeyAlias, port: usualPort }

export type Trust = {
  /** What is known of the host: a server that has several keys is asked for one of these. */
  readonly known: readonly KnownKey[]
  /** Judges the key that it shows: why it is not trusted, `new` where somebody may get to know it, nothing when it is. */
  judge(key: Buffer): Problem | 'new' | undefined
}

/** Reads what is known; told is what speaks of the host and cannot be read. */
export const readTrust = async (target: Target, { tell }: Company): Promise<Trust> => {
  const files = await readKnownHosts(target.knownHostsFiles)
  const endpoint = knownAs(target)
  const { broken } = knownOf(files, endpoint)
  for (const line of broken) tell(`${placeOf(line)} is passed over: ${line.because}`)
  return {
    known: [endpoint, { ...endpoint, port: usualPort }].flatMap(each => knownOf(files, each).keys),
    judge(key) {
      const verdict = judgeOnPort(files, endpoint, key)
      const isNew = verdict.type === 'unknown' && verdict.others.length === 0
      return isNew && (target.hostKeyChecking ?? 'strict') !== 'strict'
        ? 'new'
        : hostKeyProblem(verdict, shownBy(key, target, broken))
    },
  }
}

/**
 * Gets to know a host that nobody knows, as was agreed.
 *
 * Not while the connection waits: the library garbles one whose key is judged late, and a server does not wait for ever.
 *
 * @returns Why its key is not trusted; nothing when it is known from now on.
 */
export const acquaint = (key: Buffer, target: Target, company: Company): Promise<Problem | undefined> =>
  inTurn(() => meet(key, target, company))

const placeOf = ({ path, line }: BrokenLine): string => `${path}:${line}`

const shownBy = (key: Buffer, target: Target, broken: readonly BrokenLine[] = []) => ({
  ...target,
  key,
  knownAs: knownAs(target),
  file: fileForNew(target),
  broken: broken.map(line => `${placeOf(line)}: ${line.because}`),
})

/** A new key belongs into the user's first file. */
const fileForNew = ({ knownHostsFiles: [first] }: Target): string => first ?? '~/.ssh/known_hosts'

/** One after the other: a jump host that several nodes share is asked about once, and lines do not mix. */
let last: Promise<unknown> = Promise.resolve()
const inTurn = <T>(errand: () => Promise<T>): Promise<T> => {
  const mine = last.then(errand)
  last = mine.catch(() => {})
  return mine
}

/** Looks again first: whoever was before may have made the host known. */
const meet = async (key: Buffer, target: Target, company: Company): Promise<Problem | undefined> => {
  const verdict = judgeOnPort(await readKnownHosts(target.knownHostsFiles), knownAs(target), key)
  const shown = shownBy(key, target)
  if (verdict.type !== 'unknown' || verdict.others.length > 0) return hostKeyProblem(verdict, shown)
  if (target.hostKeyChecking === 'ask') {
    const answer = target.isBatch ? undefined : await company.person?.ask(question(key, target))
    if (answer === undefined) return hostKeyProblem(verdict, shown)
    if (!isYes(answer, key)) return nobodyAgreed(shown)
  }
  return keep(key, target, company)
}

const isYes = (answer: string, key: Buffer): boolean => ['yes', fingerprint(key)].includes(answer.trim())

const question = (key: Buffer, { host, address, port }: Target): Question => ({
  title: `The host key of ${host} is not known`,
  lines: [
    `${address} port ${port} shows ${describeKey(key)}`,
    `compare it with what the node itself says: ${ownFingerprint(key)}`,
  ],
  prompt: 'Type yes, or the fingerprint, to trust it from now on: ',
})

const keep = async (key: Buffer, target: Target, { tell }: Company): Promise<Problem | undefined> => {
  const file = fileForNew(target)
  try {
    await addKnownHost(file, lineFor(knownAs(target), key, { hashed: target.hashKnownHosts ?? false }))
  } catch (error) {
    return keyNotKept(shownBy(key, target), error instanceof Error ? error.message : String(error))
  }
  const why = `host_key_checking: ${target.hostKeyChecking}`
  tell(`the host key of ${target.host}, ${describeKey(key)}, was not known; now it is kept in ${file} (${why})`)
  return undefined
}
