// Looks sent right behind a command, over the same shell: the node comes to them when the command has ended, so what was
// done is seen, and what comes next, without another way to the node.
//
// They count only where nothing of the step came after that command, and where they say that all is as it should be:
// whatever takes its time is looked at again, as if nobody had looked.
import type { Json } from '../model/json.ts'
import { isOutOfReach } from '../model/problem.ts'
import type { HostShell } from '../shell/host-shell.ts'
import type { Checked } from './check.ts'
import { isOfShell, keyOf } from './look-ahead.ts'
import type { See } from './world.ts'

export type LookBehind = {
  /** The shell of the step: its commands are looked behind. */
  following(shell: HostShell): HostShell
  /** How the step itself sees: once what was seen behind its last command; what it waits for is seen anew. */
  readonly see: See
  /** Something is done that no look can follow: from now on nothing is looked at. */
  over(): void
  /**
   * What was seen behind the last command, if nothing came after it.
   *
   * @throws {Problem} where the node has gone meanwhile.
   */
  seen(): Promise<Checked | undefined>
}

export type BehindOptions = {
  /** False where more than the shell of one host may have changed something. */
  readonly counts: boolean
  /** Looks at the step that is being carried out, and at what comes behind it; `seen` is told what of the step is seen. */
  look(seen: Seen): Promise<Checked>
  /** Forgets what was seen before. */
  forget(): void
}

/** What is seen of each thing, by `keyOf`. */
export type Seen = Map<string, Promise<Json>>

/** Who sends more than that makes no small change: most of these looks would be for nothing. */
const mostCommands = 2

export const createLookBehind = ({ counts, look, forget }: BehindOptions): LookBehind => {
  let left = counts ? mostCommands : 0
  let looking: Promise<Checked> | undefined
  let seen: Seen = new Map()

  const drop = () => {
    if (looking) forget()
    looking = undefined
    seen = new Map()
  }

  const begin = () => {
    drop()
    // Sent before something that no look can follow, or as one of many at once.
    if (left <= 0) return
    left -= 1
    forget()
    looking = look(seen)
    looking.catch(() => {})
  }

  const over = () => {
    left = 0
    drop()
  }

  return {
    following: shell => ({
      ...shell,
      run(script, options = {}) {
        drop()
        return shell.run(script, options.reads || left <= 0 ? options : { ...options, onSent: begin })
      },
      terminal(...words) {
        over()
        return shell.terminal(...words)
      },
      follow(script) {
        over()
        return shell.follow(script)
      },
      upload(...words) {
        drop()
        return shell.upload(...words)
      },
    }),
    see(ref, home, see) {
      const key = keyOf(ref, home)
      const there = isOfShell(ref) ? seen.get(key) : undefined
      if (!there) drop()
      seen.delete(key)
      return there ?? see()
    },
    over,
    async seen() {
      try {
        return await looking
      } catch (error) {
        if (isOutOfReach(error)) throw error
        return undefined
      }
    },
  }
}
