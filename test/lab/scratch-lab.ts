// Labs of a test file: each in a directory of its own, all taken down at the end, also after a failure.
import { execFile } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { type Lab, labDown, labUp, type UpOptions } from '../../lab/index.ts'
import { Problem, type ProblemFields } from '../../src/model/problem.ts'
import { type Bundle, bundleLab } from './bundle.ts'

const bundle: Bundle = bundleLab()
const parents: string[] = []

afterAll(async () => {
  for (const parent of parents) await labDown(`${parent}/lab`)
  for (const path of [...parents, bundle.root]) rmSync(path, { recursive: true })
})

export const isRoot = process.getuid?.() === 0

/** The account of the lane without root, when the tests themselves run as root. */
const nobody = 65534
export const asNobody = ['setpriv', '--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups', '--']

/** An empty state directory. */
export const scratchDir = (): string => {
  const parent = mkdtempSync(`${tmpdir()}/run-lab-`)
  chmodSync(parent, 0o755)
  if (isRoot) chownSync(parent, nobody, nobody)
  parents.push(parent)
  return `${parent}/lab`
}

export const up = (options: Partial<UpOptions> = {}): Promise<Lab> =>
  labUp({ dir: scratchDir(), nodes: 2, daemonFile: bundle.daemonFile, ...options })

/** Brings a lab up as a user without any privilege. */
export const upWithoutRoot = async (options: Partial<UpOptions> = {}): Promise<Lab> =>
  (await callUnder(isRoot ? asNobody : [], 'labUp', {
    dir: scratchDir(),
    nodes: 2,
    daemonFile: bundle.daemonFile,
    ...options,
  })) as Lab

/**
 * Calls a function of the lab in a process of its own, with something before it that takes or gives rights.
 *
 * @throws {Problem} as the function did.
 */
export const callUnder = async (before: readonly string[], word: string, ...args: unknown[]): Promise<unknown> => {
  const [program = '', ...rest] = [...before, ...callArgv(word, ...args)]
  const { stdout } = await promisify(execFile)(program, rest)
  const told = JSON.parse(stdout) as { answer?: unknown; problem?: ProblemFields }
  if (told.problem) throw new Problem(told.problem)
  return told.answer
}

/** The command line of such a call. */
export const callArgv = (word: string, ...args: unknown[]): readonly string[] => [
  ...[process.execPath, bundle.callFile, word],
  ...args.map(arg => JSON.stringify(arg)),
]
