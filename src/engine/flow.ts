// Who goes on and who is out: our own fold of failures, since a listr2 parent of a failed child stays green.
//
// The whole model stands as a table in docs/failures.md.
import type { Json } from '../model/json.ts'
import { exitCodes, type Problem } from '../model/problem.ts'
import type { OutlinePlay, OutlineStep } from '../plan/outline.ts'

export type Failure = {
  readonly problem: Problem
  /** The step's own: `rescue` and `until` can meet it. */
  readonly isOwn: boolean
  readonly step?: OutlineStep
  readonly result?: Json
}

export type Flow = {
  fail(host: string, problem: Problem, more?: Omit<Failure, 'problem'>): void
  /** A finding: it is told, and the host goes on. */
  tell(problem: Problem): void
  /** The same, and no host goes on, whatever the play: what is wrong is wrong for all. */
  stop(host: string, problem: Problem): void
  /** A play ends here for all its hosts, and nothing has failed. */
  end(play: OutlinePlay): void
  /** Whether the next step may begin on a host. */
  goesOn(play: OutlinePlay, host: string): boolean
  /**
   * Opens a part whose failures are kept apart until it is closed.
   *
   * @param isCleaning It is carried out whatever became of other hosts.
   */
  open(hosts: readonly string[], isCleaning?: boolean): Part
  readonly problems: readonly Problem[]
}

export type Part = {
  /** Who failed in it, with what. They are not out yet: whoever opened it says what that means. */
  close(): Map<string, readonly Failure[]>
}

type Frame = { readonly failures: Failure[]; readonly isCleaning: boolean }

/** @param plays All plays of the run, in their order. */
export const createFlow = (plays: readonly OutlinePlay[], isStopping: () => boolean): Flow => {
  const out = new Set<string>()
  const frames = new Map<string, Frame[]>()
  const problems: Problem[] = []
  const ended = new Set<OutlinePlay>()
  let isStopped = false
  /** More of a batch is out than the play allows, or all of it: what comes after is for nobody. */
  const isExhausted = ({ batches, maxFailPercentage = 100, hosts }: OutlinePlay): boolean =>
    (batches ?? (maxFailPercentage < 100 ? [hosts] : [])).some(batch => {
      const failed = batch.filter(host => out.has(host)).length
      return failed > 0 && (failed === batch.length || (failed * 100) / batch.length > maxFailPercentage)
    })
  const innermost = (host: string): Frame | undefined => frames.get(host)?.at(-1)
  const fail: Flow['fail'] = (host, problem, more = { isOwn: false }) => {
    // What has drifted from a plan has drifted for all: nobody agreed to the rest of it alone.
    isStopped ||= problem.exit === exitCodes.drift
    const frame = innermost(host)
    if (frame) frame.failures.push({ problem, ...more })
    else {
      // What runs once was to be done for all: as in Ansible, none of them goes on without it.
      isStopped ||= more.step?.runOnce === true
      out.add(host)
      problems.push(problem)
    }
  }
  return {
    problems,
    fail,
    tell: problem => {
      problems.push(problem)
    },
    stop(host, problem) {
      isStopped = true
      fail(host, problem)
    },
    end: play => void ended.add(play),
    goesOn(play, host) {
      if (isStopping() || isStopped || ended.has(play)) return false
      const frame = innermost(host)
      if (frame ? frame.failures.length > 0 : out.has(host)) return false
      // Under the failover list the next node rests on the one before, and what follows rests on all of them;
      // elsewhere each host is on its own.
      const isBound = plays.some(
        ({ index, strategy, endsTogether }) => index <= play.index && (strategy === 'failover' || endsTogether),
      )
      if (frame?.isCleaning) return true
      return !(isBound && out.size > 0) && !plays.some(each => each.index <= play.index && isExhausted(each))
    },
    open(hosts, isCleaning = false) {
      const own = hosts.map(host => {
        const frame: Frame = { failures: [], isCleaning: isCleaning || (innermost(host)?.isCleaning ?? false) }
        frames.set(host, [...(frames.get(host) ?? []), frame])
        return [host, frame] as const
      })
      return {
        close() {
          for (const [host, frame] of own)
            frames.set(
              host,
              (frames.get(host) ?? []).filter(each => each !== frame),
            )
          return new Map(own.flatMap(([host, { failures }]) => (failures.length > 0 ? [[host, failures]] : [])))
        },
      }
    },
  }
}
