// Moves all that lies in one directory into another, which is empty: the copy is proved before anything goes.
import { type HostDollar, Problem } from '#task'
import { removeTree } from './remove-tree.ts'

type Way = { readonly from: string; readonly to: string }

/** The names beside a directory that are ours while data is moved; whoever breaks off leaves them. */
export const besides = (path: string) => ({ copy: `${path}.run-copy`, old: `${path}.run-old` })

/**
 * Copies beside the place, flushes, compares, and lets the copy take the place; then the source is emptied.
 *
 * Owner, mode and times of all below come along; both directories themselves keep their own.
 *
 * @throws {Problem} `copy-differs`; then all is as it was.
 */
export const moveTree = async ($: HostDollar, way: Way): Promise<void> => {
  await copyBeside($, way)
  await takePlace($, way.to)
  await emptySource($, way.from)
}

const copyBeside = async ($: HostDollar, { from, to }: Way): Promise<void> => {
  const { copy } = besides(to)
  await removeTree($, copy)
  const { exitCode, stderr } = await $({
    nothrow: true,
  })`cp -pPR ${from} ${copy} && sync && ${likeness(from)} >${`${copy}.from`} && ${likeness(copy)} | cmp - ${`${copy}.from`}`
  await $`rm -f ${`${copy}.from`}`
  if (exitCode === 0) return
  await removeTree($, copy)
  throw copyDiffers({ from, to }, stderr.trim())
}

/** A script, as words of its own: names, modes, owners, links and contents of all below a directory. */
const likeness = (path: string): readonly string[] => [
  'sh',
  '-c',
  `cd "$1" && { find . ! -name . -exec stat -c '%a %u:%g %F %N' {} + && find . -type f -exec cksum {} +; } | LC_ALL=C sort`,
  'sh',
  path,
]

/** `rmdir` refuses where something has come into the place meanwhile. */
const takePlace = async ($: HostDollar, to: string): Promise<void> => {
  const { copy } = besides(to)
  await $`if [ -d ${to} ]; then chmod "$(stat -c %a ${to})" ${copy} && chown "$(stat -c %u:%g ${to})" ${copy} && rmdir ${to}; fi && mv ${copy} ${to} && sync`
}

/** At one stroke: the source is whole, or it is aside, proved and not needed any more. */
export const emptySource = async ($: HostDollar, from: string): Promise<void> => {
  const { copy, old } = besides(from)
  await removeTree($, copy)
  await $`mkdir ${copy} && chmod "$(stat -c %a ${from})" ${copy} && chown "$(stat -c %u:%g ${from})" ${copy} && mv ${from} ${old} && mv ${copy} ${from}`
  await clearAside($, from)
}

/** Finishes what broke off after the source went aside. */
export const clearAside = async ($: HostDollar, from: string): Promise<void> => {
  const { copy, old } = besides(from)
  await $`if [ ! -e ${from} ]; then if [ -d ${copy} ]; then mv ${copy} ${from}; else mkdir ${from} && chmod "$(stat -c %a ${old})" ${from} && chown "$(stat -c %u:%g ${old})" ${from}; fi; fi`
  await removeTree($, old)
}

const copyDiffers = ({ from, to }: Way, seen: string): Problem =>
  new Problem({
    code: 'copy-differs',
    summary: `${from} could not be copied as it is to ${to}`,
    seen,
    wanted: 'a copy with the same names, owners, modes and contents',
    state: `${from} is as it was; the copy was taken away`,
    help: `see whether there is room (\`df ${to}\`), and whether somebody writes there`,
  })
