// Cuts a command line into its words, without a shell: quotes and `\` count, `|` and `$` do not.

/**
 * @returns Nothing where a quote is not closed, or nothing stands behind the last `\`.
 * @source Python, `shlex.split`, which Ansible cuts with; but `\` at the end of a line goes on in the next one, as in sh
 */
export const wordsIn = (line: string): readonly string[] | undefined => {
  const words: string[] = []
  const reading = new RegExp(piece)
  let word: string | undefined
  while (reading.lastIndex < line.length) {
    const { groups } = reading.exec(line) ?? {}
    if (groups === undefined) return undefined
    if (groups.blank === undefined) word = (word ?? '') + textOf(groups)
    else if (word !== undefined) words.push(word)
    if (groups.blank !== undefined) word = undefined
  }
  return word === undefined ? words : [...words, word]
}

/** As `wordsIn`; what has no end goes to the end of the line. */
export const splitWords = (line: string): readonly string[] =>
  wordsIn(line) ?? wordsIn(`${line}\\`) ?? wordsIn(`${line}'`) ?? wordsIn(`${line}"`) ?? [line]

const piece =
  /(?<blank>(?:[ \t\r\n]|\\\n)+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^ \t\r\n'"\\]+)/sy

const textOf = ({ single, double, escaped, plain }: Readonly<Record<string, string | undefined>>): string =>
  single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain ?? ''
