// What shows a run, live or from its journal. It hears the events in order and nothing else.
import type { RunEvent } from '../model/events.ts'

export type View = {
  /** Before the first event; a second call changes nothing. */
  open(): void
  show(event: RunEvent): void
  /** After the last event, or when it must leave the screen as it is; a second call changes nothing. */
  close(): void
}

/** Shows a run that was, as it was shown when it happened. */
export const replay = (events: Iterable<RunEvent>, view: View): void => {
  view.open()
  for (const event of events) view.show(event)
  view.close()
}
