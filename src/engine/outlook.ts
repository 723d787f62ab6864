// Says of a step that is at work how long it goes on, as far as that is known; where nothing is known, nothing is said.
import type { EventBody } from '../model/events.ts'
import type { Outlook, Took } from '../model/outlook.ts'
import type { CheckOptions } from './check.ts'

/** How long a step took where it was carried out before. */
export type Formerly = (step: { readonly step: string; readonly host: string }) => Took | undefined

export type Times = {
  readonly formerly: Formerly
  hear(event: EventBody): void
}

/** Another node of this run knows better than an earlier run. */
export const timesOf = (before: Formerly = () => undefined): Times => {
  const inThisRun = new Map<string, Took>()
  return {
    formerly: of => inThisRun.get(of.step) ?? before(of),
    hear(event) {
      if (event.type !== 'step-ended' || event.outcome !== 'changed') return
      inThisRun.set(event.step, { ms: event.ms, where: `on ${event.host}` })
    },
  }
}

export type OutlookTeller = {
  /** What it does now ends within that time, or is ended; nothing where that is not known. */
  limit(ms: number | undefined): void
  /** All that is known now, to be said with something else. */
  say(): readonly Outlook[]
  stop(): void
}

/** Shorter ones are over before anybody has read it. */
const longMs = 5000

/** Soon once, then seldom: each time is a line for who reads lines, and a sentence for who hears them. */
const timesMs = [2, 30, 60, 120, 180, 240].map(seconds => seconds * 1000)
const everyMs = 300_000

/** Beside what the step does: a journal that cannot be written stops the run where the step has to tell its end. */
export const sayBeside = ({ emit }: Pick<CheckOptions['context'], 'emit'>, event: EventBody): void => {
  try {
    emit(event)
  } catch {
    // It is told then.
  }
}

/** Tells at its times from now on, until it is stopped. */
export const tellOutlook = ({ step, host, context, triesLeft, began = context.now() }: CheckOptions): OutlookTeller => {
  const of = { step: step.id, host }
  const here = context.now()
  const end = step.timeoutMs === undefined ? Number.POSITIVE_INFINITY : here + step.timeoutMs
  let until = end
  let timer: NodeJS.Timeout | undefined
  // Between two tries it is said when it gives up.
  let isSaid = triesLeft?.givesUpAt !== undefined
  let hasRung = false

  /** A try that is not the last ends the try, and not the step. */
  const ending = (now: number): readonly Outlook[] => {
    const [type, at] = triesLeft ? (['gives-up', triesLeft.givesUpAt] as const) : (['at-most', until] as const)
    return at !== undefined && at < Number.POSITIVE_INFINITY && at > now ? [{ type, ms: at - now }] : []
  }

  const known = (): readonly Outlook[] => {
    const now = context.now()
    // Journals are read for a step that somebody waits for, and for no other.
    const took = hasRung ? context.formerly?.(of) : undefined
    return [
      ...(took && took.ms >= longMs ? [{ type: 'as-before', ms: began + took.ms - now, took } as const] : []),
      ...ending(now),
    ]
  }

  const tell = () => {
    const outlook = known()
    const isNew = !isSaid || outlook.some(({ type }) => type === 'as-before')
    isSaid = false
    if (outlook.length === 0 || !isNew) return
    sayBeside(context, { type: 'step-lasts', ...of, ms: context.now() - began, outlook })
  }

  const later = (at: number) => {
    const due = here + (timesMs[at] ?? (at - timesMs.length + 1) * everyMs)
    const ring = () => {
      // By its own ring and not by the clock: a timer may be a millisecond early.
      hasRung = true
      tell()
      later(at + 1)
    }
    timer = setTimeout(ring, due - context.now()).unref()
  }

  later(0)
  return {
    limit(ms) {
      until = Math.min(end, ms === undefined ? end : context.now() + ms)
    },
    say() {
      const outlook = known()
      isSaid = outlook.length > 0
      return outlook
    },
    stop: () => clearTimeout(timer),
  }
}
