// Programs of Node.js that prepare a measurement have to end well.
import { spawnSync } from 'node:child_process'

/** @param words What Node.js is given. @throws {Error} With what it said, where it does not end well. */
export const assertEnds = (words: readonly string[], cwd: string): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${words.join(' ')}\n${stdout}${stderr}`)
}
