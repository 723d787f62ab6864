// Whether a text is one that a person wrote, before anybody asks what it means: in UTF-8, no bytes, of a size to be read.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Source } from './source.ts'

/** More is a log or an image that was named by mistake. */
const mostCharacters = 4_000_000

export type Foreign = {
  readonly problem: Problem
  /** Nothing else can be said of it. */
  readonly isWhole: boolean
}

/** What is wrong with the text itself; a byte that was no UTF-8 has become U+FFFD when it was read. */
export const unreadableText = (written: Source): Foreign | undefined => {
  const { text } = written
  if (text.length > mostCharacters) return { problem: tooLarge(written), isWhole: true }
  if (/^\uFFFD{2}.?\0/.test(text)) return { problem: utf16(written), isWhole: true }
  const zero = text.indexOf('\0')
  if (zero !== -1) return { problem: bytes(written, zero), isWhole: true }
  const lost = text.indexOf('\uFFFD')
  return lost === -1 ? undefined : { problem: otherEncoding(written, lost), isWhole: false }
}

/** More levels than this on one line, or within brackets, is no text that a person wrote. */
const mostLevels = 500

/** Levels that need no line of their own; those that do are limited by the size of the text. */
export const isTooDeep = (text: string): boolean => {
  let level = 0
  for (const [run] of text.matchAll(/(?:[-?:] +)+|[[{\]}]/g)) {
    if (run.length > 1) {
      if (run.replaceAll(' ', '').length > mostLevels) return true
    } else level = Math.max(0, level + (run === '[' || run === '{' ? 1 : -1))
    if (level > mostLevels) return true
  }
  return false
}

const tooLarge = (written: Source): Problem =>
  new Problem({
    code: 'text-too-large',
    summary: 'This file is larger than any that a person wrote',
    span: written.span(0),
    seen: `${Math.round(written.text.length / 1_000_000)} million characters`,
    wanted: `${mostCharacters / 1_000_000} million at most`,
    help: 'look whether it is the right file',
    exit: exitCodes.input,
  })

const utf16 = (written: Source): Problem =>
  new Problem({
    code: 'text-encoding',
    summary: 'This file is written in UTF-16',
    span: written.span(0),
    wanted: 'UTF-8',
    help: 'save it as UTF-8, such as with: iconv -f UTF-16 -t UTF-8 FILE > NEW',
    exit: exitCodes.input,
  })

const bytes = (written: Source, at: number): Problem =>
  new Problem({
    code: 'text-binary',
    summary: 'This is no text: a zero byte stands here',
    span: written.span(at),
    wanted: 'a text in UTF-8',
    help: 'look whether it is the right file, and not packed or a document of another program',
    exit: exitCodes.input,
  })

const otherEncoding = (written: Source, at: number): Problem =>
  new Problem({
    code: 'text-encoding',
    summary: 'A letter here is not written in UTF-8, or was not when the file was last saved',
    span: written.span(at),
    wanted: 'UTF-8',
    help: 'save the file as UTF-8, such as with: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW',
    exit: exitCodes.input,
  })
