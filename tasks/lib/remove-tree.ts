// Removes a directory with all that is in it, and nothing of another file system that is mounted in there.
import { type HostDollar, mountsBelow, Problem, readNow, type World } from '#task'

/** Looked at in a check, so that a dry run tells it too. @throws {Problem} `mounted-below` */
export const assertNothingMounted = async (world: World, path: string): Promise<void> =>
  assertNone(path, (await world.look(mountsBelow(path))).at)

/**
 * Asks once more right before: somebody may have mounted something since the check.
 *
 * @throws {Problem} `mounted-below`; then nothing was removed.
 */
export const removeTree = async ($: HostDollar, path: string): Promise<void> => {
  assertNone(path, (await readNow($, mountsBelow(path))).at)
  await $`rm -rf ${path}`
}

const assertNone = (path: string, mountPoints: readonly string[]): void => {
  const [first] = mountPoints
  if (first === undefined) return
  throw new Problem({
    code: 'mounted-below',
    summary: `${path} goes with all that is in it, and another file system is mounted there`,
    seen: mountPoints.map(at => `${at} is a mount point`).join('\n'),
    wanted: `nothing mounted at ${path} or below it: what is on that file system would be lost`,
    state: 'nothing was removed',
    help: `find out who uses it, and unmount it (\`umount ${first}\`), or name a directory beside it`,
  })
}
