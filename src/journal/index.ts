// What the floors above use of the journal.
export { type Journal, openJournal } from './journal.ts'
export { listRuns } from './list.ts'
export { readJournal } from './read.ts'
export { createRun } from './run-id.ts'
