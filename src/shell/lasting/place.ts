// What is known on a node of a program that outlives whoever started it.
import { Problem } from '../../model/problem.ts'
import type { HostShell, Typed } from '../host-shell.ts'
import { claimState, clearPlace, tellState } from './scripts.ts'

export type Asking = 'looking' | 'claiming'

export type PlaceState =
  /** None has begun. */
  | { readonly type: 'void' }
  /** It runs on a channel of its own, which tells nobody else how it ends. */
  | { readonly type: 'bare' }
  /** It is not there any more, and left no exit status: it was killed, or the node went down. */
  | { readonly type: 'died' }
  | { readonly type: 'running' }
  | { readonly type: 'ended'; readonly exitCode: number }

export type Found = {
  readonly state: PlaceState
  /** What stands before and after its words on the screen; empty for one without a terminal. */
  readonly mark: string
  readonly typed: readonly Typed[]
}

/**
 * @param how `claiming` closes a place where none has begun for good, so that the answer stays true.
 * @throws {Problem} `place-unreadable`.
 */
export const readPlace = async (shell: HostShell, place: string, how: Asking = 'looking'): Promise<Found> => {
  const { stdout, stderr, exitCode } = await shell.run(how === 'claiming' ? claimState(place) : tellState(place))
  const [words = '', mark = '', ...typed] = stdout.split('\n')
  const state = toState(words)
  if (exitCode === 0 && state)
    return { state, mark: mark.replace('mark', '').trim(), typed: typed.filter(Boolean).map(toTyped) }
  throw new Problem({
    code: 'place-unreadable',
    summary: 'What became of a program that an earlier run began cannot be read',
    host: shell.host,
    seen: (stderr || stdout).trim(),
    state: 'nothing was begun',
    help: `look at ${place} on the node: the user that the steps run as has to read what is in it; then run the step again`,
  })
}

const toState = (words: string): PlaceState | undefined => {
  const [type, status] = words.split(' ')
  if (type === 'ended') return { type, exitCode: Number(status) }
  return type === 'void' || type === 'bare' || type === 'died' || type === 'running' ? { type } : undefined
}

/** A note is `BYTES PROMPT`: a prompt's name may hold blanks. */
const toTyped = (note: string): Typed => {
  const blank = note.indexOf(' ')
  return { shown: Number(note.slice(0, blank)), prompt: JSON.parse(note.slice(blank + 1)) }
}

export const toNote = ({ prompt, shown }: Typed): string => `${shown} ${JSON.stringify(prompt)}`

/** Forgets all about a program: its end is known, and written down elsewhere. */
export const forgetPlace = async (shell: HostShell, place: string): Promise<void> => {
  await shell.run(clearPlace(place))
}
