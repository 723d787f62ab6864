// What the floors above use of the journal.
export { isErrno, isRefusedByDisk } from './disk.ts'
export { type Journal, openJournal } from './journal.ts'
export { type KeptRun, listRuns, surveyRuns, type UnreadableRun } from './list.ts'
export { masked } from './masked.ts'
export { assertOurs } from './own-folder.ts'
export { journalFile, readableJournal, readJournal, readJournalText } from './read.ts'
export { createRun } from './run-id.ts'
