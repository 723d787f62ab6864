// `no_log`: what a step is given, sees and makes is kept from whoever hears of it, and a reader is told that it is.
import { notKnownYet } from '../model/change.ts'
import type { EventBody, ProblemRecord } from '../model/events.ts'
import { Secret } from '../model/secret.ts'

export const hidden = 'hidden by no_log'

type Heard = { readonly noLog?: boolean; readonly register?: string; readonly name: string }

/** The same context, in which what a step with `no_log` says is not heard. */
export const heardOf = <Hearing extends { emit(event: EventBody): void }>(
  { noLog }: Heard,
  context: Hearing,
): Hearing => (noLog ? { ...context, emit: event => context.emit(unlogged(event)) } : context)

/** What a step hands on to others. */
export const handed = ({ noLog, register, name }: Heard, value: unknown): unknown =>
  noLog ? concealedResult(value, register ?? name) : value

/** Why it is, was or is not due, as others may say it. */
export const saidOf = ({ noLog }: Heard, because: string): string => (noLog ? hidden : because)

/** The event as it may be heard. */
export const unlogged = (event: EventBody): EventBody => {
  switch (event.type) {
    case 'step-checked':
      return { ...event, because: hidden, looks: [] }
    case 'step-asked':
    case 'step-intended':
      return { ...event, ...('because' in event && { because: hidden }), changes: event.changes.map(unseen) }
    case 'command':
      return { ...event, script: hidden }
    case 'prompt-answered':
      return { ...event, answer: hidden }
    case 'step-progressed': {
      // How many bytes a secret has says something of it.
      const { count: _, ...told } = event
      return { ...told, text: hidden }
    }
    case 'transcript':
      return { ...event, text: hidden }
    case 'receipt-written': {
      const { result: _, ...receipt } = event.receipt
      return {
        ...event,
        receipt: { ...receipt, attests: receipt.attests.map(each => ({ ...each, value: notKnownYet })) },
      }
    }
    case 'step-ended': {
      const { result: _, told: _told, problem, ...end } = event
      return {
        ...end,
        because: hidden,
        changes: event.changes.map(unseen),
        ...(problem && { problem: unseenProblem(problem) }),
      }
    }
    default:
      return event
  }
}

/** Which thing it is may be seen, and no more. */
export const unseen = <Seen extends { readonly kind: string; readonly key: string }>(change: Seen): Seen => ({
  ...change,
  ...(change.kind !== 'act' && { before: notKnownYet, after: notKnownYet }),
})

/** Where it is written may be told, not what stands there. */
export const unseenProblem = ({ code, host, step, exit, state, span }: ProblemRecord): ProblemRecord => ({
  code,
  summary: `The step failed; why is ${hidden}`,
  ...(host !== undefined && { host }),
  ...(step !== undefined && { step }),
  ...(span && { span: { ...span, width: 1, excerpt: '' } }),
  ...(state !== undefined && { state }),
  ...(exit !== undefined && { exit }),
  help: 'look at the node, or take `no_log` away where nothing of it is secret',
})

/** What it hands on stays a secret wherever a later step names it. */
export const concealedResult = (value: unknown, label: string): unknown => {
  if (typeof value === 'string' || typeof value === 'number') return new Secret(label, String(value))
  if (Array.isArray(value)) return value.map(each => concealedResult(each, label))
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  const symbols = Object.getOwnPropertySymbols(value).map(key => [key, Reflect.get(value, key)] as const)
  const entries = Object.entries(value).map(([key, each]) => [key, concealedResult(each, label)] as const)
  return Object.fromEntries<unknown>([...entries, ...symbols] as readonly (readonly [PropertyKey, unknown])[])
}
