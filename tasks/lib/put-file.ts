// How a file comes to its place, leaves it, and comes back.
import type { FileValue, HostDollar, Secret } from '#task'
import { fetchContent, keepContent, removeParents } from './kept.ts'

/** Written beside it and moved there, so that nobody reads half of it. */
export const writeText = async ($: HostDollar, path: string, content: string | Secret): Promise<void> => {
  const next = `${path}.run-new`
  // `set -C` makes the file anew or fails: in a directory of another user nobody can put a link there.
  await $({ input: content })`umask 077 && rm -f ${next} && set -C && cat >${next}`
  await takePlace($, path)
}

/** What it held before it was changed or taken away. */
export const bringBack = async ($: HostDollar, path: string, kept: string): Promise<void> => {
  await fetchContent($, `${path}.run-new`, kept)
  await takePlace($, path)
}

/** With the mode and owner of the one before. */
const takePlace = async ($: HostDollar, path: string): Promise<void> => {
  const next = `${path}.run-new`
  await $`if [ -f ${path} ]; then chmod "$(stat -c %a ${path})" ${next} && chown "$(stat -c %u:%g ${path})" ${next}; fi && mv -f ${next} ${path}`
}

/** Takes it away, a directory only when it is empty. What a file held is put aside first. */
export const removeFile = async ($: HostDollar, path: string, kept: string): Promise<void> => {
  if ((await $({ nothrow: true })`[ -f ${path} ] && [ ! -L ${path} ]`).exitCode === 0) await keepContent($, path, kept)
  await remove($, path)
}

const remove = async ($: HostDollar, path: string): Promise<void> => {
  await $`if [ -d ${path} ] && [ ! -L ${path} ]; then rmdir ${path}; else rm -f ${path}; fi`
}

type There = { readonly path: string; readonly before: FileValue; readonly isGone: boolean }

/** What stood there: nothing, a file with what it held, an empty directory, a link; or the same, with others' rights. */
export const putBack = async ($: HostDollar, { path, before, isGone }: There, kept: string): Promise<void> => {
  if (before.type === 'absent') {
    await remove($, path)
    await removeParents($, kept)
  }
  if (before.type === 'link') await $`ln -s -- ${before.target} ${path}`
  if (isGone && before.type === 'directory') await $`mkdir ${path}`
  if (isGone && before.type === 'file') await bringBack($, path, kept)
  if ('mode' in before) await $`chown -- ${before.owner}:${before.group} ${path} && chmod ${before.mode} ${path}`
}
