// Cuts a Jinja text into tokens, each with its place. What it cannot read is a fault with a place, never a throw.
export type TokenType =
  | 'text' // what stands outside of all braces
  | 'open' // {{
  | 'close' // }}
  | 'open-statement' // {%
  | 'close-statement' // %}
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'end'

export type Token = {
  readonly type: TokenType
  /** What it means: a string without quotes and escapes, anything else as written. */
  readonly value: string
  readonly start: number
  readonly end: number
}

/** What is wrong in a template, from `start` to before `end` in its text. */
export class TemplateFault extends Error {
  readonly start: number
  readonly end: number
  readonly help: string | undefined

  constructor(message: string, { start, end }: { readonly start: number; readonly end: number }, help?: string) {
    super(message)
    this.start = start
    this.end = end
    this.help = help
  }
}

const closers = { '{{': '}}', '{%': '%}' } as const

/** How a text is to be read; in Ansible a playbook's texts are read otherwise than the files of templates. */
export type TextForm = {
  /** A backslash between quotes within `{{ }}` is one: what a playbook says is read by YAML before. */
  readonly keepsBackslashes?: boolean
  /** A line break right after `%}` stays. */
  readonly keepsBreaks?: boolean
  /** Blanks from the beginning of a line to `{%` go. */
  readonly stripsBefore?: boolean
}

/**
 * The tokens of a text with `{{ }}`, `{% %}` and `{# #}`.
 *
 * As in Ansible, a line break right after `%}` is dropped; `-` strips white space on its side.
 *
 * @throws {TemplateFault} Where the text cannot be read.
 */
