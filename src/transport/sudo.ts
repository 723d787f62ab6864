// Into another user's shell by sudo, with the password on stdin and never on a command line.
import { randomBytes } from 'node:crypto'
import type { Problem, ProblemFields } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import { quote } from '../shell/quote.ts'
import { redact } from '../shell/redact.ts'
import { becomeFailed } from './become-problems.ts'
import { type Door, lastWords } from './door.ts'
import { startingSh } from './login-line.ts'

export type SudoFields = { readonly host: string; readonly user: string; readonly password?: Secret }

/**
 * The way in through sudo.
 *
 * sudo is told its question; some PAM modules put their own there. So a line that is left open, behind the word that
 * is said right before sudo starts, is a question too, in whatever language, when nothing more comes for a while.
 *
 * A door is used once: it remembers that the password was given.
 *
 * @throws {Problem} on its way: `no-sudo`, `sudo-wants-terminal`, `sudo-password-missing`, `sudo-password-wrong`.
 */
export const sudoDoor = ({ host, user, password }: SudoFields): Door => {
  const [start, prompt] = [`start-${randomBytes(12).toString('hex')}`, `sudo-${randomBytes(12).toString('hex')}`]
  let questions = 0
  let lastLine = 0
  const reply = (asked: number): Secret => {
    questions = asked
    if (!password) throw passwordMissing({ host, user })
    if (asked > 1) throw passwordWrong({ host, user })
    return password
  }
  return {
    user,
    knock: script => {
      const sudo = `exec sudo -S -p ${prompt} -u ${quote(user)} -- /bin/sh -c ${quote(script)}`
      return startingSh(`unset LANGUAGE; LC_ALL=C; export LC_ALL; echo ${start} >&2; ${sudo}`)
    },
    answer: said => {
      const asked = said.split(prompt).length - 1
      return asked > questions ? reply(asked) : undefined
    },
    answerQuiet: said => {
      const line = openLine(said, start)
      if (line === undefined || line.text.includes(prompt) || line.number <= lastLine) return undefined
      lastLine = line.number
      return reply(questions + 1)
    },
    shut: (said, exitCode) => {
      const words = said.replaceAll(prompt, '').replaceAll(start, '')
      if (questions > 0 && /incorrect password|no password was provided/i.test(words))
        return passwordWrong({ host, user })
      if (/must have a tty/i.test(words)) return wantsTerminal({ host, user })
      return noSudo(host, {
        summary: `sudo on ${host} does not let in as ${user}`,
        seen: redact(lastWords(words, exitCode), password ? [password] : []),
      })
    },
  }
}

/** The line that was left open, counted from where sudo was started; nothing where there is none. */
const openLine = (said: string, start: string): { readonly number: number; readonly text: string } | undefined => {
  const at = said.search(new RegExp(`^${start}\\r?\\n`, 'm'))
  if (at < 0) return undefined
  const lines = said.slice(at).split('\n').slice(1)
  const text = lines.at(-1) ?? ''
  return text.trim() === '' ? undefined : { number: lines.length, text }
}

type Who = { readonly host: string; readonly user: string }

const noSudo = (host: string, fields: Pick<ProblemFields, 'summary' | 'seen'>): Problem =>
  becomeFailed({
    ...fields,
    // sudo is not there, or starts no shell.
    code: 'no-sudo',
    host,
    wanted: 'sudo that starts `/bin/sh`',
    help: `try it by hand on ${host}: \`sudo -S /bin/sh -c id\`; or log in as the user that the steps need`,
  })

const passwordMissing = ({ host, user }: Who): Problem =>
  becomeFailed({
    code: 'sudo-password-missing',
    summary: `sudo on ${host} wants a password to become ${user}`,
    host,
    help: 'name one in the inventory: `ansible_become_password: { secret: ask }`',
  })

/** Most old systems of Red Hat say so in their sudoers. */
const wantsTerminal = ({ host, user }: Who): Problem =>
  becomeFailed({
    code: 'sudo-wants-terminal',
    summary: `sudo on ${host} lets nobody become ${user} without a terminal`,
    host,
    seen: '`requiretty` in its sudoers',
    help: 'add `Defaults:LOGIN !requiretty` with `visudo` on the node, or set `ansible_become_method: su`',
  })

const passwordWrong = ({ host, user }: Who): Problem =>
  becomeFailed({
    code: 'sudo-password-wrong',
    summary: `sudo on ${host} refused the password to become ${user}`,
    host,
    help: `mend \`ansible_become_password\` in the inventory; where sudoers have \`targetpw\`, as SUSE has them, it is the one of ${user}`,
  })
