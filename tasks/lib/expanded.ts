// Words of a command as Ansible hands them on: `$NAME`, `${NAME}` and a `~` in front are what they are on the node.
import { quote } from '#task'

/** A line of sh that has each word as one, whatever its variables hold; one that is not set stays as it is written. */
export const expandedLine = (words: readonly string[]): string => words.map(expanded).join(' ')

const variable = /\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g

/** @source Python, `os.path.expanduser`, `os.path.expandvars` */
const expanded = (word: string): string => {
  const [, tilde = '', rest = word] = /^(~[\w.-]*)((?:\/.*)?)$/s.exec(word) ?? []
  const parts: string[] = []
  let at = 0
  for (const found of rest.matchAll(variable)) {
    const [whole, braced, bare] = found
    parts.push(literal(rest.slice(at, found.index)), `"\${${braced ?? bare}-${inDoubleQuotes(whole)}}"`)
    at = found.index + whole.length
  }
  const made = tilde + [...parts, literal(rest.slice(at))].join('')
  return made === '' ? "''" : made
}

const literal = (text: string): string => (text === '' ? '' : quote(text))

const inDoubleQuotes = (text: string): string => text.replaceAll('$', '\\$').replaceAll('}', '\\}')