export const tokenize = (text: string, form: TextForm = {}): Token[] => {
  const tokens: Token[] = []
  let at = 0
  let stripNext = false
  const pushText = (start: number, end: number, stripEnd: boolean): void => {
    let value = text.slice(start, end)
    if (stripNext) value = value.trimStart()
    if (stripEnd) value = value.trimEnd()
    else if (form.stripsBefore && /[%#]/.test(text[end + 1] ?? '') && text[end + 2] !== '+')
      value = value.replace(/(^|\n)[^\S\n]+$/, '$1')
    stripNext = false
    if (value !== '') tokens.push({ type: 'text', value: withLineFeeds(value), start, end })
  }
  while (at < text.length) {
    const open = /\{[{%#]/.exec(text.slice(at))
    if (open === null) break
    const start = at + open.index
    pushText(at, start, text[start + 2] === '-')
    const block = readBlock(text, start, form)
    tokens.push(...block.tokens)
    stripNext = block.stripsAfter
    at = block.end
  }
  pushText(at, text.length, false)
  return [...tokens, endAt(text.length)]
}

/** The tokens of a bare expression, as `when:` has it. */
export const tokenizeExpression = (text: string): Token[] => {
  const { tokens, end } = readTokens(text, 0, { closer: undefined, keepsBackslashes: false })
  return [...tokens, endAt(end)]
}

const endAt = (offset: number): Token => ({ type: 'end', value: '', start: offset, end: offset })

type Block = { readonly tokens: readonly Token[]; readonly end: number; readonly stripsAfter: boolean }

const readBlock = (text: string, start: number, form: TextForm): Block => {
  const opener = text.slice(start, start + 2)
  if (opener === '{#') return readComment(text, start, form)
  // The line break right after a statement is dropped here too.
  const raw = rawBlock.exec(text.slice(start))
  if (raw !== null) return readRaw(raw, start)
  const isStatement = opener === '{%'
  const closer = isStatement ? closers['{%'] : closers['{{']
  const from = start + (/[-+]/.test(text[start + 2] ?? '') ? 3 : 2)
  const { tokens, end } = readTokens(text, from, {
    closer,
    keepsBackslashes: !isStatement && form.keepsBackslashes === true,
  })
  const closeStart = text.startsWith(closer, end) ? end : end + 1
  const close = closeStart + 2
  return {
    tokens: [
      { type: isStatement ? 'open-statement' : 'open', value: opener, start, end: start + 2 },
      ...tokens,
      { type: isStatement ? 'close-statement' : 'close', value: closer, start: closeStart, end: close },
    ],
    end: isStatement && text[closeStart - 1] !== '+' ? afterLineBreak(text, close, form) : close,
    stripsAfter: text[closeStart - 1] === '-' && closeStart !== end,
  }
}

const readComment = (text: string, start: number, form: TextForm): Block => {
  const close = text.indexOf('#}', start + 2)
  if (close === -1)
    throw new TemplateFault('The comment {# is not closed', { start, end: start + 2 }, 'close it with #}')
  return { tokens: [], end: afterLineBreak(text, close + 2, form), stripsAfter: text[close - 1] === '-' }
}

const readRaw = (match: RegExpExecArray, start: number): Block => {
  const { within = '', opens = '', closes = '', ends = '' } = match.groups ?? {}
  const end = start + match[0].length
  const begun = opens === '-' ? within.trimStart() : within
  const value = withLineFeeds(closes === '-' ? begun.trimEnd() : begun)
  return { tokens: value === '' ? [] : [{ type: 'text', value, start, end }], end, stripsAfter: ends === '-' }
}

/** As Jinja has them: whatever ends a line in the text ends it alike in what comes of it. */
const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n')

const afterLineBreak = (text: string, at: number, { keepsBreaks }: TextForm): number =>
  keepsBreaks ? at : at + (/^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0)

/** Of a name the letters of ASCII: those of all languages take longer to compile than all else of a short template. */
const inAscii =
  /(?<space>\s+)|(?<float>\d[\d_]*(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+))|(?<integer>0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*)|(?<name>[A-Za-z_]\w*)|(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<operator>\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=|.,:()[\]{}])/y

let inAnyLanguage: RegExp | undefined

const patternOfAll = (): RegExp => {
  const source = inAscii.source.replace(String.raw`[A-Za-z_]\w*`, String.raw`[\p{L}_][\p{L}\p{N}_]*`)
  inAnyLanguage ??= new RegExp(source, 'uy')
  return inAnyLanguage
}

const matchAt = (text: string, at: number, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** What other languages write may begin a token, or go on behind what ASCII has of one. */
const nextIn = (text: string, at: number): RegExpExecArray | null => {
  const match = matchAt(text, at, inAscii)
  const behind = at + (match?.[0].length ?? 0)
  return text.charCodeAt(behind) > 0x7f ? matchAt(text, at, patternOfAll()) : match
}

const rawBlock =
  /^\{%[-+]?\s*raw\s*(?<opens>[-+]?)%\}(?:\r?\n)?(?<within>[\s\S]*?)\{%(?<closes>[-+]?)\s*endraw\s*(?<ends>[-+]?)%\}(?:\r?\n)?/

type Reading = { readonly closer: string | undefined; readonly keepsBackslashes: boolean }

/** Reads up to the closer, which within brackets is none: `{{ {'a': {}} }}`. */
const readTokens = (
  text: string,
  from: number,
  { closer, keepsBackslashes }: Reading,
): { tokens: Token[]; end: number } => {
  const tokens: Token[] = []
  const open: string[] = []
  let at = from
  while (at < text.length) {
    if (closer !== undefined && open.length === 0 && closesHere(text, at, closer)) return { tokens, end: at }
    const match = nextIn(text, at)
    if (match?.groups === undefined) throw unreadable(text, at)
    const end = at + match[0].length
    const token = tokenOf(match.groups, { start: at, end, keepsBackslashes })
    at = end
    if (token === undefined) continue
    tokens.push(token)
    if (token.type === 'operator' && '([{'.includes(token.value)) open.push(token.value)
    if (token.type === 'operator' && ')]}'.includes(token.value)) open.pop()
  }
  if (closer === undefined) return { tokens, end: at }
  throw neverClosed(text, { from, closer, inner: innermost(tokens) })
}

type NeverClosed = { readonly from: number; readonly closer: string; readonly inner: Token | undefined }

/** The bracket within, where what closes the template is there; else what opened the template. */
const neverClosed = (text: string, { from, closer, inner }: NeverClosed): TemplateFault => {
  const start = text.lastIndexOf(closer === '}}' ? '{{' : '{%', from)
  const closing = { '(': ')', '[': ']' }[inner?.value ?? '']
  if (inner !== undefined && closing !== undefined && text.includes(closer, from))
    return new TemplateFault(`${inner.value} is not closed`, inner, `close it with ${closing}`)
  return new TemplateFault(
    `${text.slice(start, start + 2)} is not closed`,
    { start, end: start + 2 },
    `close it with ${closer}`,
  )
}

/** The bracket that was opened last and never closed. */
const innermost = (tokens: readonly Token[]): Token | undefined => {
  const open: Token[] = []
  for (const token of tokens) {
    if (token.type !== 'operator') continue
    if ('([{'.includes(token.value)) open.push(token)
    // What closes the template closes no bracket of another kind.
    const [pair] = [open.at(-1)?.value].map(value => ({ '(': ')', '[': ']', '{': '}' })[value ?? ''])
    if (pair === token.value) open.pop()
  }
  return open.at(-1)
}

const closesHere = (text: string, at: number, closer: string): boolean =>
  text.startsWith(closer, at) || (/[-+]/.test(text[at] ?? '') && text.startsWith(closer, at + 1))

const tokenOf = (
  groups: Readonly<Record<string, string | undefined>>,
  {
    start,
    end,
    keepsBackslashes,
  }: { readonly start: number; readonly end: number; readonly keepsBackslashes: boolean },
): Token | undefined => {
  const { float, integer, name, string, operator } = groups
  if (float !== undefined) return { type: 'float', value: float.replaceAll('_', ''), start, end }
  if (integer !== undefined) return { type: 'integer', value: integer.replaceAll('_', ''), start, end }
  if (name !== undefined) return { type: 'name', value: name, start, end }
  if (string !== undefined) {
    const within = string.slice(1, -1)
    const value = keepsBackslashes ? within.replace(/\\(['"])/g, '$1') : withoutEscapes(within)
    return { type: 'string', value, start, end }
  }
  return operator === undefined ? undefined : { type: 'operator', value: operator, start, end }
}

const unreadable = (text: string, at: number): TemplateFault => {
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (sign === '"' || sign === "'")
    return new TemplateFault(`The quote ${sign} is not closed`, { start: at, end: at + 1 }, `close it with ${sign}`)
  const help = /[“”„‘’]/.test(sign)
    ? `write ' instead`
    : { '&': 'write `and`', '!': 'write `not`', '?': 'write `a if condition else b`' }[sign]
  return new TemplateFault(
    `The sign ${sign} has no meaning in an expression`,
    { start: at, end: at + sign.length },
    help,
  )
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' }

/** Python's rules: an escape that is not known keeps its backslash, so that `'\.'` can be a pattern. */
const withoutEscapes = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (whole, two, four, sign) => {
    if (sign === undefined) return String.fromCharCode(Number.parseInt(two ?? four, 16))
    if (sign === '\n') return ''
    return escapes[sign] ?? (/[\\'"]/.test(sign) ? sign : whole)
  })
