// A HostShell on this machine: each script by a real `sh`, so that tests see what a node would do.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { Problem } from '../../src/model/problem.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import type { CommandOptions, HostShell } from '../../src/shell/host-shell.ts'

export type LocalShell = HostShell & {
  /** What it was asked, in order. */
  readonly asked: { readonly script: string; readonly options: CommandOptions }[]
}

export const localShell = (): LocalShell => {
  const asked: LocalShell['asked'] = []
  return {
    host: 'node1',
    asked,
    async run(script, options = {}) {
      asked.push({ script, options })
      const ending = [options.signal, options.timeoutMs && AbortSignal.timeout(options.timeoutMs)].filter(it => !!it)
      const child = spawn('sh', ['-c', script], { signal: AbortSignal.any(ending), stdio: 'pipe' })
      const exited = new Promise<number>((resolve, reject) => child.on('close', resolve).on('error', reject))
      child.stdin.on('error', () => {}).end(options.input instanceof Secret ? reveal(options.input) : options.input)
      const [stdout, stderr, exitCode] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        exited.catch(() => {
          const code = options.signal?.aborted ? 'command-interrupted' : 'command-timeout'
          throw new Problem({ code, summary: `\`${script}\` was ended` })
        }),
      ])
      return { exitCode, stdout, stderr }
    },
    follow: () => Promise.reject(new Error('nothing is followed here')),
    terminal: () => Promise.reject(new Error('no terminal here')),
    upload: () => Promise.reject(new Error('no upload here')),
  }
}
