// Scripts of our own on this machine, by the same `sh` that a node has: a lock here is the lock that lies there.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { reveal, Secret } from '../model/secret.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { quoteWord } from '../shell/quote.ts'
import { controllerHome } from '../task/resource.ts'

/** Carries out a script that ends soon by itself: nothing here ends it before. */
export const runLocally: HostShell['run'] = async (script, { input } = {}) => {
  // A session of its own: Ctrl-C at the terminal is for the run, which then gives back what it has.
  const child = spawn('/bin/sh', ['-c', script], { stdio: 'pipe', detached: true })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', code => resolve(code ?? 137))
  })
  child.stdin.on('error', () => {}).end(input instanceof Secret ? reveal(input) : input)
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { stdout, stderr, exitCode }
}

/** This machine as steps reach it that keep something here, in the folder where the user stands: by commands alone. */
export const localShell = (cwd: string): HostShell => ({
  host: controllerHome,
  run: (script, options) => runLocally(`cd ${quoteWord(cwd)} || exit\n${script}`, options),
  terminal: never,
  follow: never,
  upload: never,
})

const never = (): never => {
  throw new Error('on the controller steps have commands alone')
}
