// The places of one lock, each taken or met with another's lock in it; a dead run of this controller is taken over from.
import { controllerName, type Lives, type Owner, type SeenLock } from '../../model/lock.ts'
import { Problem } from '../../model/problem.ts'
import { judge } from './judge.ts'
import { giveBackScript, type LockAnswer, type LockPlace, readAnswer, supersedeScript, takeScript } from './scripts.ts'

export type LockPlaces = {
  readonly taken: ReadonlySet<string>
  /** What stands in the way. */
  met(): readonly SeenLock[]
  /** From whom a lock was taken over, and where. */
  readonly superseded: ReadonlyMap<Owner, readonly string[]>
  /** From now on it may be taken, also where no answer comes: so it is given back at the end. */
  ask(place: string): void
  take(place: string): Promise<void>
  /** @throws {Problem} `lock-not-taken` where the place cannot keep a lock. */
  note(place: string, answer: LockAnswer): void
  /** Takes over what dead runs of this controller have left. */
  supersedeDead(): Promise<void>
  /** @returns Where it could not be given back. */
  giveBack(): Promise<readonly string[]>
}

export type PlacesOptions = {
  readonly owner: Owner
  readonly lives: Lives
  /** @throws {Problem} where the node cannot be reached. */
  at(place: string): Promise<LockPlace>
}

export const lockPlaces = ({ owner, lives, at }: PlacesOptions): LockPlaces => {
  const input = JSON.stringify(owner)
  const asked = new Set<string>()
  const taken = new Set<string>()
  const met = new Map<string, SeenLock>()
  const superseded = new Map<Owner, readonly string[]>()

  const note = (place: string, answer: LockAnswer): void => {
    met.delete(place)
    asked.delete(place)
    if (answer.type === 'taken') taken.add(place)
    else if (answer.type === 'held') met.set(place, answer.lock)
    else throw notTaken(place, answer.type === 'failed' ? answer.because : answer.type)
  }

  const send = async (place: string, script: (directory: string) => string): Promise<LockAnswer> => {
    const { run, directory } = await at(place)
    asked.add(place)
    return readAnswer((await run(script(directory), { input })).stdout, place)
  }

  const take = async (place: string) => {
    const { here } = await at(place)
    if (here?.take(input)) return note(place, { type: 'taken' })
    const answer = await send(place, takeScript)
    // Given back between two looks of the script.
    note(place, answer.type === 'free' ? await send(place, takeScript) : answer)
  }

  const supersede = async (place: string, dead: Owner): Promise<void> => {
    const answer = await send(place, directory => supersedeScript(directory, dead.token))
    if (answer.type === 'free') return take(place)
    note(place, answer)
    if (!taken.has(place)) return
    const known = [...superseded.keys()].find(({ token }) => token === dead.token) ?? dead
    superseded.set(known, [...(superseded.get(known) ?? []), place])
  }

  return {
    taken,
    superseded,
    met: () => [...met.values()],
    ask: place => void asked.add(place),
    take,
    note,
    async supersedeDead() {
      const dead = [...met.values()].filter(lock => judge(lock, lives) === 'dead')
      await Promise.all(dead.map(async ({ place, owner }) => owner && supersede(place, owner)))
    },
    async giveBack() {
      // The controller's goes last: who meets it has not to find the nodes locked still.
      const nodes = [...taken, ...asked].filter(place => place !== controllerName)
      const last = taken.has(controllerName) ? [controllerName] : []
      taken.clear()
      asked.clear()
      const giveBackAt = async (place: string) => {
        const { run, directory, here } = await at(place)
        if (!here?.giveBack(owner.token)) await run(giveBackScript(directory, owner.token))
      }
      return [...(await failing(nodes, giveBackAt)), ...(await failing(last, giveBackAt))]
    },
  }
}

/** A node that does not answer any more keeps nobody waiting. */
const longestGivingBackMs = 5000

const failing = async (
  places: readonly string[],
  work: (place: string) => Promise<void>,
): Promise<readonly string[]> => {
  const all = await Promise.allSettled(places.map(place => withinMs(longestGivingBackMs, work(place))))
  return places.filter((_, index) => all[index]?.status === 'rejected')
}

const withinMs = async <Value>(ms: number, work: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const notTaken = (place: string, because: string): Problem =>
  new Problem({
    code: 'lock-not-taken',
    summary: `No lock can be kept on ${place}`,
    ...(place !== controllerName && { host: place }),
    seen: because,
    wanted: 'a lock, which keeps other runs away',
    state: 'nothing was done there',
    help: 'make room, or mend the directory that is named',
  })
