// Programs that draw their whole page anew at each key: what such a page shows of the answer that is being typed.
import { type Screen, screenText } from '../screen.ts'

/**
 * What stands behind the prompt, where the page that was drawn since is the one from before but for that.
 *
 * @returns Nothing where it is another page.
 */
export const redrawnEcho = (before: Screen, since: Screen): string | undefined => {
  const drawn = linesOf(since)
  const page = linesOf(before).slice(-drawn.length)
  if (drawn.length < 2 || page.length < drawn.length) return undefined
  const [changed = 0, ...more] = drawn.flatMap((line, index) => (line === page[index] ? [] : [index]))
  if (more.length > 0) return undefined
  const [then = '', now = ''] = [page[changed], drawn[changed]]
  return now.startsWith(then) ? now.slice(then.length) : undefined
}

const linesOf = (screen: Screen): readonly string[] =>
  screenText(screen)
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
