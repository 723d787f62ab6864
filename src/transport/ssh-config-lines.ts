// Lines of OpenSSH client configurations: which of them speak of one host, in the order in which they count. Pure.
import type { Span } from '../model/span.ts'
import { matchesOneOf } from '../text/glob.ts'

export type SshConfigFile = { readonly path: string; readonly text: string }

export type SshConfig = {
  /** The user's file, then the system's. */
  readonly files: readonly SshConfigFile[]
  /** The files that one word of an `Include` names. */
  included(pattern: string, by: SshConfigFile): readonly SshConfigFile[]
}

export type ConfigLine = {
  /** In lower case. */
  readonly keyword: string
  /** As it was written. */
  readonly written: string
  readonly words: readonly string[]
  readonly span: Span
}

/** What a `Match` can ask about. */
export type Matched = {
  readonly originalHost: string
  readonly localUser: string
  /** As far as the lines before say. */
  host(): string
  user(): string
}

/**
 * Hands every line that speaks of a host to `take`, the first that counts first.
 *
 * @returns `Match` lines that ask what is not asked here, such as `exec`, which would run a program: passed over.
 * @source ssh_config(5); `Match final` asks for a second reading
 */
export const readConfig = (
  { files, included }: SshConfig,
  asked: Matched,
  take: (line: ConfigLine) => void,
): readonly ConfigLine[] => {
  const passedOver = new Set<ConfigLine>()
  let asksFinal = false

  const isMet = (line: ConfigLine, isFinal: boolean): boolean => {
    const criteria = criteriaOf(line.words)
    asksFinal ||= criteria.some(({ name }) => name === 'final')
    const answers = criteria.map(criterion => answer(criterion, { asked, isFinal }))
    if (answers.includes(undefined)) passedOver.add(line)
    return answers.every(met => met === true)
  }
  const isMeant = ({ keyword, words }: ConfigLine): boolean =>
    keyword === 'host' && matchesOneOf(words, asked.originalHost)
  const walk = (file: SshConfigFile, isFinal: boolean, depth = 0): void => {
    let isOpen = true
    for (const line of linesOf(file)) {
      if (sections.has(line.keyword)) isOpen = isMeant(line) || (line.keyword === 'match' && isMet(line, isFinal))
      else if (isOpen && line.keyword === 'include') include(line, file, { isFinal, depth })
      else if (isOpen) take(line)
    }
  }
  const include = ({ words }: ConfigLine, by: SshConfigFile, { isFinal, depth }: Level): void => {
    if (depth === deepest) return
    for (const other of words.flatMap(word => included(word, by))) walk(other, isFinal, depth + 1)
  }
  for (const file of files) walk(file, false)
  if (asksFinal) for (const file of files) walk(file, true)
  return [...passedOver]
}

type Level = { readonly isFinal: boolean; readonly depth: number }

const sections = new Set(['host', 'match'])

/** As deep as OpenSSH includes. */
const deepest = 16

const linesOf = (file: SshConfigFile): readonly ConfigLine[] =>
  file.text.split(/\r?\n/).flatMap((text, index) => {
    const [, before = '', written = '', rest = ''] = /^(\s*)([a-z0-9]+)(?:\s*=\s*|\s+)(.*)$/i.exec(text) ?? []
    if (written === '') return []
    const span = { file: file.path, line: index + 1, column: before.length + 1, width: written.length, excerpt: text }
    return [{ keyword: written.toLowerCase(), written, words: wordsOf(rest), span }]
  })

/** Quotes keep a word together; `#` at the start of a word begins a comment. */
const wordsOf = (text: string): readonly string[] => {
  const words = text.match(/"(?:\\.|[^"\\])*"|'[^']*'|[^\s"']+(?:"[^"]*"[^\s"']*)*/g) ?? []
  const comment = words.findIndex(word => word.startsWith('#'))
  return words
    .slice(0, comment < 0 ? words.length : comment)
    .map(word => (/^["']/.test(word) ? word.slice(1, -1).replace(/\\(["\\])/g, '$1') : word))
}

type Criterion = { readonly name: string; readonly isNegated: boolean; readonly patterns: readonly string[] }

/** Criteria that stand alone; all others have a list of patterns behind them. */
const alone = new Set(['all', 'canonical', 'final'])

const criteriaOf = (words: readonly string[]): readonly Criterion[] => {
  const left = words.flatMap(word => (/^!?[a-z]+=/i.test(word) ? word.split(/=(.*)/s, 2) : [word]))
  const criteria: Criterion[] = []
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const name = word.replace(/^!/, '').toLowerCase()
    const patterns = alone.has(name) ? [] : (left.shift() ?? '').split(',')
    criteria.push({ name, isNegated: word.startsWith('!'), patterns })
  }
  return criteria
}

type Asking = { readonly asked: Matched; readonly isFinal: boolean }

/** Undefined where it is not understood. */
const answer = ({ name, isNegated, patterns }: Criterion, { asked, isFinal }: Asking): boolean | undefined => {
  const met: Readonly<Record<string, () => boolean>> = {
    all: () => true,
    // Names are taken as they are written.
    canonical: () => false,
    final: () => isFinal,
    host: () => matchesOneOf(patterns, asked.host()),
    originalhost: () => matchesOneOf(patterns, asked.originalHost),
    user: () => matchesOneOf(patterns, asked.user()),
    localuser: () => matchesOneOf(patterns, asked.localUser),
  }
  const isMet = met[name]?.()
  return isMet === undefined ? undefined : isMet !== isNegated
}
