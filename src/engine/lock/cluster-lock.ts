// One run at a time on a cluster: all its places are taken, or none is; kept while the run goes on; given back at its end.
import type { EventBody } from '../../model/events.ts'
import { controllerName, type Lives, type Owner, type SeenLock } from '../../model/lock.ts'
import { Problem } from '../../model/problem.ts'
import type { Nodes } from '../context.ts'
import { directoryOnNode } from '../node-directory.ts'
import { keepBeating } from './heartbeat.ts'
import { byOwner, inOrder, judge, lockedProblem, tellOwner } from './judge.ts'
import { type LockPlaces, lockPlaces } from './places.ts'
import { type LockPlace, lookScript, readAnswer, takeScript } from './scripts.ts'

export type Locking = {
  readonly owner: Owner
  /** The machine that the run is typed on has a lock too: it is met before anything connects. */
  readonly controller: LockPlace
  readonly lives: Lives
  /** The command that takes the lock of a dead run away. */
  readonly breaking: string
  /** Between two heartbeats. */
  readonly beatMs?: number
  /** Called when the cluster is this run's, before anything is done on it. */
  onLocked?(): void
}

export type ClusterLock = {
  /** What goes in front of the first command on a node, so that a lock costs no round trip of its own. */
  opening(host: string): Opening
  /** @throws {Problem} `locked` where another run has the controller. */
  begin(): Promise<void>
  /**
   * Hears what the opening printed.
   *
   * @throws {Problem} `lock-not-taken` where the node cannot keep one.
   */
  hear(host: string, stdout: string): void
  /** @throws {Problem} `locked`; what was taken is given back by then. */
  settle(telling: LockTelling): Promise<void>
  /**
   * Gives it back where it was taken.
   *
   * @returns Where it could not be given back: that ends nothing.
   */
  release(): Promise<readonly string[]>
}

type Opening = { readonly script: string; readonly input?: string }

export type LockContext = {
  readonly nodes: Nodes
  /** The failover list. */
  readonly order: readonly string[]
}

export type LockTelling = {
  emit(event: EventBody): void
  /** The cluster is not this run's any more. */
  onLost(problem: Problem): void
}

export const lockCluster = (locking: Locking, { nodes, order }: LockContext): ClusterLock => {
  const { owner, controller, lives, breaking, beatMs } = locking
  const directory = directoryOnNode('locks', owner.cluster)
  const at = placesOf({ nodes, controller, directory })
  const places = lockPlaces({ owner, lives, at })
  let stopBeating = () => {}

  const assertFree = async (): Promise<void> => {
    const met = places.met()
    if (met.length === 0) return
    await places.giveBack()
    throw lockedProblem(met, { owner, lives, order, breaking })
  }

  return {
    opening(host) {
      places.ask(host)
      return { script: takeScript(directory), input: JSON.stringify(owner) }
    },
    async begin() {
      await places.take(controllerName)
      await askHalfMade(places, lives)
      await places.supersedeDead()
      await assertFree()
    },
    hear: (host, stdout) => places.note(host, readAnswer(stdout, host)),
    async settle({ emit, onLost }) {
      await askHalfMade(places, lives)
      await places.supersedeDead()
      if (places.met().every(lock => judge(lock, lives) === 'alive')) await waitForOther(places, order)
      await assertFree()
      for (const [dead, where] of places.superseded) {
        const text = `${tellOwner(dead)} is dead; its lock is taken over (${inOrder(where, order).join(', ')})`
        emit({ type: 'notice', text })
      }
      emit({ type: 'cluster-locked', owner, places: inOrder([...places.taken], order) })
      for (const node of order.filter(name => !places.taken.has(name)))
        emit({ type: 'notice', text: `${node} could not be locked: nothing keeps another run away from it` })
      locking.onLocked?.()
      const beating = { places: [...places.taken], at, token: owner.token, ...(beatMs && { everyMs: beatMs }) }
      stopBeating = keepBeating(beating, place => {
        const problem = lockLost(place, owner)
        emit({ type: 'notice', text: `${problem.message}; no other step is begun` })
        onLost(problem)
      })
    },
    async release() {
      stopBeating()
      return places.giveBack()
    },
  }
}

/** A dry run takes no lock; it says whose it saw. */
export const lookAtLock = (cluster: string, order: readonly string[]): ClusterLock => {
  const seen: SeenLock[] = []
  return {
    opening: () => ({ script: lookScript(directoryOnNode('locks', cluster)) }),
    begin: async () => {},
    hear(host, stdout) {
      const answer = readAnswer(stdout, host)
      if (answer.type === 'held') seen.push(answer.lock)
    },
    async settle({ emit }) {
      for (const locks of byOwner(seen, order)) {
        const who = locks[0].owner ? tellOwner(locks[0].owner) : 'somebody'
        const hosts = locks.map(({ place }) => place).join(', ')
        emit({ type: 'notice', text: `${who} has the cluster (${hosts}): what is seen here may move` })
      }
    },
    release: async () => [],
  }
}

export type Where = { readonly nodes: Nodes; readonly controller: LockPlace; readonly directory: string }

/** Where the lock lies at each place. */
export const placesOf =
  ({ nodes, controller, directory }: Where) =>
  async (place: string): Promise<LockPlace> => {
    if (place === controllerName) return controller
    const shell = await nodes.shell(place)
    return { directory, run: (script, options) => shell.run(script, options) }
  }

/** A lock that says of nobody that it is theirs is one whose owner is being written, more often than a broken one. */
const askHalfMade = async (places: LockPlaces, lives: Lives): Promise<void> => {
  const halfMade = places.met().filter(lock => judge(lock, lives) === 'nobody')
  if (halfMade.length === 0) return
  await new Promise(resolve => setTimeout(resolve, 300))
  await Promise.all(halfMade.map(({ place }) => places.take(place)))
}

/**
 * Two runs of two controllers that begin at once may each have got some of the nodes. The one that has the first node
 * of the list waits a moment for the other, which has nothing to wait for and gives back what it got.
 */
const waitForOther = async (places: LockPlaces, [first]: readonly string[]): Promise<void> => {
  for (let tries = 0; tries < 6 && places.met().length > 0; tries += 1) {
    if (first === undefined || !places.taken.has(first)) return
    await new Promise(resolve => setTimeout(resolve, 500))
    await Promise.all(places.met().map(({ place }) => places.take(place)))
  }
}

const lockLost = (place: string, { cluster }: Owner): Problem =>
  new Problem({
    code: 'lock-lost',
    summary: `The cluster ${cluster} is not this run's any more: its lock is gone`,
    seen: `no lock of this run (${place})`,
    wanted: 'the lock that this run took',
    state: 'the steps at hand were finished, and no other was begun',
    help: 'somebody has broken it (run lock break): find out who, and what they do on the cluster, before you go on',
  })
