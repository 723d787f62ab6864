// The nodes of an inventory as the engine reaches them: one session each, connected when it is first needed.
import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Nodes } from '../engine/context.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { noDirectory } from '../task/directory.ts'
import { atMost } from '../text/at-most.ts'
import { alone, type Company } from '../transport/company.ts'
import { connect, type Session } from '../transport/session.ts'
import type { Target } from '../transport/target.ts'
import { type DirectoryOf, openDirectories } from './directories.ts'
import { localShell } from './local-shell.ts'

export type ReachableTarget = Target & {
  /** The user that commands run as, when it is another than the one who logs in. */
  readonly become?: string
  /** Hosts to go through, first one first. */
  readonly jumps?: readonly Target[]
}

export type OpenNodes = Nodes & {
  /** Fingerprint of the key that each host showed, of those that were reached. */
  hostKeys(): Promise<ReadonlyMap<string, string>>
}

/** Each has so many seconds: with hundreds under way at once this machine would let some of them pass. */
const mostLogins = 50

/** A connection that a node opens, to what only it may reach. */
export type Forward = (host: string, address: string, port: number) => Promise<Duplex>

export type NodeOptions = {
  /** The directory that steps ask; none unless told. */
  readonly directoryOf?: DirectoryOf
  /** Who can be asked and told while a host is reached; nobody unless told otherwise. */
  readonly company?: Company
  /** Where the user stands: what steps keep on this machine is named from here. */
  readonly cwd?: string
}

/** @param targetOf How to reach a host. */
export const openNodes = (targetOf: (host: string) => ReachableTarget, options: NodeOptions = {}): OpenNodes => {
  const { directoryOf = () => undefined, cwd } = options
  const end = new AbortController()
  // All that are under way hear of it.
  setMaxListeners(0, end.signal)
  const company = untilThen(options.company ?? alone(), end.signal)
  const sessions = new Map<string, Promise<Session>>()
  const onTheWay: Session[] = []
  const atOnce = atMost(mostLogins)
  const begin = (host: string): Promise<Session> => {
    const session = atOnce(() => reach(targetOf(host), { onTheWay, company, until: end.signal }))
    sessions.set(host, session)
    // A session that has ended is no session: the next command connects again.
    const forget = () => {
      if (sessions.get(host) === session) sessions.delete(host)
    }
    session.then(({ ended }) => ended.then(forget), forget)
    return session
  }

  const sessionOf = async (host: string): Promise<Session> => {
    if (end.signal.aborted) throw connectionsClosed(host)
    const session = sessions.get(host) ?? begin(host)
    const there = await session
    if (!there.hasEnded()) return there
    if (sessions.get(host) === session) sessions.delete(host)
    return sessionOf(host)
  }
  const directories = openDirectories(directoryOf, async (host, address, port) =>
    (await sessionOf(host)).forward(address, port),
  )

  return {
    async shell(host): Promise<HostShell> {
      const session = await sessionOf(host)
      return session.shell(targetOf(host).become)
    },
    ...(cwd !== undefined && { controller: localShell(cwd) }),
    directory: host => directories.directory(host) ?? noDirectory,
    async hostKeys() {
      const all = await Promise.allSettled(sessions.values())
      return new Map(all.flatMap(each => (each.status === 'fulfilled' ? [[each.value.host, each.value.hostKey]] : [])))
    },
    async close() {
      end.abort()
      directories.close()
      const all = await Promise.allSettled(sessions.values())
      await Promise.all(all.map(async each => each.status === 'fulfilled' && (await each.value.close())))
      for (const session of onTheWay.toReversed()) await session.close()
    },
  }
}

/** For what looked ahead of a run that has ended meanwhile; nobody waits for it. */
const connectionsClosed = (host: string): Problem =>
  new Problem({
    code: 'connections-closed',
    summary: `The run has ended, so nobody connects to ${host} any more`,
    host,
    help: 'run it again',
    exit: exitCodes.unreachable,
  })

type Way = { readonly onTheWay: Session[]; readonly company: Company; readonly until: AbortSignal }

/** Connects through each jump host in turn. */
const reach = async ({ jumps = [], ...target }: ReachableTarget, { onTheWay, ...way }: Way): Promise<Session> => {
  // It may have waited for its turn until then.
  if (way.until.aborted) throw connectionsClosed(target.host)
  let through: Session | undefined
  for (const jump of jumps) {
    through = await connect(jump, { ...way, ...(through && { through }) })
    onTheWay.push(through)
  }
  return connect(target, { ...way, ...(through && { through }) })
}

/** A question that stands there at the end is taken back. */
const untilThen = ({ person, ...company }: Company, end: AbortSignal): Company =>
  person
    ? {
        ...company,
        person: {
          ask: question =>
            person.ask({ ...question, until: question.until ? AbortSignal.any([question.until, end]) : end }),
        },
      }
    : company
