// What the floors above use of the journal.
export { type Journal, type JournalOptions, openJournal } from './journal.ts'
export { type KeptRun, listRuns } from './list.ts'
export type { Redact } from './masked.ts'
export { readJournal } from './read.ts'
export { createRun } from './run-id.ts'
