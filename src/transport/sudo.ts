// Into another user's shell by sudo, with the password on stdin and never on a command line.
import { randomBytes } from 'node:crypto'
import type { Problem, ProblemFields } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import { quote } from '../shell/quote.ts'
import { redact } from '../shell/redact.ts'
import { becomeFailed } from './become-problems.ts'
import { type Door, lastWords } from './door.ts'

export type SudoFields = { readonly host: string; readonly user: string; readonly password?: Secret }

/**
 * The way in through sudo.
 *
 * A door is used once: it remembers that the password was given.
 *
 * @throws {Problem} on its way: `no-sudo`, `sudo-password-missing`, `sudo-password-wrong`.
 */
export const sudoDoor = ({ host, user, password }: SudoFields): Door => {
  const prompt = `sudo-${randomBytes(12).toString('hex')}`
  let wasAsked = 0
  return {
    user,
    knock: script => `exec sudo -S -p ${prompt} -u ${quote(user)} -- /bin/sh -c ${quote(script)}`,
    answer: said => {
      const asked = said.split(prompt).length - 1
      if (asked === wasAsked) return undefined
      wasAsked = asked
      if (!password) throw passwordMissing({ host, user })
      if (asked > 1) throw passwordWrong({ host, user })
      return password
    },
    shut: (said, exitCode) => {
      if (wasAsked > 0 && /incorrect password|no password was provided/i.test(said))
        return passwordWrong({ host, user })
      return noSudo(host, {
        summary: `sudo on ${host} does not let in as ${user}`,
        seen: redact(lastWords(said.replaceAll(prompt, ''), exitCode), password ? [password] : []),
      })
    },
  }
}

type Who = { readonly host: string; readonly user: string }

const noSudo = (host: string, fields: Pick<ProblemFields, 'summary' | 'seen'>): Problem =>
  becomeFailed({
    ...fields,
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

const passwordWrong = ({ host, user }: Who): Problem =>
  becomeFailed({
    code: 'sudo-password-wrong',
    summary: `sudo on ${host} refused the password to become ${user}`,
    host,
    help: 'mend `ansible_become_password` in the inventory',
  })
