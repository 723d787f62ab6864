// Who has a cluster, asked of all its places side by side; and the lock taken away where a person says so.
import type { Lives, SeenLock } from '../../model/lock.ts'
import type { Problem } from '../../model/problem.ts'
import { asProblem } from '../problems.ts'
import { judge, type Standing } from './judge.ts'
import { clearScript, giveBackScript, type LockPlace, lookScript, readAnswer } from './scripts.ts'

export type PlaceState =
  | { readonly type: 'free'; readonly place: string }
  | { readonly type: 'locked'; readonly place: string; readonly lock: SeenLock; readonly standing: Standing }
  | { readonly type: 'unknown'; readonly place: string; readonly problem: Problem }

export type LockedPlace = Extract<PlaceState, { type: 'locked' }>

export type Places = {
  readonly names: readonly string[]
  /** @throws {Problem} where it cannot be reached. */
  at(place: string): Promise<LockPlace>
}

/** @returns In the order of the names. */
export const lookAtPlaces = ({ names, at }: Places, lives: Lives): Promise<readonly PlaceState[]> =>
  Promise.all(
    names.map(async place => {
      try {
        const { run, directory } = await at(place)
        const answer = readAnswer((await run(lookScript(directory))).stdout, place)
        if (answer.type !== 'held') return { type: 'free', place }
        return { type: 'locked', place, lock: answer.lock, standing: judge(answer.lock, lives) }
      } catch (error) {
        return { type: 'unknown', place, problem: asProblem(error).with({ host: place }) }
      }
    }),
  )

/**
 * Takes away the locks that were seen, and no other that has come in their place since.
 *
 * @param token A word that is used nowhere else, for what is moved away.
 * @returns The places where it is gone.
 */
export const breakLocks = async (
  { at }: Pick<Places, 'at'>,
  locked: readonly LockedPlace[],
  token: string,
): Promise<readonly LockedPlace[]> => {
  const breakAt = async ({ place, lock: { owner } }: LockedPlace): Promise<boolean> => {
    const { run, directory } = await at(place)
    const script = owner ? giveBackScript(directory, owner.token) : clearScript(directory, token)
    return readAnswer((await run(script)).stdout, place).type === 'free'
  }
  const broken = await Promise.all(locked.map(lock => breakAt(lock).catch(() => false)))
  return locked.filter((_, index) => broken[index])
}
