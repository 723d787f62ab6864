// `$` for what only looks: the template and the quoting of zx's own. Of its processes and streams nothing is needed for
// two texts and a number, and a run makes thousands of looks.
import type { HostShell, Input, SeveralAsked } from './host-shell.ts'
import { assertSpeakable, quote, type Words } from './quote.ts'

/** What a command printed and how it ended. */
type Output = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null }

type LookOptions = {
  /** What the command reads on stdin. */
  readonly input?: Input
  /** An exit status other than 0 is an answer, which it always is here. */
  readonly nothrow?: boolean
  /** How several looks of this kind are made with one command. */
  readonly together?: SeveralAsked
}

/** As much of zx's `$` as a look needs; that of a step serves too. */
export type LookDollar = {
  (pieces: TemplateStringsArray, ...words: readonly Words[]): Promise<Output>
  (options: LookOptions): LookDollar
}

/**
 * Binds it to a node.
 *
 * @throws {Problem} `secret-in-command`, and what `HostShell.run` throws.
 */
export const lookDollar = (shell: HostShell, options: LookOptions = {}): LookDollar => {
  const { nothrow: _, ...how } = options
  function $(pieces: TemplateStringsArray, ...words: readonly Words[]): Promise<Output>
  function $(more: LookOptions): LookDollar
  function $(first: TemplateStringsArray | LookOptions, ...words: readonly Words[]): Promise<Output> | LookDollar {
    if (!isTemplate(first)) return lookDollar(shell, { ...options, ...first })
    for (const word of words) assertSpeakable(word)
    const script = first.map((piece, at) => piece + (at < words.length ? quote(words[at] ?? '') : '')).join('')
    return shell.run(script, { reads: true, ...how })
  }
  return $
}

const isTemplate = (value: TemplateStringsArray | LookOptions): value is TemplateStringsArray => Array.isArray(value)
