// The directory as steps ask it: connected at the first question, by the first way that answers, and again when it breaks.
import {
  Attribute,
  Change,
  type Entry,
  EqualityFilter,
  NoSuchAttributeError,
  NoSuchObjectError,
  PresenceFilter,
  ResultCodeError,
  SizeLimitExceededError,
  TimeLimitExceededError,
  TypeOrValueExistsError,
} from 'ldapts'
import { Problem } from '../../model/problem.ts'
import type {
  Directory,
  DirectoryChange,
  DirectoryEntry,
  DirectoryQuestion,
  DirectoryValue,
} from '../../task/directory.ts'
import { type Link, messageOf, NoAnswer, openLink } from './link.ts'
import { directoryUnreachable, limitReached, outcomeUnknown, referred, refused, valueMoved } from './problems.ts'
import type { DirectoryTarget, DirectoryWay } from './target.ts'

export type OpenDirectory = Directory & { close(): void }

/** Most entries of one answer: who asks below a whole tree has named the wrong place. */
const mostEntries = 2000

/** @source RFC 4511, appendix A.1 */
const referralCode = 10

/** @param ways In the order in which they are tried. */
export const openDirectory = (target: DirectoryTarget, ways: readonly DirectoryWay[]): OpenDirectory => {
  let link: Promise<Link> | undefined

  const reach = async (): Promise<Link> => {
    const there = await link
    if (there?.isAlive()) return there
    link = reachBy(ways, target)
    // Who asks again after a failure tries again.
    link.catch(() => {
      link = undefined
    })
    return link
  }

  const close = () => {
    link?.then(each => each.close()).catch(() => {})
    link = undefined
  }

  return {
    async search(question) {
      for (let isSecond = false; ; isSecond = true) {
        const { client } = await reach()
        try {
          return await ask(client, question, target)
        } catch (error) {
          // A question does no harm: over a new connection it is asked once more.
          if (error instanceof Problem || isSecond) throw error
          close()
        }
      }
    },
    async modify(dn, changes) {
      const { client } = await reach()
      try {
        await client.modify(dn, changes.flatMap(partsOf))
      } catch (error) {
        if (error instanceof ResultCodeError) throw explainModify(error, dn)
        close()
        throw outcomeUnknown(dn, messageOf(error))
      }
    },
    close,
  }
}

/** A connection proves nothing, since some networks accept for anybody: the way that leads to a login counts. */
const reachBy = async (ways: readonly DirectoryWay[], target: DirectoryTarget): Promise<Link> => {
  const tried: string[] = []
  for (const way of ways) {
    const stream = await way.open().catch(error => {
      tried.push(`${way.name}: ${tellFailure(error)}`)
    })
    if (!stream) continue
    try {
      return await openLink(stream, target)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      tried.push(`${way.name}: ${error.message}`)
    }
  }
  throw directoryUnreachable(target, tried)
}

/** @throws whatever is no failure of the way. */
const tellFailure = (error: unknown): string => {
  if (!(error instanceof Problem)) throw error
  return [error.message, error.fields.seen].filter(Boolean).join(': ')
}

type Client = Link['client']

const ask = async (
  client: Client,
  { base, scope, where, attributes }: DirectoryQuestion,
  { timeoutMs }: DirectoryTarget,
): Promise<readonly DirectoryEntry[] | undefined> => {
  const about = base === '' ? 'the tree' : base
  const filter = where
    ? new EqualityFilter({ attribute: where.attribute, value: where.equals })
    : new PresenceFilter({ attribute: 'objectClass' })
  const found: Entry[] = []
  try {
    // Page by page, and without a limit of ours in the request: with one, ldapts takes a part for the whole.
    const pages = client.searchPaginated(base, {
      scope,
      filter,
      timeLimit: Math.ceil(timeoutMs / 1000),
      ...(attributes && { attributes: [...attributes] }),
    })
    for await (const { searchEntries, searchReferences } of pages) {
      if (searchReferences.length > 0) throw referred(about, searchReferences)
      found.push(...searchEntries)
      if (found.length > mostEntries) throw limitReached(about, `more than ${mostEntries} entries`)
    }
  } catch (error) {
    if (error instanceof NoSuchObjectError) return undefined
    throw error instanceof ResultCodeError ? explainSearch(error, about) : error
  }
  return found.map(entryOf)
}

const explainSearch = (error: ResultCodeError, about: string): Problem => {
  const told = `${error.message} (result ${error.code})`
  if (error.code === referralCode) return referred(about, [error.message])
  if (error instanceof SizeLimitExceededError || error instanceof TimeLimitExceededError)
    return limitReached(about, told)
  return refused(about, told)
}

const explainModify = (error: ResultCodeError, dn: string): Problem => {
  const told = `${error.message} (result ${error.code})`
  if (error.code === referralCode) return referred(dn, [error.message])
  const isMoved =
    error instanceof NoSuchAttributeError ||
    error instanceof TypeOrValueExistsError ||
    error instanceof NoSuchObjectError
  return isMoved ? valueMoved(dn, told) : refused(dn, told)
}

/**
 * Old values go one by one, never "whatever is there": the server itself then sees that one is another by now.
 *
 * What stays is not named, unless its order among the others moves: then all go and come anew, in the order wanted.
 */
const partsOf = ({ attribute, before, after }: DirectoryChange): readonly Change[] => {
  const stays = before.filter(value => isAmong(value, after))
  const come = after.filter(value => !isAmong(value, before))
  const isInOrder = [...stays, ...come].every((value, at) => isEqual(value, after[at] ?? ''))
  const gone = isInOrder ? before.filter(value => !isAmong(value, after)) : before
  return [...part('delete', attribute, gone), ...part('add', attribute, isInOrder ? come : after)]
}

const isAmong = (value: DirectoryValue, all: readonly DirectoryValue[]): boolean =>
  all.some(other => isEqual(value, other))

const part = (operation: 'add' | 'delete', type: string, values: readonly DirectoryValue[]): readonly Change[] => {
  if (values.length === 0) return []
  return [new Change({ operation, modification: new Attribute({ type, values: values.map(bytesOf) }) })]
}

const bytesOf = (value: DirectoryValue): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64')

const isEqual = (one: DirectoryValue, other: DirectoryValue): boolean => bytesOf(one).equals(bytesOf(other))

/** ldapts gives one value as itself, and none as an empty list. */
const entryOf = ({ dn, ...attributes }: Entry): DirectoryEntry => ({
  dn,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, held]) => [name, [held].flat().map(heldValue)]),
  ),
})

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const heldValue = (value: string | Buffer): DirectoryValue => {
  if (typeof value === 'string') return value
  try {
    return decoder.decode(value)
  } catch {
    return { base64: value.toString('base64') }
  }
}
