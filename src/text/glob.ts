// Patterns of names, as OpenSSH and inventories have them: `*` is any text, `?` any one character, all else is itself.

/**
 * Whether a text fits a pattern as a whole.
 *
 * Written out instead of a regular expression: a line of many stars must not cost more than it says.
 *
 * @source ssh_config(5), "PATTERNS"
 */
export const matchesGlob = (pattern: string, text: string): boolean => {
  let [at, star, back] = [0, -1, 0]
  for (let here = 0; here < text.length; ) {
    if (pattern[at] === '*') {
      star = at
      at += 1
      back = here
    } else if (pattern[at] === '?' || pattern[at] === text[here]) {
      at += 1
      here += 1
    } else if (star >= 0) {
      at = star + 1
      back += 1
      here = back
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** Whether a text fits one of several patterns, and none of those with `!` before them. */
export const matchesOneOf = (patterns: readonly string[], text: string): boolean => {
  const fitting = patterns.filter(pattern => matchesGlob(pattern.replace(/^!/, ''), text))
  return fitting.length > 0 && !fitting.some(pattern => pattern.startsWith('!'))
}
