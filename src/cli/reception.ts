// Who is there while nodes are reached: the person at the terminal, the journal and the screen, as soon as they are open.
import type { EventBody, RunEvent } from '../model/events.ts'
import { Secret } from '../model/secret.ts'
import type { Person } from '../task/person.ts'
import type { Company } from '../transport/company.ts'
import { personAt, type Room } from './person.ts'
import type { Surroundings } from './surroundings.ts'

type Emit = (event: EventBody) => RunEvent

export type Reception = {
  readonly company: Company
  readonly person: Person
  /** From here on what is told goes to the journal, and the screen makes room for questions. */
  open(run: { readonly emit: Emit; readonly room: Room }): void
  /** Writes an event, and behind the first one what was told before there was a run. */
  readonly emit: Emit
  /** Writes an event as soon as there is a first one. */
  soon(event: EventBody): void
  /** Says what no journal has taken. */
  close(): void
}

/** Nodes can be reached before a run has a name; what is told until then is kept for it. */
export const createReception = (
  around: Surroundings,
  /** Hears of what a person typed unseen. */
  onSecrets: (secrets: readonly Secret[]) => void = () => {},
): Reception => {
  let run: { readonly emit: Emit; readonly room: Room } | undefined
  let isUnderWay = false
  const told = new Set<string>()
  const kept: EventBody[] = []
  const flush = () => {
    if (run && isUnderWay) for (const event of kept.splice(0)) run.emit(event)
  }
  const soon = (event: EventBody) => {
    kept.push(event)
    flush()
  }
  const seated = personAt(around, { suspend: () => run?.room.suspend(), resume: () => run?.room.resume() })
  const person: Person = {
    async ask(question) {
      const answer = await seated.ask(question)
      if (question.isSecret && answer !== undefined) onSecrets([new Secret(question.title, answer)])
      return answer
    },
  }
  return {
    person,
    company: {
      ...(around.isTerminal && { person }),
      keys: new Map(),
      // Each node that is reached says the same of a file that all share.
      tell(text) {
        if (told.has(text)) return
        told.add(text)
        soon({ type: 'notice', text })
      },
    },
    open(opened) {
      run = opened
    },
    emit(event) {
      if (!run) throw new Error(`${event.type} before there is a journal`)
      const written = run.emit(event)
      isUnderWay = true
      flush()
      return written
    },
    soon,
    close() {
      for (const event of kept.splice(0)) if (event.type === 'notice') around.stderr.write(`${event.text}\n`)
    },
  }
}
