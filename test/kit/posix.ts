// Every command that a test sees is one that dash can read: no bash, no broken quotes.
import { spawnSync } from 'node:child_process'

const isThere = (program: string): boolean => spawnSync(program, ['-c', ':']).status === 0

export const hasDash = isThere('dash')

/** The shells of the lanes, with the words that start each; one that is absent is skipped by name. */
export const shells = [
  { shell: 'dash', words: ['dash'], isHere: hasDash },
  { shell: 'busybox sh', words: ['busybox', 'sh'], isHere: spawnSync('busybox', ['true']).status === 0 },
] as const

const readable = new Set<string>()

/** @throws {Error} with what dash says of a script that it cannot read. Without dash nothing is checked. */
export const assertPosix = (script: string): void => {
  // The token of a run and the name of a scratch directory are words in any case.
  const kind = script.replaceAll(/\b[\da-f]{32}\b|\b(?:sandbox|sandbox-bin|strange)-\w{6}\b/g, 'word')
  if (!hasDash || readable.has(kind)) return
  const { status, stderr } = spawnSync('dash', ['-n'], { input: `${script}\n`, encoding: 'utf8' })
  if (status !== 0) throw new Error(`dash cannot read this command: ${stderr.trim()}\n${script}`)
  readable.add(kind)
}
