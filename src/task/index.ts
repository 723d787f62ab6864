// What a task module imports: `#task`.
export { z } from 'zod'
export type { Answer } from '../model/answer.ts'
export { type Change, isKnown, notKnownYet } from '../model/change.ts'
export type { Json } from '../model/json.ts'
export { LargeFile } from '../model/large-file.ts'
export { Problem } from '../model/problem.ts'
export { reveal, Secret } from '../model/secret.ts'
export type { HostDollar } from '../shell/dollar.ts'
export { readingGiven } from '../shell/given-text.ts'
export { longestInline } from '../shell/host-shell.ts'
export type { LookDollar } from '../shell/look-dollar.ts'
export { type Part, part, quote } from '../shell/quote.ts'
export { splitWords, wordsIn } from '../shell/split-words.ts'
export { withoutBreaks } from '../text/lines.ts'
export { change, differs, due, same, unknown } from './answers.ts'
export { sha1Of } from './digests.ts'
export {
  type Directory,
  type DirectoryChange,
  type DirectoryEntry,
  type DirectoryValue,
  isSameName,
  isWithin,
  valuesOf,
} from './directory.ts'
export { eventually } from './eventually.ts'
export { hold } from './hold.ts'
export * from './kinds/index.ts'
export { expanded, findIn, foundIn, regularExpression } from './patterns.ts'
export type { Person } from './person.ts'
export { type InventoryLine, question, type Told } from './question.ts'
export { type Output, type Ref, readNow, resource } from './resource.ts'
export * from './schemas.ts'
export { task } from './task.ts'
export type { ApplyContext, CheckContext, Known, Place, World } from './world.ts'
