// A lab of a measurement's own, with OpenSSH's sshd on its nodes: brought up by the command, as a user would.
import { join } from 'node:path'
import { ask } from '../lab/control.ts'
import type { Lab } from '../lab/words.ts'
import { assertEnds } from './assert-ends.ts'

export type OpenLab = {
  readonly lab: Lab
  /** Keeps its state. */
  keep(): Promise<void>
  /** Puts the kept state back. */
  reset(): Promise<void>
}

/** @param dir Where it lives. @throws {Error} With what the command said, where it does not come up. */
export const openLab = async (root: string, dir: string, nodes: number): Promise<OpenLab> => {
  inLab(root, dir, 'up', '--sshd', '--nodes', `${nodes}`)
  const lab = (await ask(join(dir, '.run/lab'), { ask: 'status' })) as Lab // answered by the daemon of this version
  const asked = (request: 'snapshot' | 'restore') => async () =>
    void (await ask(lab.dir, { ask: request, name: 'ready' }))
  return { lab, keep: asked('snapshot'), reset: asked('restore') }
}

/** One of `run lab …`, in the directory of a lab. @throws {Error} With what it said, where it does not end well. */
export const inLab = (root: string, dir: string, ...words: readonly string[]): void =>
  assertEnds([join(root, 'bin/run.js'), 'lab', ...words], dir)
