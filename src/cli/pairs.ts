// `a=1 b='two words'` behind `-e`, as Ansible takes it: each value is a text, whatever it looks like.

export type Pair = { readonly key: string; readonly value: string }

/** What stands in braces is one value, and so is what stands in quotes. */
const pair = /(?:^|\s)([A-Za-z_]\w*)=('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?:\{\{.*?\}\}|\S)*)(?=\s|$)/gs

/** Nothing where it is something else: YAML, JSON, or words without a name. */
export const pairsIn = (text: string): readonly Pair[] | undefined => {
  if (text.replace(pair, '').trim() !== '') return undefined
  return [...text.matchAll(pair)].map(([, key = '', value = '']) => ({ key, value: unescaped(unquoted(value)) }))
}

const unquoted = (value: string): string => /^(['"])(.*)\1$/s.exec(value)?.[2] ?? value

const signs: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** As Python reads them. What is no escape stays as it is, such as `\d`. */
const unescaped = (value: string): string =>
  value.replace(escaped, (whole, x?: string, u?: string, long?: string, sign?: string) => {
    if (sign !== undefined) return signs[sign] ?? sign
    const code = Number.parseInt(x ?? u ?? long ?? '', 16)
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole
  })

const escaped = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\\'"abfnrtv]))/g
