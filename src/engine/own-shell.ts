// The shell of a step: as the user, in the environment, and within the time that the playbook says.
import { Problem } from '../model/problem.ts'
import type { OutlineStep } from '../plan/outline.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { quoteWord } from '../shell/quote.ts'
import type { Context } from './context.ts'
import { type TimeLeft, timeFor } from './step-time.ts'

type OnHost = { readonly step: OutlineStep; readonly host: string; readonly context: Context }

/** Whether a step sees its node otherwise than the others do. */
export const hasOwnShell = ({ userOn, environment }: OutlineStep): boolean =>
  userOn !== undefined || environment !== undefined

/** The script as this step has it carried out; as it is where nothing was said. */
export const inOwnWay = ({ step, host, context }: OnHost): ((script: string) => string) => {
  const given = step.environment?.(host, context.registered(host)) ?? {}
  const exports = Object.entries(given).map(([name, value]) => `export ${name}=${quoteWord(value)}\n`)
  const user = step.userOn?.(host)
  return script => `${exports.join('')}${user === undefined ? script : asUser(user, script)}`
}

/** Who is that user already needs nobody's leave. Without `-`, so that the environment stays. */
const asUser = (user: string, script: string): string => {
  const word = quoteWord(user)
  return `if [ "$(id -un)" = ${word} ]; then\n${script}\nelse\n  su -s /bin/sh ${word} -c ${quoteWord(script)}\nfi`
}

/**
 * @param shell Reaches the node anew for each command.
 * @param time What is left of it; counted from now on unless told.
 */
export const ownShell = (shell: HostShell, on: OnHost, time: TimeLeft = timeFor(on)): HostShell => {
  const { step } = on
  if (!hasOwnShell(step) && step.timeoutMs === undefined) return shell
  const dress = inOwnWay(on)
  const limit = (own?: number) => {
    const left = time.left()
    return own === undefined || left === undefined ? (own ?? left) : Math.min(own, left)
  }
  return {
    host: shell.host,
    async run(script, options = {}) {
      const timeoutMs = limit(options.timeoutMs)
      // Others see the node otherwise.
      const { together: _, ...alone } = options
      return shell.run(dress(script), { ...alone, ...(timeoutMs !== undefined && { timeoutMs }) })
    },
    terminal: (command, size) => shell.terminal(dress(command), size),
    follow: script => shell.follow(dress(script)),
    async upload(bytes, path, mode) {
      const user = step.userOn?.(on.host)
      const timeoutMs = time.left()
      if (user === undefined) return shell.upload(bytes, path, mode)
      const script = `umask 077 && cat >${quoteWord(path)} && chmod ${mode} ${quoteWord(path)}`
      const { exitCode, stderr } = await shell.run(dress(script), {
        input: bytes,
        ...(timeoutMs !== undefined && { timeoutMs }),
      })
      if (exitCode !== 0) throw notWritten(path, { host: shell.host, seen: stderr.trim(), user })
    },
  }
}

const notWritten = (path: string, { host, seen, user }: { host: string; seen: string; user: string }): Problem =>
  new Problem({
    code: 'upload-failed',
    summary: `${path} cannot be written on ${host} by ${user}`,
    host,
    seen,
    help: `let ${user} write there, or carry the step out as somebody who may`,
  })
