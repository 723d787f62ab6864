// What a page has its reader do: the commands of its `sh` blocks, and the files that stand there under their names.

export type Command = {
  readonly command: string
  /** What the comment behind it says that it ends with; 0 where it says nothing. */
  readonly exit: number
}

const blocksOf = (page: string, language: string): readonly { readonly words: string; readonly content: string }[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}(?: (\\S+))?\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, words = '', content = '']) => ({
      words,
      content,
    }),
  )

/** Lines that set a variable belong to the line after them. */
export const commandsIn = (page: string): readonly Command[] =>
  blocksOf(page, 'sh').flatMap(({ content }) =>
    content
      .replace(/^(\w+=\$\(.*\))\n/gm, '$1; ')
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => ({ command: line, exit: Number(/# exit (\d+)/.exec(line)?.[1] ?? 0) })),
  )

/** `yaml playbooks/motd.yml` begins a file of the reader's own. */
export const filesToWrite = (page: string): readonly { readonly path: string; readonly content: string }[] =>
  blocksOf(page, 'yaml')
    .filter(({ words }) => words.includes('/'))
    .map(({ words, content }) => ({ path: words, content }))
