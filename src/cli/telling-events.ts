// `--events`: what a run tells while it goes on is its journal, line by line, to wherever it was asked for.
import { openOutlet } from './event-outlet.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Opens the place before anything is read, so that no file of an earlier run is taken for one of this.
 *
 * @param to As `openOutlet` takes it; nothing tells nobody.
 * @throws {Problem} `events-unwritable`
 */
export const tellingEvents = async (
  to: string | undefined,
  around: Surroundings,
  work: (around: Surroundings) => Promise<number>,
): Promise<number> => {
  if (to === undefined) return work(around)
  const outlet = openOutlet(to, around)
  const isStdout = to === '-' || to === 'fd:1'
  const close = () => {
    process.off('exit', close)
    const why = outlet.close()
    if (why !== undefined)
      around.stderr.write(`Not all events came out of --events: ${why}. \`run report --format jsonl\` has every one.\n`)
  }
  // A second Ctrl-C ends the process at once.
  process.on('exit', close)
  try {
    return await work({
      ...around,
      // Who reads events there reads nothing else.
      ...(isStdout && { stdout: around.stderr }),
      events: (_, line) => outlet.write(line),
    })
  } finally {
    close()
  }
}
