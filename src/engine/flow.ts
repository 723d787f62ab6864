// Who goes on and who is out: our own fold of failures, since a listr2 parent of a failed child stays green.
import { exitCodes, type Problem } from '../model/problem.ts'
import type { OutlinePlay } from '../plan/outline.ts'

export type Flow = {
  fail(host: string, problem: Problem): void
  /** A finding: it is told, and the host goes on. */
  tell(problem: Problem): void
  /** The same, and no host goes on, whatever the play: what is wrong is wrong for all. */
  stop(host: string, problem: Problem): void
  /** Whether the next step may begin on a host. */
  goesOn(play: OutlinePlay, host: string): boolean
  readonly problems: readonly Problem[]
}

/** @param plays All plays of the run, in their order. */
export const createFlow = (plays: readonly OutlinePlay[], isStopping: () => boolean): Flow => {
  const out = new Set<string>()
  const problems: Problem[] = []
  let isStopped = false
  const fail = (host: string, problem: Problem) => {
    out.add(host)
    problems.push(problem)
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
    goesOn(play, host) {
      // What has drifted from a plan has drifted for all: nobody agreed to the rest of it alone.
      if (isStopping() || isStopped || problems.some(({ exit }) => exit === exitCodes.drift)) return false
      // Under the failover list the next node rests on the one before, and what follows rests on all of them;
      // elsewhere each host is on its own.
      const isBound = plays.some(
        ({ index, strategy, endsTogether }) => index <= play.index && (strategy === 'failover' || endsTogether),
      )
      return isBound ? out.size === 0 : !out.has(host)
    },
  }
}
